#!/usr/bin/env bash
# The demo as a person meets it: it starts, trades, survives what is done to it,
# obeys, and stops.
set -euo pipefail
exec python3 "$(cd "$(dirname "$0")" && pwd)/demo.py"

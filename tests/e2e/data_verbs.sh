#!/usr/bin/env bash
# qalpha data against a web server on this machine that has the layout of the
# public archive, and the faults of a bad day.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/data_verbs.py"

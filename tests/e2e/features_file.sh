#!/usr/bin/env bash
# A strategy whose features come from a file of `qalpha features` makes the same
# run, to the hash, as one that computes them, in both engines.
set -euo pipefail
exec python3 "$(cd "$(dirname "$0")" && pwd)/features_file.py"

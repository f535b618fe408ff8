#!/usr/bin/env bash
# Kills the demo at random instants and starts it again: nothing may be lost or
# doubled, and the venue's own books must equal ours every time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec python3 "$here/kill_and_resume.py" "${KILLS:-50}" "${KILL_SEED:-1}"

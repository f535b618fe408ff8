#!/usr/bin/env bash
# Trains small models: killed and resumed, stopped and resumed, in two processes,
# and with what is wrong.
set -euo pipefail
bin=${QALPHA_BIN:?}
if [[ ! -x "$(dirname "$bin")/qalpha-neural" ]]; then
  echo "skipped: built without LibTorch"
  exit 0
fi
exec python3 "$(dirname "${BASH_SOURCE[0]}")/train.py" "$bin"

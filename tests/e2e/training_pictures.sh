#!/usr/bin/env bash
# What trainings draw: for TensorBoard, read by other code than ours, and as files.
set -euo pipefail
bin=${QALPHA_BIN:?}
if [[ ! -x "$(dirname "$bin")/qalpha-neural" ]]; then
  echo "skipped: built without LibTorch"
  exit 0
fi
if ! /usr/bin/python3 -c 'import google.protobuf' 2>/dev/null; then
  echo "skipped: python3-protobuf is missing"
  exit 0
fi
exec /usr/bin/python3 "$(dirname "${BASH_SOURCE[0]}")/training_pictures.py" "$bin"

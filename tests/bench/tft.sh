#!/usr/bin/env bash
# The temporal fusion transformer beside PyTorch, TorchScript and ONNX Runtime
# with the same weights in the same run, one thread. Installs the peers with apt
# and npm, builds bench_tft and runs it. BUILD sets the build directory.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/release}

/usr/bin/python3 -c 'import torch' 2>/dev/null ||
  apt-get install -y -q --no-install-recommends python3-torch
peer=$build/peers/onnxruntime
if [[ ! -d $peer/node_modules/onnxruntime-node ]]; then
  mkdir -p "$peer"
  cp "$here"/peers/onnxruntime/package*.json "$here/peers/onnxruntime/tft.mjs" \
    "$peer"
  (cd "$peer" && npm ci --silent --ignore-scripts) ||
    echo "ONNX Runtime cannot be installed and is left out"
fi

cd "$root"
cmake -B "$build" >/dev/null
cmake --build "$build" --target bench_tft >/dev/null
date -u +%F
grep -m1 'model name' /proc/cpuinfo
echo "tests/bench/tft.sh, load $(cut -d' ' -f1 /proc/loadavg)"
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
exec /usr/bin/python3 "$here/tft.py" "$build/tests/bench/bench_tft" \
  "$peer/tft.mjs"

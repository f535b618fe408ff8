#!/usr/bin/env bash
# A decision transformer beside PyTorch in the same run, one thread. Build
# bench_decision_transformer first; installs the peer with apt.
set -euo pipefail
/usr/bin/python3 -c 'import torch' 2>/dev/null \
  || apt-get install -y -q --no-install-recommends python3-torch
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
exec /usr/bin/python3 \
  "$(cd "$(dirname "$0")" && pwd)/peers/decision_transformer.py"

#!/usr/bin/env bash
# Wavelet denoising beside PyWavelets in the same run. Build bench_wavelet first;
# installs the peer with apt.
set -euo pipefail
/usr/bin/python3 -c 'import pywt' 2>/dev/null \
  || apt-get install -y -q --no-install-recommends python3-pywt
export OPENBLAS_NUM_THREADS=1
exec /usr/bin/python3 "$(cd "$(dirname "$0")" && pwd)/wavelet.py"

#!/usr/bin/env bash
# Fractional differencing and the unit root test beside SciPy and statsmodels in
# the same run. Build bench_fracdiff first; installs the peers with apt.
set -euo pipefail
/usr/bin/python3 -c 'import scipy, statsmodels' 2>/dev/null \
  || apt-get install -y -q --no-install-recommends python3-scipy \
    python3-statsmodels
export OPENBLAS_NUM_THREADS=1
exec /usr/bin/python3 "$(cd "$(dirname "$0")" && pwd)/fracdiff.py"

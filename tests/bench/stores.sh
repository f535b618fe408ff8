#!/usr/bin/env bash
# Rates of the stores against real servers, and of their peers in the same run:
# redis-benchmark -P 100, and COPY FROM a file on the server. Build bench_stores
# first. ROWS sets the number of rows (300000).
set -euo pipefail
exec python3 "$(cd "$(dirname "$0")" && pwd)/stores.py" "${ROWS:-300000}"

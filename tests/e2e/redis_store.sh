#!/usr/bin/env bash
# A real Redis is restarted, killed, frozen and taken away while entries are
# produced by a process that is killed too: none may be lost, doubled or out of
# order. AWAY sets how many seconds the server is away (3; the promise is 30).
set -euo pipefail
exec python3 "$(cd "$(dirname "$0")" && pwd)/redis_store.py" "${AWAY:-3}"

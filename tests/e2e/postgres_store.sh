#!/usr/bin/env bash
# A real PostgreSQL is restarted, killed, frozen, locked, made read-only and taken
# away while rows are produced by a process that is killed too: none may be lost
# or doubled. AWAY sets how many seconds the server is away (3; the promise is
# 30).
set -euo pipefail
exec python3 "$(cd "$(dirname "$0")" && pwd)/postgres_store.py" "${AWAY:-3}"

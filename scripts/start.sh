#!/usr/bin/env bash
# From a fresh clone to a running node: installs what is missing, builds, runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: scripts/start.sh [CONFIG] [OPTION]...

Sets up, builds and runs a node: the demo without a configuration. Arguments go
to `qalpha run`; relative paths start at the root of the repository. Stop it
with Ctrl-C, or from elsewhere with scripts/stop.sh.

  scripts/start.sh                       the demo: no keys, no network
  scripts/start.sh configs/paper.json    a node with this configuration
TEXT
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
esac

scripts/setup.sh
mkdir -p build
cmake --preset release >build/configure.log 2>&1 || {
  cat build/configure.log >&2
  exit 1
}
cmake --build --preset release --parallel "$(nproc)" --target qalpha
exec build/release/qalpha run "$@"

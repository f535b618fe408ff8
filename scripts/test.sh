#!/usr/bin/env bash
# Builds everything and runs all tests; ctest's summary comes last.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [--preset release|debug|asan|gcc] [CTEST OPTION]...

  scripts/test.sh                    everything, optimised build
  scripts/test.sh --preset asan      the same with the sanitizers
  scripts/test.sh -R models.risk     one test program
  scripts/test.sh -L lint            one label: unit, e2e, lint, or a floor
TEXT
}

preset=release
case "${1:-}" in
  -h | --help) usage; exit 0 ;;
  --preset)
    preset=${2:-}
    shift 2 || { usage >&2; exit 2; }
    ;;
  --preset=*)
    preset=${1#--preset=}
    shift
    ;;
esac
case "$preset" in
  release | debug | asan | gcc) ;;
  *) usage >&2; exit 2 ;;
esac

scripts/setup.sh --tests
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(nproc)"
exec ctest --preset "$preset" "$@"

#!/usr/bin/env bash
# Refuses what the house does not allow and no compiler notices, and checks the
# formatting of tracked sources.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'TEXT'
usage: scripts/lint.sh [DIR]

Checks DIR (default: this repository): the rules below, then clang-format. Ends
with 1 when something is refused. Comments and texts in quotes do not count. A
line is let through by a comment on it, or on the line above, with its reason:

  // lint: allow(<rule>) <reason>

Rules:
TEXT
  python3 "$here/lint.py" --rules
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
  -*) usage >&2; exit 2 ;;
esac
root=$(cd "${1:-$here/..}" && pwd)

result=0
python3 "$here/lint.py" "$root" || result=1

# The formatter follows the tracked sources only: a file that is being written
# is formatted when it is committed.
if command -v clang-format >/dev/null && [[ -e $root/.git ]]; then
  mapfile -d '' -t sources < <(
    git -C "$root" ls-files -z --cached -- '*.hpp' '*.cpp'
  )
  existing=()
  for source in "${sources[@]}"; do
    [[ ! -f $root/$source ]] || existing+=("$source")
  done
  if ((${#existing[@]})); then
    (cd "$root" && clang-format --dry-run -Werror "${existing[@]}") || {
      echo "lint: run clang-format -i on these files" >&2
      result=1
    }
  fi
fi
exit "$result"

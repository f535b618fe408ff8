#!/usr/bin/env bash
# The tree obeys the rules of the house.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lint.sh"

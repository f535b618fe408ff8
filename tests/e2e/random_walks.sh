#!/usr/bin/env bash
# A study finds nothing where there is nothing: forecasts, trades and statistics
# on forty random walks, of which at most 5 % may look like a finding.
#
#   QALPHA_BIN=build/release/qalpha tests/e2e/random_walks.sh
#
# With a study file of another model as argument it tries that one, for example
# configs/study-random-walk-tft.json, which trains 160 models.
set -euo pipefail
bin=${QALPHA_BIN:?}
study=${1:-configs/study-random-walk.json}

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

"$bin" study "$study" --random-walks 40 \
  || fail "more than 5 % of the random walks look like a finding"

# -- bad input ----------------------------------------------------------------------
code=0
"$bin" study /no/such/study.json 2>/dev/null || code=$?
[[ $code == 3 ]] || fail "a missing file ends with $code"

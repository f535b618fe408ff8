#!/usr/bin/env bash
# A venue that is down (in the demo from second 420 to 435) is waited for: by a
# node that stops, until its orders are gone, and by one that starts.
set -euo pipefail
qalpha="${QALPHA_BIN:?}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

play() {
  local code=0
  "$qalpha" run --run "$work/run" --seed 11 --strategy sma_cross \
    --param fast=2 --param slow=4 --set execution.maker_timeout=60s "$@" \
    >"$work/log" 2>&1 || code=$?
  if [ "$code" != 0 ] || ! grep -q "ledgers equal to the venue's" "$work/log"
  then
    echo "run $* ended with $code:" >&2
    cat "$work/log" >&2
    exit 1
  fi
}

play --speed max --for 421s
grep -q "ended cleanly" "$work/log"

# Killed some seconds into the outage, a run comes back in it. The instant is
# not exact: on a slow machine it is before, which is as good.
rm -rf "$work/run"
play --speed max --for 418s
timeout -s KILL 1.5 "$qalpha" run --run "$work/run" --seed 11 \
  --strategy sma_cross --param fast=2 --param slow=4 \
  --set execution.maker_timeout=60s --speed 5 >"$work/killed" 2>&1 || :
play --speed max --for 60s
grep -q "trading is active" "$work/log"
echo "venue_outage: passed"

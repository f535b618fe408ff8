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

play --for 421s
grep -q "ended cleanly" "$work/log"

# The next run begins in the outage: killed there, it comes back in it.
rm -rf "$work/run"
play --for 400s
(
  exec "$qalpha" run --run "$work/run" --seed 11 --strategy sma_cross \
    --param fast=2 --param slow=4 --set execution.maker_timeout=60s \
    --speed 20 >"$work/killed" 2>&1
) &
node=$!
until grep -q "00:07:0[1-9].*EQUITY" "$work/killed"; do
  kill -0 "$node"
  read -r -t 0.02 <> <(:) || :
done
kill -9 "$node"
wait "$node" 2>/dev/null || :
play --for 60s
echo "venue_outage: passed"

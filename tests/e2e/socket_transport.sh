#!/usr/bin/env bash
# The demo over sockets, through the collector of a real venue, decides what the
# demo in memory decides: from the start, on threads, and after a kill -9.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=${QALPHA_BIN:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# run TRANSPORT OPTIONS...: its summary is in $work/TRANSPORT.json
run() {
  local transport=$1
  shift
  "$bin" run --json --set demo.transport="$transport" "$@" >"$work/$transport.json" \
    || fail "$transport $*: exit $?"
}

same() {
  local memory socket
  memory=$(field run_hash <"$work/memory.json")
  socket=$(field run_hash <"$work/socket.json")
  [[ $memory == "$socket" ]] || fail "$1: memory $memory, socket $socket"
}

# -- from the start: a frozen feed, an outage, a crash -------------------------------
for seed in 1 2 3; do
  for transport in memory socket; do
    run $transport --run "$work/$transport$seed" --seed $seed --speed max --for 13m \
      --strategy sma_cross --param fast=2 --param slow=4
  done
  same "seed $seed"
  [[ $(field fills <"$work/socket.json") -gt 20 ]] || fail "seed $seed: hardly a fill"
done

# -- on threads ------------------------------------------------------------------------
run memory --run "$work/virtual" --symbol BTCUSDT --speed max --for 2m
run socket --run "$work/threads" --symbol BTCUSDT --speed 60 --for 2m
if [[ $(field late_frames <"$work/socket.json") == 0 ]]; then
  same "threads"
else
  echo "the machine stalled for 250 ms; threads are not comparable, skipped"
fi

# -- what is recorded is what was decided on --------------------------------------------
run socket --run "$work/recorded" --seed 4 --speed max --for 5m --record
"$bin" run --seed 4 --json --replay "$work/recorded/recording" >"$work/memory.json"
same "replay"

# -- after a kill ------------------------------------------------------------------------
for killed in memory socket; do
  coproc node { exec "$bin" run --run "$work/$killed-killed" --seed 11 --speed 100 \
    --strategy sma_cross --param fast=2 --param slow=4 \
    --set demo.transport=$killed 2>&1; }
  pid=$node_PID
  fills=0
  while [[ $fills -lt 6 ]] && read -r line; do
    [[ $line != *" FILL "* ]] || fills=$((fills + 1))
  done <&"${node[0]}"
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  [[ $fills == 6 ]] || fail "$killed: $fills fills before the end"
  for transport in memory socket; do
    cp -r "$work/$killed-killed" "$work/$killed-$transport"
    run $transport --run "$work/$killed-$transport" --seed 11 --speed max --for 8m \
      --strategy sma_cross --param fast=2 --param slow=4
    [[ $(field ledgers_equal <"$work/$transport.json") == True ]] \
      || fail "$transport: the ledgers differ"
  done
  same "resumed after a kill of $killed"
  [[ $(field fills <"$work/socket.json") -gt 0 ]] || fail "no fill after the kill"
done
python3 "$here/kill_and_resume.py" "${KILLS:-5}" "${KILL_SEED:-1}" \
  --set demo.transport=socket

# -- other words -------------------------------------------------------------------------
if "$bin" check --set demo.transport=sockets >"$work/out" 2>&1; then
  fail "an unknown transport was accepted"
fi
grep -q 'demo.transport: expected one of "memory", "socket"' "$work/out" \
  || fail "an unknown transport is not named: $(cat "$work/out")"
echo "the same over sockets"

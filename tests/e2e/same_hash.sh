#!/usr/bin/env bash
# Equal runs have equal hashes: twenty times the same seed on virtual time, a run
# on threads against the replay of its recording, and both engines on real bars.
set -euo pipefail
bin=${QALPHA_BIN:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# -- the same seed, twenty times -------------------------------------------------
first=""
for i in $(seq 20); do
  hash=$("$bin" run --run "$work/seed$i" --seed 5 --speed max --for 10m --json | field run_hash)
  first=${first:-$hash}
  [[ $hash == "$first" ]] || fail "run $i has hash $hash, the first had $first"
done
other=$("$bin" run --run "$work/other" --seed 6 --speed max --for 10m --json | field run_hash)
[[ $other != "$first" ]] || fail "another seed has the same hash"

# -- threads against the replay of their recording ---------------------------------
for seed in 1 2 3; do
  "$bin" run --run "$work/live$seed" --seed $seed --symbol BTCUSDT --speed 400 \
    --for 10m --record --json >"$work/live.json"
  "$bin" run --seed $seed --symbol BTCUSDT --json \
    --replay "$work/live$seed/recording" >"$work/replay.json"
  live=$(field run_hash <"$work/live.json")
  replay=$(field run_hash <"$work/replay.json")
  [[ $(field late_frames <"$work/live.json") == 0 ]] || {
    echo "seed $seed: the machine stalled for 250 ms; not comparable, skipped"
    continue
  }
  [[ $(field fills <"$work/live.json") -gt 0 ]] || fail "seed $seed: no fill"
  [[ $live == "$replay" ]] || fail "seed $seed: live $live, replay $replay"
done

# -- a strategy on what is known around a bar, on threads and again -----------------
momentum=(--seed 4 --symbol BTCUSDT --strategy order_flow_momentum --param entry=1
  --set feed.bar_interval=5s --json)
"$bin" run --run "$work/momentum" "${momentum[@]}" --speed 400 --for 10m --record \
  >"$work/live.json"
"$bin" run "${momentum[@]}" --replay "$work/momentum/recording" >"$work/replay.json"
if [[ $(field late_frames <"$work/live.json") == 0 ]]; then
  [[ $(field fills <"$work/live.json") -gt 0 ]] || fail "order flow: no fill"
  [[ $(field run_hash <"$work/live.json") == "$(field run_hash <"$work/replay.json")" ]] \
    || fail "order flow: live and replay differ"
else
  echo "order flow: the machine stalled for 250 ms; not comparable, skipped"
fi

# -- both engines on real bars -------------------------------------------------------
data=${QALPHA_DATA:-}/history/binance_usdm_1h
if [[ ! -f $data/BTCUSDT_1h.csv.gz ]]; then
  echo "no market data in QALPHA_DATA: engines were not compared on real bars"
  exit 0
fi
for strategy in sma_cross donchian_breakout bollinger_reversion buy_and_hold; do
  for engine in fused actors; do
    "$bin" backtest configs/backtest-btc-1h.json --data "$data/BTCUSDT_1h.csv.gz" \
      --strategy $strategy --engine $engine --json >"$work/$engine.json"
  done
  [[ $(field run_hash <"$work/fused.json") == "$(field run_hash <"$work/actors.json")" ]] \
    || fail "$strategy: the engines differ"
  [[ $(field trades <"$work/fused.json") -gt 0 || $strategy == buy_and_hold ]] \
    || fail "$strategy: no trade"
done
for engine in fused actors; do
  "$bin" backtest configs/backtest-16-1h.json --set data.directory="$data" \
    --engine $engine --json >"$work/$engine.json"
done
[[ $(field run_hash <"$work/fused.json") == "$(field run_hash <"$work/actors.json")" ]] \
  || fail "16 symbols: the engines differ"
echo "all hashes equal"

#!/usr/bin/env bash
# Models trained on the demo market trade it: with real answers, shown by why, the
# same on threads, in replays, in both engines and after a kill; what is wrong with a
# model is refused before anything trades.
set -euo pipefail
bin=${QALPHA_BIN:?}
if [[ ! -x "$(dirname "$bin")/qalpha-neural" ]]; then
  echo "skipped: built without LibTorch"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

refused() { # CODE TEXT ARGUMENT...
  local code=$1 text=$2 found=0
  shift 2
  "$bin" "$@" >"$work/out" 2>"$work/err" || found=$?
  [[ $found == "$code" ]] || fail "$*: exit $found, expected $code: $(cat "$work/err")"
  grep -qF -- "$text" "$work/err" || fail "$*: said $(cat "$work/err"), expected $text"
}

# -- trained, twice the same -------------------------------------------------------
QALPHA_BIN=$bin scripts/train-demo.sh --models "$work/models" --work "$work/train" \
  --for 6h >"$work/train.log" 2>&1 \
  || fail "train-demo.sh: $(tail -n 5 "$work/train.log")"
weights() { sha256sum <"$work/models/$1/$2/model.safetensors"; }
"$bin" train tft "$work/train/train-demo.json" --seed 1 --models "$work/models" \
  --out "$work/again" --json >/dev/null 2>&1
[[ $(weights demo-forecaster 1) == "$(weights demo-forecaster 2)" ]] \
  || fail "the same seed made other weights"

# -- the demo trades on real answers -----------------------------------------------
demo=(configs/demo-trinity.json --set "models.directory=$work/models" --json)
"$bin" run "${demo[@]}" --set "run_dir=$work/live" --speed 60 --for 15m --record >"$work/live.json"
[[ $(field fills <"$work/live.json") -gt 0 ]] || fail "no fill in fifteen minutes"
[[ $(field ledgers_equal <"$work/live.json") == True ]] || fail "the ledgers differ"
for symbol in BTCUSDT ETHUSDT SOLUSDT; do
  "$bin" why "$symbol" --run "$work/live" || true
done >"$work/why" 2>&1
for text in "trinity: in 12 bars q10" "Kelly" "policy" " size " " stop " " take profit " "; by "; do
  grep -qF -- "$text" "$work/why" || fail "why does not show \"$text\""
done
"$bin" run "${demo[@]}" --set "run_dir=$work/replay" --replay "$work/live/recording" >"$work/replay.json"
if [[ $(field late_frames <"$work/live.json") == 0 ]]; then
  [[ $(field run_hash <"$work/live.json") == "$(field run_hash <"$work/replay.json")" ]] \
    || fail "live and replay differ: $(cat "$work/live.json" "$work/replay.json")"
else
  echo "the machine stalled for 250 ms; not comparable, skipped"
fi

# -- killed: the last hundred answers again, to the bit --------------------------------
said="$work/killed/predictions.jsonl"
"$bin" run "${demo[@]}" --set "run_dir=$work/killed" --speed 120 --record >/dev/null 2>&1 &
node=$!
timeout 60 tail -n +1 -s 0.1 -F "$said" 2>/dev/null | awk 'NR >= 600 { exit }' || true
kill -9 $node
wait $node 2>/dev/null || true
"$bin" run "${demo[@]}" --set "run_dir=$work/again" --replay "$work/killed/recording" \
  --predictions "$work/again.jsonl" >/dev/null
python3 tests/e2e/predictions.py equal "$said" "$work/again.jsonl" 100
# A resumed run is given the bars that it missed at a gap, and averages among the
# features remember how they began: almost the same.
"$bin" run "${demo[@]}" --set "run_dir=$work/killed" --speed max --for 4m >"$work/resumed.json"
[[ $(field ledgers_equal <"$work/resumed.json") == True ]] || fail "the ledgers differ after a kill"
"$bin" run "${demo[@]}" --set "run_dir=$work/whole" --speed max --for 20m >/dev/null
python3 tests/e2e/predictions.py near "$work/whole/predictions.jsonl" "$said" 100

# -- both engines on the same history ------------------------------------------------
"$bin" data demo --seed 77 --for 2h --out "$work/history" >/dev/null
for engine in fused actors; do
  "$bin" backtest configs/demo-trinity.json --set "models.directory=$work/models" \
    --symbol ETHUSDT --data "$work/history/ETHUSDT.csv.gz" --engine $engine --json >"$work/$engine.json"
done
[[ $(field run_hash <"$work/fused.json") == "$(field run_hash <"$work/actors.json")" ]] \
  || fail "the engines differ"

# -- what is wrong is refused ----------------------------------------------------------
refused 78 'models.forecaster: strategy trinity needs a model' \
  run --set strategy.name=trinity --run "$work/none" --fresh
refused 78 'models.directory: ' run configs/demo-trinity.json \
  --set "models.directory=$work/nowhere" --set "run_dir=$work/none"
refused 78 'feed.bar_interval is' run configs/demo-trinity.json --set feed.bar_interval=1m \
  --set "models.directory=$work/models" --set "run_dir=$work/none"
refused 78 'is a decision-transformer' run configs/demo-trinity.json \
  --set models.forecaster=demo-policy@1 --set "models.directory=$work/models" \
  --set "run_dir=$work/none"
refused 2 '--predictions: expected --replay' run "${demo[@]}" --predictions "$work/none"
refused 78 'GFLOP/s, expected at least 10000' run configs/paper-binance.json \
  --set models.forecaster=live --set "models.directory=$work/models" \
  --set models.blas_minimum_gflops=10000 --set "run_dir=$work/none"
python3 - "$work/models/demo-forecaster/1/model.safetensors" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(-1, 2)
    last = file.read(1)
    file.seek(-1, 2)
    file.write(bytes([last[0] ^ 1]))
PY
refused 78 'models.forecaster: ' run configs/demo-trinity.json \
  --set "models.directory=$work/models" --set "run_dir=$work/none"
echo "models trade, explain themselves and are refused when damaged"

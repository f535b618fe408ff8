#!/usr/bin/env bash
# Trains small models on the demo market, stores and promotes them. The same
# options give the same weights on the same machine.
#
#   scripts/train-demo.sh && build/release/qalpha run configs/demo-trinity.json
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: scripts/train-demo.sh [--models DIR] [--seed N] [--for LENGTH] [--work DIR]

  --models DIR   store of trained models (default: checkpoints)
  --seed N       seed of weights and order (default: 1)
  --for LENGTH   history to train on (default: 1d), of a seed that no demo has
  --work DIR     history, states and results (default: run/train-demo)
TEXT
}

models=checkpoints
seed=1
length=1d
work=run/train-demo
while (($#)); do
  case "$1" in
    --models) models=$2; shift ;;
    --seed) seed=$2; shift ;;
    --for) length=$2; shift ;;
    --work) work=$2; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

qalpha=${QALPHA_BIN:-build/release/qalpha}
mkdir -p "$work"
cp configs/train-demo.json "$work/train-demo.json"
"$qalpha" data demo --seed 1000001 --for "$length" --out "$work/history"
for model in tft regime decision-transformer; do
  rm -rf "${work:?}/$model"
  "$qalpha" train "$model" "$work/train-demo.json" --seed "$seed" \
    --models "$models" --out "$work/$model" --json | tee "$work/$model.json"
done
for id in demo-forecaster demo-regimes demo-policy; do
  newest=$(ls "$models/$id" | sort -n | tail -n 1)
  "$qalpha" models promote "$id" "$newest" --dir "$models" \
    --why "trained by scripts/train-demo.sh, seed $seed"
done

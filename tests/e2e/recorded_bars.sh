#!/usr/bin/env bash
# A recording makes the rows that its messages add up to, one by one, and
# features from it are those from its rows.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
qalpha="${QALPHA_BIN:?}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for seed in 1 2; do
  python3 "$here/recorded_bars.py" --make "$work/session.$seed" "$seed"
  python3 "$here/recorded_bars.py" "$qalpha" "$work/session.$seed" 1000
done

session="$work/session.1"
"$qalpha" data bars "$session" --interval 1s --out "$work/bars.csv.gz"
spec='order_flow_levels,order_flow_weighted,order_flow_traded,micro_price'
spec+=',effective_spread,realised_spread,vpin:30:10,flow_impact:20'
"$qalpha" features "$work/bars.csv.gz" --spec "$spec" >"$work/of_bars.csv"
"$qalpha" features "$session" --interval 1s --spec "$spec" >"$work/own.csv"
cmp "$work/of_bars.csv" "$work/own.csv"
[ "$(wc -l <"$work/own.csv")" -gt 80 ]

# What is fitted is a spec.
"$qalpha" features "$session" --interval 1s \
  --fit micro_price,order_flow_integrated --out "$work/fitted.json"
"$qalpha" features "$session" --interval 1s --spec "$work/fitted.json" \
  >"$work/fitted.csv"
head -1 "$work/fitted.csv" | grep -q order_flow_integrated
awk -F, 'NR > 20 && $2 == "" { exit 1 }' "$work/fitted.csv"

# Errors name what was expected.
expect() {
  local code="$1" text="$2" got=0
  shift 2
  "$@" >/dev/null 2>"$work/errors" || got=$?
  if [ "$got" != "$code" ] || ! grep -qF -e "$text" "$work/errors"; then
    echo "expected $code and \"$text\", found $got: $(cat "$work/errors")" >&2
    exit 1
  fi
}
expect 3 'expected one of BTCUSDT, found ETHUSDT' \
  "$qalpha" data bars "$session" --symbol ETHUSDT --out "$work/x.csv"
expect 3 'no' "$qalpha" data bars "$work/absent" --out "$work/x.csv"
expect 2 '--interval: expected a positive time' \
  "$qalpha" data bars "$session" --interval 0 --out "$work/x.csv"
expect 8 'expected at least one whole bar' \
  "$qalpha" data bars "$session" --interval 1h --out "$work/x.csv"
expect 2 '--fit: expected micro_price or order_flow_integrated, found' \
  "$qalpha" features "$session" --fit sma
expect 8 'expected a recording of books' \
  "$qalpha" features "$work/bars.csv.gz" --fit micro_price
expect 2 '--symbol: expected a recording' \
  "$qalpha" features "$work/bars.csv.gz" --spec sma --symbol BTCUSDT
[ ! -e "$work/x.csv" ]

if [ -n "${QALPHA_DATA:-}" ] && [ -d "$QALPHA_DATA/recorded" ]; then
  real="$QALPHA_DATA/recorded/binance_usdm"
  python3 "$here/recorded_bars.py" "$qalpha" "$real/btcusdt_20240808.gz" 5000
  expect 8 'expected messages of Binance USD' "$qalpha" data bars \
    "$real/negative_spot_ethusdt_20240808.gz" --interval 5s --out "$work/x.csv"
else
  echo "no recorded market data here: real sessions are skipped"
fi

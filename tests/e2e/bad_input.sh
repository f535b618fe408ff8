#!/usr/bin/env bash
# Bad input ends in one clear line and the right exit code, never in a crash:
# 78 for a configuration, 2 for a command line, 3 for what does not exist, 8 for
# data that cannot be trusted.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
qalpha=${QALPHA_BIN:-$root/build/release/qalpha}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failed=0

# expects CODE TEXT COMMAND...: the command ends with CODE and says TEXT.
expects() {
  local expected=$1 text=$2 code=0
  shift 2
  "$qalpha" "$@" >out 2>&1 </dev/null || code=$?
  if ((code != expected)) || ! grep -qF -- "$text" out; then
    echo "FAILED: qalpha $*: exit $code, expected $expected and \"$text\":"
    head -n 5 out
    failed=1
  fi
}

# refuses TEXT JSON: the configuration is refused in exactly one line with TEXT.
refuses() {
  printf '%s' "$2" >x.json
  expects 78 "$1" check x.json
  if (($(wc -l <out) != 1)); then
    echo "FAILED: expected one line for $2:"
    cat out
    failed=1
  fi
}

# -- the command line ------------------------------------------------------------

expects 0 "qalpha 0." --version
expects 0 "check" --help
expects 0 "Example:" check --help
expects 0 "Example:" features --help
expects 2 "did you mean check?" chekc
expects 2 "" # no verb
expects 2 "--shwo" check --shwo
expects 2 "--set" check --set

# -- configurations --------------------------------------------------------------

echo '{}' >empty.json
expects 0 "empty.json: ok" check empty.json
expects 0 '"ok": true' check empty.json --json
expects 0 "risk.max_orders = 5" check --show --set risk.max_orders=5
expects 0 '"$schema"' check --schema
for config in "$root"/configs/*.json; do
  case "${config##*/}" in
    train-* | study-*) continue ;; # of other verbs
  esac
  expects 0 ": ok" check "$config"
done

refuses "x.json: risk.max_ordres: unknown key, did you mean max_orders?" \
  '{"risk": {"max_ordres": 5}}'
refuses "x.json:1:10: syntax: " '{"seed": }'
refuses "duplicate key" '{"seed": 1, "seed": 2}'
refuses "expected money with its unit" '{"account": {"cash": 10000}}'
refuses "expected a time with its unit" '{"feed": {"stale_after": 2}}'
refuses "expected a share with its unit" '{"risk": {"price_collar": 0.02}}'
refuses "not in this version" '{"mode": "live"}'
refuses "needs leverage 4" '{"sizing": {"allocation": "400 %"}}'
refuses "did you mean \"sma_cross\"?" '{"strategy": {"name": "sma_corss"}}'
refuses "needs a data file" '{"mode": "backtest"}'
refuses "expected a positive decimal number" \
  '{"symbols": [{"name": "A", "tick": "0", "lot": "1"}]}'
refuses "syntax" '{"speed": NaN}'
refuses "syntax" ''
refuses "32 levels" "$(printf '[%.0s' {1..5000})"
head -c 2000000 /dev/zero | tr '\0' ' ' >x.json
expects 78 "1 MiB" check x.json
head -c 5000 /dev/urandom >x.json
expects 78 "x.json" check x.json
expects 78 "no such file" check missing.json
expects 78 "x: expected a regular file" check "$(mkdir x && echo x)"
expects 78 '"ok": false' check x --json
QALPHA__RISK__MAX_ORDRES=5 expects 78 "QALPHA__RISK__MAX_ORDRES" check
expects 78 "command line: --set seed=x" check --set seed=x

# -- data ------------------------------------------------------------------------

printf '%s\n' timestamp,open,high,low,close,volume \
  1603440000000,10,11,9,10,1 1603443600000,10,11,9,10,1 >good.csv
expects 0 "sma_2" features good.csv --spec sma:2
expects 0 "good.csv: 2 bars of 1h" features good.csv --spec sma:2 --out f.csv
expects 0 "1603443600000,10,11," features good.csv --spec \
  '{"features": [{"feature": "sma", "period": 2}, {"feature": "sma", "period": 1, "of": "high"}, {"feature": "sma", "name": "x", "of": "sma_2"}]}'
expects 0 "none looks ahead" features good.csv --spec sma:2 --check-lookahead
expects 0 "sma_2" features good.csv --spec sma:2 --check-lookahead --json
expects 0 "example: --spec sma:20" features --list
expects 0 '"example": "sma:20"' features --list --json
expects 3 "no such file" backtest --symbol BTCUSDT --data BTCUSDT=missing.csv
expects 3 "no such file" features missing.csv --spec sma:2
expects 2 'did you mean "sma"?' features good.csv --spec smaa:2
expects 2 'features[0]: period must be 1 to 100000, was 0' \
  features good.csv --spec sma:0
expects 2 'features[0]: parameter "perod" is not known, did you mean "period"?' \
  features good.csv --spec '{"features": [{"feature": "sma", "perod": 2}]}'
expects 2 'none.json: cannot be read' features good.csv --spec none.json
expects 8 'expected the columns funding_rate' features good.csv \
  --spec '{"features": [{"feature": "sma", "of": "funding_rate"}]}'
expects 8 "expected bars of 1m, found rows 1h apart" \
  features good.csv --spec sma:2 --interval 1m
expects 2 "expected FILE and --spec" features good.csv
expects 2 "other than the input" features good.csv --spec sma:2 --out good.csv
{ cat good.csv && echo 1603447200000,10,11,9,nan,1; } >bad.csv
# A value that is none leaves the cells empty that would depend on it.
expects 0 "1603447200000," features bad.csv --spec sma:2
{ cat good.csv && echo 1603447200000,10,11,9,ten,1; } >worse.csv
expects 8 'worse.csv: row 4, column close: expected a number or nothing, found "ten"' \
  features worse.csv --spec sma:2
{ cat good.csv && echo 1603443600000,10,11,9,10,1; } >twice.csv
expects 8 'row 4, column timestamp: expected a time after 2020-10-23 09:00 UTC, found the same time again' \
  features twice.csv --spec sma:2
gzip -c good.csv | head -c 40 >cut.csv.gz
expects 8 "truncated" features cut.csv.gz --spec sma:2
: >nothing.csv
expects 8 "expected rows of bars, found none" features nothing.csv --spec sma:2

expects 8 "not_a_number" data verify bad.csv
expects 8 "truncated" data verify cut.csv.gz
expects 0 "2 bars of 1h" data verify good.csv
expects 3 "no such file" data verify missing.csv
expects 8 "--drop-bad" data import bad.csv --out new.csv
expects 2 "other than the input" data import good.csv --out good.csv
expects 2 "did you mean verify?" data verfiy
expects 2 "" data
head -c 5000 /dev/urandom >noise.zip
expects 8 "FAILED" data verify noise.zip
printf 'PK\003\004' | cat - noise.zip >false.zip
expects 8 "zip archive" data verify false.zip

# -- models ------------------------------------------------------------------------

expects 3 "No such file" models list --dir missing
expects 3 "No such file" models show tft --dir missing
expects 2 "did you mean promote?" models promtoe
mkdir -p checkpoints/tft/1
cp noise.zip checkpoints/tft/1/manifest.json
cp false.zip checkpoints/tft/1/model.safetensors
expects 0 "damaged" models list
expects 8 "checkpoints/tft/1/manifest.json" models show tft
expects 8 "checkpoints/tft/1/manifest.json" models promote tft 1
expects 3 'model "../tft" is not known' models show ../tft

# -- recordings of a venue -------------------------------------------------------

expects 2 "--out" data record
expects 2 "found the file good.csv" data record --out good.csv
expects 2 "--for: expected" data record --out rec --for soon
expects 2 "--for: expected a positive time" data record --out rec --for 0s
expects 2 "--symbol: expected a symbol" data record --out rec --symbol BTC/USDT
expects 78 "market.venue" data record --out rec --set market.venue=kraken
expects 1 "localhost" data record --out rec --symbol BTCUSDT \
  --set market.binance_rest=https://localhost:1
if [[ -e rec ]]; then
  echo "FAILED: a recording that did not begin left a directory"
  failed=1
fi
expects 2 "DIR" data replay
expects 2 "--symbol: expected a symbol" data replay missing --symbol BTC/USDT
expects 3 "expected the directory" data replay missing
expects 3 "expected the directory" data replay good.csv
mkdir noise
expects 3 "found no segments" data replay noise
cp noise.zip noise/000001.qraw
expects 8 "000001.qraw" data replay noise
expects 8 '"ok": false' data replay noise --json

# A venue that is not there, and one that would be asked without protection.
expects 1 "127.0.0.1" run --run paper --set mode=paper \
  --set market.binance_rest=https://127.0.0.1:1
expects 78 "market.binance_rest" run --run paper --set mode=paper \
  --set market.binance_rest=http://fapi.binance.com
expects 78 "comes with orders" run --set mode=live

((failed == 0)) && echo "bad input is refused"
exit "$failed"

#!/usr/bin/env bash
# usage: run.sh FUZZER SAMPLES [OPTION...]
#
# Runs a fuzz target on a corpus that starts with the lines of SAMPLES. Options
# are libFuzzer's; without any, a bounded run that is the same each time.
set -euo pipefail
fuzzer=$1
samples=$2
shift 2
(($#)) || set -- -runs=20000 -seed=1 -max_len=4096

corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
split -l 1 -a 4 "$samples" "$corpus/sample."
"$fuzzer" "$@" -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
  -artifact_prefix="${FUZZ_ARTIFACTS:-$PWD}/" "$corpus"

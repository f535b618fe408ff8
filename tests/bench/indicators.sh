#!/usr/bin/env bash
# Indicators beside TA-Lib: fetches its C source, which the npm package `talib`
# carries, builds it with -O2 below the build directory, builds bench_indicators
# and runs it. BARS sets the number of bars (2628000), BUILD the build directory.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$root/build/release}
peer=$build/peers/talib
version=1.1.6

if [[ ! -f $peer/libta.a ]]; then
  rm -rf "$peer"
  mkdir -p "$peer/objects"
  cd "$peer"
  npm pack --silent "talib@$version" >/dev/null
  tar -xzf "talib-$version.tgz"
  source=$peer/package/src/lib
  cp -r "$source/include" "$peer/include"
  find "$source/src/ta_func" "$source/src/ta_common" -name '*.c' -print0 |
    xargs -0 -P "$(nproc)" -I{} sh -c \
      'gcc -O2 -w -fPIC -I"$1/include" -I"$1/src/ta_common" -c "$2" \
        -o "$3/$(basename "$2" .c).o"' _ "$source" {} "$peer/objects"
  ar rcs libta.a objects/*.o
  rm -rf objects package "talib-$version.tgz"
fi

cd "$root"
cmake -B "$build" >/dev/null
cmake --build "$build" --target bench_indicators >/dev/null
date -u +%F
grep -m1 'model name' /proc/cpuinfo
echo "tests/bench/indicators.sh, TA-Lib of npm talib@$version, gcc -O2"
exec "$build/tests/bench/bench_indicators" "${BARS:-2628000}"

#!/usr/bin/env bash
# The lint refuses each banned pattern, naming file, line and rule, and lets
# through what only looks like one. Each case is planted alone in a small tree.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cases=0
failures=0

# plant FILE TEXT: a tree with this one file, its TEXT on the third line.
plant() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/$(dirname "$1")"
  printf '#pragma once\n\n%b\n' "$2" >"$tree/$1"
}

run_lint() {
  output=$("$root/scripts/lint.sh" "$tree" 2>&1) && status=0 || status=$?
  cases=$((cases + 1))
}

fail() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n%s\n\n' "$1" "$output"
}

# refused RULE FILE TEXT [LINE]
refused() {
  plant "$2" "$3"
  run_lint
  local where="$2:${4:-3}: error: "
  if ((status != 1)) || ! grep -F "$where" <<<"$output" | grep -qF "[$1]"; then
    fail "$1 must refuse in $2: $3"
  fi
}

# allowed FILE TEXT
allowed() {
  plant "$1" "$2"
  run_lint
  ((status == 0)) || fail "nothing is wrong in $1: $2"
}

refused await actors/a.cpp 'self->request(h, 1s, x).await(f, g);'
refused await runtime/a.cpp 'req\n  .await (f);' 4
refused skip actors/a.cpp 'self->set_default_handler(caf::skip);'
refused skip actors/a.cpp 'self->set_default_handler(skip);'
refused skip actors/a.cpp 'return self->skip();'
refused urgent-request actors/a.cpp \
  'self->request<caf::message_priority::high>(h, 1s, x);'
refused urgent-request runtime/a.cpp 'self->request<\n  message_priority::high>(h)'
refused open-port runtime/a.cpp 'auto p = caf::io::publish(h, 4242);'
refused open-port runtime/a.cpp 'sys.middleman().publish(h, 4242);'
refused open-port runtime/a.cpp 'sys.middleman().open(4242);'
refused open-port runtime/a.cpp 'mm.publish_local_groups(4242);'
refused open-port runtime/a.cpp 'add_actor_type("executor", executor);'
refused registry runtime/a.cpp 'sys.registry().put(key, h);'
refused print-and-drop actors/a.cpp 'self->set_default_handler(caf::print_and_drop);'
refused no-caf models/neural/a.cpp '#include <caf/all.hpp>'
refused no-caf models/training/a.hpp '#include "caf/optional.hpp"'
plant models/neural/a.cpp '#include "models/market/b.hpp"'
mkdir -p "$tree/models/market"
printf '#include <caf/optional.hpp>\n' >"$tree/models/market/b.hpp"
run_lint
((status == 1)) && grep -qF 'models/neural/a.cpp:3: error: ' <<<"$output" ||
  fail 'no-caf must refuse what comes through another file'
allowed models/market/a.cpp '#include <caf/optional.hpp>'
allowed models/neural/a.cpp '#include "models/neural/a.cpp"'
refused infinite actors/a.cpp 'self->request(h, caf::infinite, x);'
refused infinite actors/a.cpp 'self->request(h, infinite, x);'
refused capture-all actors/a.cpp 'auto f = [=] { return x; };'
refused capture-all actors/a.hpp 'auto f = [=, this] { return x; };'
refused error-enum-shim messages/a.hpp '#include <caf/is_error_code_enum.hpp>'
refused clock models/a.cpp 'auto t = std::chrono::system_clock::now();'
refused clock actors/a.cpp 'auto t = steady_clock::now();'
refused clock messages/a.hpp 'clock_gettime(CLOCK_REALTIME, &t);'
refused clock models/a.cpp 'auto t = std::time(nullptr);'
refused clock models/a.cpp 'auto t = time(nullptr);'
refused clock models/a.cpp 'gettimeofday(&t, nullptr);'
refused random models/a.cpp 'std::random_device seed;'
refused random models/simulation/a.cpp 'auto x = std::rand();'
refused random actors/a.cpp 'auto x = rand() % 6;'
refused thread models/a.cpp 'std::thread t{f};'
refused thread actors/a.cpp 'std::jthread t{f};'
refused thread actors/a.cpp 'auto r = std::async(f);'
refused thread messages/a.hpp 'std::this_thread::sleep_for(1s);'
refused floor models/a.hpp '#include "messages/orders.hpp"'
refused floor models/a.hpp '#include "actors/ports/venue.hpp"'
refused floor models/a.hpp '#include "runtime/node/node.hpp"'
refused floor messages/a.hpp '#  include "actors/ports/venue.hpp"'
refused floor messages/a.hpp '#include <runtime/node/node.hpp>'
refused floor actors/a.hpp '#include "runtime/node/node.hpp"'
refused floor runtime/a.hpp '#include "tests/support/fake.hpp"'
refused relative-include models/risk/a.hpp '#include "../../actors/a.hpp"'
refused torch runtime/a.cpp '#include <torch/torch.h>'
refused torch models/features/a.cpp '#include <ATen/ATen.h>'
refused fast-math CMakeLists.txt 'add_compile_options(-ffast-math)'
refused fast-math scripts/cmake/a.cmake 'set(CMAKE_CXX_FLAGS "-Ofast")'
refused sleep tests/actors/a.cpp 'std::this_thread::sleep_for(1s);'
refused sleep tests/runtime/a.cpp 'usleep(1000);'
refused machine-path configs/a.json "{\"dir\": \"/home""/someone/data\"}"
refused machine-path models/a.cpp "// see /wo""rk/data"
refused registry-host package-lock.json "\"resolved\": \"https://regis""try.example.org/a\""

# Comments, texts, and names that contain a banned one.
allowed actors/a.cpp '// never .await( here, nor [=]'
allowed actors/a.cpp '/* caf::skip\n   print_and_drop */'
allowed models/a.cpp 'auto s = "std::random_device";'
allowed models/a.cpp 'auto s = R"(steady_clock::now " system_clock::now)";'
allowed models/a.cpp "auto n = 1'000'000; // \"quoted\""
allowed models/a.cpp 'auto x = operand(1) + market.time(0) + torch::rand({2});'
allowed models/simulation/a.cpp 'std::mt19937_64 engine{seed};'
allowed models/neural/a.cpp '#include <torch/torch.h>'
allowed runtime/neural/a.cpp '#include <torch/torch.h>'
allowed models/a.cpp '#include "models/risk/limits.hpp"'
allowed runtime/a.cpp 'auto t = std::chrono::steady_clock::now(); std::thread u{f};'
allowed runtime/a.cpp 'auto p = caf::openssl::publish(h, port, address);'
allowed actors/a.cpp 'auto f = [self](int x) { return y[x]; };'
allowed actors/a.cpp 'self->request(h, ack_timeout, x).then(f, g);'
allowed tests/actors/a.cpp 'self->request(h, caf::infinite, x).receive(f, g);'
allowed CMakeLists.txt '# never -ffast-math'

# Waivers: on the line or above it, for one rule, with a reason, and needed. The
# comment is put together here, or the lint would read it in this file.
waive='// lint:'
allowed models/a.cpp "std::thread t{f}; $waive allow(thread) loads batches ahead"
allowed models/a.cpp "$waive allow(thread) loads batches ahead\nstd::thread t{f};"
refused waiver models/a.cpp "std::thread t{f}; $waive allow(thread)"
refused thread models/a.cpp "std::thread t{f}; $waive allow(thread)"
refused waiver models/a.cpp "std::thread t{f}; $waive allow(threads) ahead"
refused thread models/a.cpp "std::thread t{f}; $waive allow(clock) other rule"
refused thread models/a.cpp "f(); $waive allow(thread) ends here\nstd::thread t{f};" 4
refused waiver models/a.cpp "f(); $waive allow(thread) nothing to waive"

# Length: a warning above 400 lines, refused above 600, only in the floors.
lines() {
  printf '%*s' "$1" '' | sed 's/ /\\n/g'
}
allowed models/a.cpp "$(lines 450)"
grep -qF 'models/a.cpp:453: warning:' <<<"$output" || fail "450 lines are listed"
refused long-file models/a.cpp "$(lines 650)" 653
allowed tests/models/a.cpp "$(lines 650)"

# Formatting, of tracked sources.
if command -v clang-format >/dev/null && command -v git >/dev/null; then
  plant models/a.cpp 'int   f( );'
  cp "$root/.clang-format" "$tree/"
  git -C "$tree" init -q
  git -C "$tree" add models/a.cpp
  run_lint
  if ((status != 1)) || ! grep -q 'a.cpp:3:.*clang-format' <<<"$output"; then
    fail "a badly formatted file is refused"
  fi
fi

echo "lint_catches: $cases cases, $failures failed"
((failures == 0))

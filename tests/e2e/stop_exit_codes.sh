#!/usr/bin/env bash
# scripts/stop.sh tells apart a node that stopped, one that does not run and one
# that does not stop, and never signals a process that is no node. A small
# program that goes by the name of qalpha stands in for the node.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dir=$(mktemp -d)
node=""
trap '[[ -z $node ]] || kill -KILL "$node" 2>/dev/null || true; rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/run"
cp "$(command -v bash)" "$dir/bin/qalpha"

# starts_node COMMANDS: the stand-in runs them, and says in a file that it does.
starts_node() {
  rm -f "$dir/ready"
  "$dir/bin/qalpha" -c "$1 : >'$dir/ready'
    while :; do read -r -t 0.1 <>'$dir/fifo' || :; done" &
  node=$!
  disown # the shell need not report its end
  echo "$node" >"$dir/run/node.pid"
  until [[ -e $dir/ready ]]; do read -r -t 0.05 <>"$dir/fifo" || :; done
}
mkfifo "$dir/fifo"

expect_code() {
  local expected=$1 code=0
  shift
  "$root/scripts/stop.sh" "$@" >"$dir/log" 2>&1 || code=$?
  if ((code != expected)); then
    echo "FAILED: stop.sh $* ended with $code, not $expected:"
    cat "$dir/log"
    exit 1
  fi
}

expect_code 2 --bogus
expect_code 2 "$dir/run" "$dir/run"
expect_code 2 --timeout soon
expect_code 4 "$dir/run" # no pid file

for content in "" nonsense -1 0; do
  echo "$content" >"$dir/run/node.pid"
  expect_code 4 "$dir/run"
done

echo "$$" >"$dir/run/node.pid" # alive, but no node
expect_code 4 "$dir/run"

starts_node ""
expect_code 0 "$dir/run"
expect_code 4 --run "$dir/run" # the pid file outlives a crash

starts_node "trap '' TERM;"
expect_code 6 --run "$dir/run" --timeout 1
kill -0 "$node" # it was asked, not killed

echo "stop_exit_codes: passed"

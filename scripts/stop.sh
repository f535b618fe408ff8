#!/usr/bin/env bash
# Stops a running node gracefully: SIGTERM, then patience. It never kills, since
# a node that is cut off leaves its orders at the venue.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/stop.sh [RUN_DIR | --run RUN_DIR] [--timeout SECONDS]

Stops the node of a run directory (default: run/demo of this repository) and
waits for its end (default: 30 s).

exit codes: 0 stopped, 2 usage, 4 not running, 6 still running after the timeout
TEXT
}

fail_usage() {
  echo "stop: $1" >&2
  usage >&2
  exit 2
}

run_dir=""
timeout_s=30
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --run)
      (($# > 1)) || fail_usage "--run needs a directory"
      [[ -z $run_dir ]] || fail_usage "more than one run directory"
      run_dir=$2
      shift
      ;;
    --timeout)
      (($# > 1)) || fail_usage "--timeout needs seconds"
      timeout_s=$2
      shift
      ;;
    -*) fail_usage "unknown option $1" ;;
    *)
      [[ -z $run_dir ]] || fail_usage "more than one run directory"
      run_dir=$1
      ;;
  esac
  shift
done
[[ $timeout_s =~ ^[0-9]{1,5}$ ]] || fail_usage "--timeout needs whole seconds"
if [[ -z $run_dir ]]; then
  run_dir=$(dirname "${BASH_SOURCE[0]}")/../run/demo
fi

not_running() {
  echo "stop: not running: $1" >&2
  exit 4
}

# A process id is used again after its process, so the program is looked at too.
# The link of a program that was rebuilt meanwhile ends in " (deleted)"; that of
# a dead process nobody has waited for cannot be read, which is right as well.
is_node() {
  local program
  program=$(readlink "/proc/$1/exe" 2>/dev/null) || return 1
  program=${program% (deleted)}
  [[ ${program##*/} == qalpha ]]
}

pid_file=$run_dir/node.pid
[[ -r $pid_file ]] || not_running "no $pid_file"
read -r pid <"$pid_file" || [[ -n ${pid:-} ]] || not_running "$pid_file is empty"
[[ $pid =~ ^[1-9][0-9]*$ ]] || not_running "$pid_file holds no process id"
is_node "$pid" || not_running "process $pid of $pid_file is gone"

kill -TERM "$pid" 2>/dev/null || {
  is_node "$pid" || not_running "process $pid ended just now"
  echo "stop: no right to signal process $pid" >&2
  exit 1
}

# Microseconds; bash's SECONDS would be up to one second short.
now_us() {
  echo "${EPOCHREALTIME/[.,]/}"
}

deadline_us=$(($(now_us) + 10#$timeout_s * 1000000))
while is_node "$pid"; do
  if (($(now_us) >= deadline_us)); then
    echo "stop: process $pid still runs after $timeout_s s" >&2
    exit 6
  fi
  sleep 0.1
done
echo "stopped (process $pid)"

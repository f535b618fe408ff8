#!/usr/bin/env bash
# Installs what the build, the tests and the lint need on Debian 12. Safe to
# run at every start: when nothing is missing it touches neither apt nor the
# network.
set -euo pipefail

# The one list of packages: what the build and a node need, and what only the
# tests and benchmarks need.
packages=(
  # compiler and tools
  clang libclang-rt-14-dev cmake ninja-build ccache lld
  # libraries
  libcaf-dev        # actors, and the test framework
  libboost-dev      # Asio, Beast, lockfree
  libhiredis-dev    # Redis
  libpq-dev         # PostgreSQL
  rapidjson-dev     # JSON
  libspdlog-dev libfmt-dev
  libsqlite3-dev
  zlib1g-dev libzip-dev
  libzstd-dev       # raw recordings
  libssl-dev
  libcli11-dev      # command line
  libfftw3-dev      # transforms of long columns
  libeigen3-dev     # linear algebra
  libtorch-dev      # neural models
  libopenblas0-pthread   # 18 times the speed of the BLAS that comes by default
  libgloo-dev            # training in several processes
  libprotobuf-dev protobuf-compiler   # TensorBoard
)
test_packages=(
  clang-format python3 sqlite3 openssl
  redis-server postgresql-15         # the real ones
  libbenchmark-dev libsimdjson-dev   # tests/bench
  python3-torch                      # the peer of the models
  python3-protobuf                   # reads what TensorBoard reads
)

usage() {
  cat <<'TEXT'
usage: scripts/setup.sh [--tests] [--check]

Installs the missing packages of the build with apt, as root or through sudo.
  --tests   also what only tests and benchmarks need, such as database servers
  --check   only print what is missing; exit 1 if there is anything
TEXT
}

check_only=no
while (($#)); do
  case "$1" in
    --tests) packages+=("${test_packages[@]}") ;;
    --check) check_only=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is not Debian; install the counterparts of: ${packages[*]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  # One line an architecture; any installed one will do.
  status=$(dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null || true)
  grep -qx installed <<<"$status" || missing+=("$package")
done
((${#missing[@]})) || exit 0

if [[ $check_only == yes ]]; then
  echo "setup: missing: ${missing[*]}"
  exit 1
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "setup: missing: ${missing[*]}" >&2
    echo "setup: run this as root, or install sudo" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "setup: installing ${missing[*]}"
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"
}
apt_get update
apt_get install -y --no-install-recommends "${missing[@]}"

#!/usr/bin/env bash
# Installs what the build, the tests and the lint need on Debian 12. Safe to
# run at every start: when nothing is missing it touches neither apt nor the
# network.
set -euo pipefail

# The one list of packages.
packages=(
  # compiler and tools
  clang libclang-rt-14-dev cmake ninja-build ccache lld clang-format python3
  # libraries
  libcaf-dev        # actors, and the test framework
  libboost-dev      # Asio, Beast, lockfree
  libhiredis-dev    # Redis
  rapidjson-dev     # JSON
  libspdlog-dev libfmt-dev
  libsqlite3-dev sqlite3
  zlib1g-dev libzip-dev
  libssl-dev
  libcli11-dev      # command line
  libbenchmark-dev libsimdjson-dev # tests/bench
)

usage() {
  cat <<'TEXT'
usage: scripts/setup.sh [--check]

Installs the missing packages of the build with apt, as root or through sudo.
  --check   only print what is missing; exit 1 if there is anything
TEXT
}

check_only=no
case "${1:-}" in
  "") ;;
  --check) check_only=yes ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

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

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shows certferry at work on this machine, with no account anywhere: builds it, starts a local Tencent Cloud (the
# sandbox) and a local Let's Encrypt (Pebble), and lets certbot renew a certificate twice. Installs what it needs
# from Debian 12, builds into build/, changes nothing else, cleans up after itself, and can be repeated.
#
#   bash packaging/quickstart.sh
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/dependencies.sh
trap 'exit 130' INT  # also where the command under way ends well in spite of it, as apt-get does

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[[ -t 1 ]] || say() { printf '\n%s\n' "$*"; }

build() {
    local log=build/quickstart.log
    mkdir -p build
    cmake --preset release -DCERTFERRY_TESTS=ON >"$log" 2>&1 || fail_with "$log"
    if [[ -t 1 ]]; then
        cmake --build --preset release --target certferryd certferry certferry-sandbox || exit 1
        return
    fi
    cmake --build --preset release --target certferryd certferry certferry-sandbox 2>&1 | tee -a "$log" |
        show_tenths || fail_with "$log"
}

# Where no terminal is, Ninja's [DONE/ALL] become a line for each tenth.
show_tenths() {
    local line tenths shown=0
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        tenths=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
        ((tenths == shown)) || echo "  $((10 * tenths)) %"
        shown=$tenths
    done
}

fail_with() {
    tail -n 30 "$1" >&2
    echo "quickstart: the build failed; all it said is in $1" >&2
    exit 1
}

if (($# > 0)); then
    echo "usage: bash packaging/quickstart.sh (it takes no arguments)" >&2
    exit 2
fi

say "1. What it needs"
install_dependencies build quickstart
echo "  everything is installed"

say "2. Building (a few minutes the first time)"
build
echo "  build/release/certferryd, certferry, certferry-sandbox"

CERTFERRY_BUILD_DIR="$PWD/build/release" exec python3 -B packaging/quickstart.py

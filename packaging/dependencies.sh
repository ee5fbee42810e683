#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the Debian packages that certferry needs and this machine lacks.
#
#   bash packaging/dependencies.sh GROUP...      (build, tests, bench, quickstart, packages)
#
# or sourced, for the function install_dependencies GROUP... Debian 12's names; sudo is used when not root.

packages_of_group() {
    case $1 in
        build)
            echo g++ cmake ninja-build pkg-config ccache libboost1.81-dev libuv1-dev libtomlplusplus-dev \
                libspdlog-dev libfmt-dev libssl-dev libsqlite3-dev libcli11-dev
            ;;
        tests)
            echo doctest-dev clang-14 libclang-rt-14-dev lld-14 clang-tidy-14 clang-format-14 python3 ca-certificates \
                openssl certbot dehydrated lego uacme caddy pebble strace nodejs npm prometheus chromium \
                fonts-dejavu-core
            ;;
        bench)
            echo gcc libbenchmark-dev doctest-dev inotify-tools curl openssl nodejs npm python3 python3-cryptography
            ;;
        quickstart)
            echo doctest-dev python3 ca-certificates openssl certbot pebble
            ;;
        packages)
            echo git build-essential debhelper doctest-dev lintian rpm debugedit elfutils rpmlint mandoc man-db python3
            ;;
        *)
            echo "dependencies: no group \"$1\"; there are: build tests bench quickstart packages" >&2
            return 2
            ;;
    esac
}

# A program counts as there wherever it came from: node and npm are often newer than Debian's.
is_there() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]] ||
        command -v "$1" >/dev/null
}

missing_packages() {
    local group package packages
    for group in "$@"; do
        packages=$(packages_of_group "$group") || return
        for package in $packages; do
            is_there "$package" || echo "$package"
        done
    done
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# What an installation that was cut off has left half done keeps apt from everything else.
finish_interrupted() {
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure --pending </dev/null
}

apt_quietly() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 -o DPkg::Lock::Timeout=300 \
        -o Acquire::Retries=3 "$@" </dev/null
}

install_dependencies() {
    local names missing log
    names=$(missing_packages "$@") || return
    [[ -n $names ]] || return 0
    mapfile -t missing < <(sort --unique <<<"$names")

    if ! command -v apt-get >/dev/null; then
        echo "dependencies: no apt-get, so not Debian; install what these are called here: ${missing[*]}" >&2
        return 1
    fi
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        echo "dependencies: neither root nor sudo; as root: apt-get install ${missing[*]}" >&2
        return 1
    fi

    echo "installing ${missing[*]}"
    log=$(mktemp)
    if finish_interrupted >"$log" 2>&1 &&
        apt_quietly update >>"$log" 2>&1 &&
        apt_quietly install --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        rm "$log"
        return 0
    fi
    tail -n 20 "$log" >&2
    echo "dependencies: apt-get failed (all it said: $log); is the network up, and is this Debian 12?" >&2
    return 1
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    if (($# == 0)); then
        sed -n 's/^# \{0,1\}//; 3,7p' "$0"
        exit 2
    fi
    install_dependencies "$@"
fi

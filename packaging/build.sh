#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the packages of certferry into build/packages/.
#
#   bash packaging/build.sh [deb | rpm | all] [--twice]
#
#   deb       certferry_VERSION-1_amd64.deb, and its debug symbols
#   rpm       certferry-VERSION-1.x86_64.rpm, its debug symbols, and the source package to build both from on the machine
#             that they are for
#   all       both (the default)
#   --twice   builds all that again in another directory, from nothing, and compares: the packages have to be identical
#
# Installs the Debian packages that are missing. What is built is the working tree: every file that git knows. The
# version is that of CMakeLists.txt, the time that of the last commit. Safe to repeat.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/dependencies.sh

readonly root=$PWD output=$PWD/build/packages
readonly maintainer="The certferry authors <certferry@certferry.invalid>"
version=$(sed -n 's/^project(certferry VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
readonly version name=certferry-$version
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC

formats=(deb rpm)
twice=false
trap 'exit 130' INT  # also where the command under way ends well in spite of it, as apt-get does

main() {
    read_arguments "$@"
    say "what it needs"
    install_dependencies build packages
    ask_git
    mkdir -p "$output"
    build_from "$root" "$output"
    if $twice; then
        prove_reproducible
    fi
    say "packages: done; build/packages/ has $(cd "$output" && find . -name '*.deb' -o -name '*.rpm' | cut -c 3- | sort | xargs)"
}

read_arguments() {
    local argument
    for argument in "$@"; do
        case $argument in
            deb | rpm) formats=("$argument") ;;
            all) formats=(deb rpm) ;;
            --twice) twice=true ;;
            -h | --help)
                usage
                exit 0
                ;;
            *)
                usage >&2
                exit 2
                ;;
        esac
    done
}

usage() {
    sed -n '3,/^set /{ /^set /d; s/^# \{0,1\}//; p }' "${BASH_SOURCE[0]}"
}

say() { printf '%s\n' "$*"; }

ask_git() {
    if ! SOURCE_DATE_EPOCH=$(git log -1 --format=%ct); then
        say "packages: git says what is packed and of which time, and it cannot here; clone the repository" >&2
        return 1
    fi
}

# build_from CHECKOUT OUTPUT: compiles in CHECKOUT/build/release, if that is not done, and puts the packages into OUTPUT.
build_from() {
    local format work
    mkdir -p "$2"
    for format in "${formats[@]}"; do
        say "$format: building (minutes if nothing is built yet)"
        work=$2/work
        rm -rf "$work"
        mkdir "$work"
        write_source "$work"
        "build_$format" "$1" "$work" "$2"
        rm -rf "$work"
    done
}

# What git knows of the working tree, as an archive and unpacked, with one time, one owner and the usual modes.
write_source() {
    git ls-files -z --deduplicate | while IFS= read -r -d '' file; do
        [[ ! -e $file ]] || printf '%s\0' "$file"
    done | tar --create --no-recursion --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 \
        --numeric-owner --mode=u=rwX,go=rX --transform="flags=r;s,^,$name/," --file="$1/$name.tar" \
        --null --files-from=-
    tar --extract --directory="$1" --file="$1/$name.tar"
    gzip --no-name "$1/$name.tar"
}

build_deb() {
    local source=$2/$name
    cp --recursive "$source/packaging/deb" "$source/debian"
    cat >"$source/debian/changelog" <<END
certferry ($version-1) unstable; urgency=medium

  * What changed is in changelog.gz.

 -- $maintainer  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
END
    logged "$3/deb.log" dpkg_buildpackage "$1" "$source"
    rm -f "$3"/*.deb
    mv "$2"/*.deb "$3"
}

dpkg_buildpackage() {
    cd "$2" && SOURCE=$1 dpkg-buildpackage --build=binary --no-sign
}

build_rpm() {
    sed "s/@VERSION@/$version/g" packaging/rpm/certferry.spec.in >"$2/certferry.spec"
    logged "$3/rpm.log" rpmbuild_all "$1" "$2"
    rm -f "$3"/*.rpm
    mv "$2"/*.rpm "$3"
}

# --nodeps: the spec asks for packages by the names that RHEL has for them. The source package holds the spec with every
# path in it expanded, and the other one a digest of the source package that is made with it: so they are made apart, the
# source package with paths that are the same everywhere.
rpmbuild_all() {
    local place
    local -a common=(--nodeps --define "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm"
        --define "_buildhost localhost" --define "use_source_date_epoch_as_buildtime 1"
        --define "clamp_mtime_to_source_date_epoch 1")
    local -a here=(--define "_topdir $2" --define "checkout $1")
    for place in sourcedir builddir rpmdir; do
        here+=(--define "_$place $2")
    done
    # What RHEL does after the installation; Debian's sh cannot run rpm's brp-compress.
    here+=(--load=packaging/rpm/rhel.macros --define "__os_install_post bash /usr/lib/rpm/brp-compress /usr")
    rpmbuild -bb "${common[@]}" "${here[@]}" "$2/certferry.spec"

    local -a anywhere=(--define "_topdir .")
    for place in sourcedir builddir srcrpmdir; do
        anywhere+=(--define "_$place .")
    done
    cd "$2" && rpmbuild -bs "${common[@]}" "${anywhere[@]}" certferry.spec
}

# logged LOG COMMAND...: all that it says is in LOG, and a line for each quarter of a compilation is shown.
logged() {
    local log=$1
    shift
    if ! ("$@") </dev/null 2>&1 | tee "$log" | show_quarters; then
        tail -n 30 "$log" >&2
        say "packages: FAILED; all that was said is in $log" >&2
        return 1
    fi
}

show_quarters() {
    local line quarters shown=0
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        quarters=$((4 * BASH_REMATCH[1] / BASH_REMATCH[2]))
        ((quarters <= shown)) || say "  $((25 * quarters)) %"
        shown=$quarters
    done
}

# The second time in a directory of another name and depth, from nothing and without ccache.
prove_reproducible() {
    local again different=0 package
    again=$(mktemp -d "${TMPDIR:-/tmp}/certferry-again-XXXX")
    say "again, in $again, without ccache"
    write_source "$again"
    CCACHE_DISABLE=1 build_from "$again/$name" "$again/packages"
    for package in "$again"/packages/*.deb "$again"/packages/*.rpm; do
        [[ -e $package ]] || continue
        if cmp "$output/${package##*/}" "$package"; then
            say "  identical: $(sha256sum "$package" | cut -c 1-16) ${package##*/}"
        else
            different=1
        fi
    done
    if ((different)); then
        say "packages: FAILED; not reproducible: compare build/packages with $again/packages (diffoscope)" >&2
        return 1
    fi
    rm -rf "$again"
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds certferry and tests it.
#
#   bash tests/run.sh [WHAT] [OPTION...]
#
#   all         unit, e2e, fuzz, systemd, tidy and a short simulation (the default)
#   unit        the unit tests, under AddressSanitizer and UBSan (Clang); and that the release builds (GCC)
#   e2e         the real daemon and command against the sandbox, under the sanitizers
#   fuzz        the fuzz targets over their corpora, and a moment longer; asked for alone, for --seconds N each
#   systemd     the .deb as a service of a real systemd, on a throw-away copy of this machine; skipped without root
#   tidy        the rules of the house (tests/tidy), clang-format and clang-tidy
#
# and not in all, for the time they take:
#
#   simulation  years of rotations with faults; --seeds N, from --first SEED on (tests/simulation)
#   gcc         the unit tests as GCC builds them
#   mutation    wrong changes to the product, each of which the unit tests must notice (tests/mutation)
#   packages    the .deb and the .rpm: built twice and identical, what is in them, what they do to a machine
#
# Installs the Debian packages that are missing, builds into build/, logs into build/logs/. Safe to repeat. The last
# line is "N passed, M failed", and how many were skipped if any were; the exit code is 0 when something ran and
# nothing failed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly logs=build/logs
readonly unit_timeout=10m
readonly e2e_timeout=20m
readonly systemd_timeout=10m
readonly default_seeds=2000
readonly beside=build/logs/beside
readonly row='%-24s %-7s %7s %7s %7s   %s'

what=all
options=()
passed=0
failed=0
skipped=0
table=()
trap 'exit 130' INT  # also where the command under way ends well in spite of it, as apt-get does

main() {
    read_arguments "$@"
    mkdir -p "$logs"

    step "dependencies" bash packaging/dependencies.sh build tests || finish
    if wants unit || wants e2e; then
        test_under_sanitizers
    fi
    if [[ $what == unit ]]; then
        check "build release" build_release
    fi
    if wants systemd; then
        test_under_systemd
    fi
    if wants tidy; then
        tidy
    fi
    if [[ $what == simulation ]]; then
        simulate
    fi
    if [[ $what == fuzz ]]; then
        fuzz
    fi
    if [[ $what == gcc ]]; then
        test_with_gcc
    fi
    if [[ $what == mutation ]]; then
        check "mutation" python3 tests/mutation/run.py "${options[@]}"
    fi
    if [[ -n ${beside_pid:-} ]]; then
        check "release, simulation" end_beside
    fi
    if [[ $what == packages ]]; then
        test_packages
    fi
    finish
}

read_arguments() {
    what=${1:-all}
    options=("${@:2}")
    case $what in
        all | unit | e2e | fuzz | systemd | tidy | simulation | gcc | mutation | packages) ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
}

usage() {
    sed -n '3,/^set /{ /^set /d; s/^# \{0,1\}//; p }' "${BASH_SOURCE[0]}"
}

wants() {
    [[ $what == all || $what == "$1" ]]
}

# --- the steps

test_under_sanitizers() {
    step "build asan" build asan || return 0
    if [[ $what == all ]]; then
        begin_beside release_and_simulation
    fi
    if wants unit; then
        unit_tests asan
    fi
    if wants e2e; then
        check "end to end" e2e_tests
    fi
    if [[ $what == all ]]; then
        check "fuzz" env CERTFERRY_FUZZ_DIR="$PWD/build/asan" python3 tests/fuzz/run.py --seconds 5
    fi
}

# The product is that of the package; the cloud that it meets is the sandbox of the build that all tests share.
test_under_systemd() {
    step "build sandbox" build asan --target certferry-sandbox || return 0
    step "package" bash packaging/build.sh deb || return 0
    check "systemd" env CERTFERRY_BUILD_DIR="$PWD/build/asan" timeout --verbose "$systemd_timeout" \
        python3 tests/systemd_boot/run.py
}

test_with_gcc() {
    step "build debug" build debug || return 0
    unit_tests debug
}

# Compiled to be fast, other than the fuzz targets of the build that all tests share.
fuzz() {
    step "build fuzz" build fuzz || return 0
    check "fuzz" python3 tests/fuzz/run.py "${options[@]}"
}

test_packages() {
    step "packages, twice" bash packaging/build.sh all --twice || return 0
    check "tests of the packages" python3 -m unittest discover --verbose -s tests/packaging -t tests/packaging
}

# That the daemon itself builds for release, the package shows. Each half has a processor of its own.
release_and_simulation() {
    local half=$((default_seeds / 2)) other status=0
    build release --target certferry_simulation || return
    build/release/certferry_simulation --seeds "$half" --first "$((half + 1))" >"$beside.half" 2>&1 &
    other=$!
    build/release/certferry_simulation --seeds "$half" || status=$?
    wait "$other" || status=$?
    cat "$beside.half"
    return "$status"
}

simulate() {
    step "build simulation" build release --target certferry_simulation || return 0
    check "simulation" build/release/certferry_simulation --seeds "$default_seeds" "${options[@]}"
    check "simulation replays" replays
}

# Keys differ from process to process, and nothing else may.
replays() {
    local first=build/logs/story-1 second=build/logs/story-2
    build/release/certferry_simulation --seeds 4 --first 1 --story >"$first"
    build/release/certferry_simulation --seeds 4 --first 1 --story >"$second"
    cmp "$first" "$second"
}

tidy() {
    local rule
    check "tests of the rules" python3 -m unittest discover -s tests/tidy -t tests/tidy
    for rule in include_rule await_rule words dead_files; do
        check "rule ${rule//_/ }" python3 "tests/tidy/$rule.py"
    done
    check "clang-format" format
    step "configure clang" cmake --preset clang || return 0
    check "clang-tidy" python3 tests/tidy/clang_tidy.py
}

build_release() {
    build release --target certferryd certferry manual
}

build() {
    cmake --preset "$1" && cmake --build --preset "$1" --parallel "$(nproc)" "${@:2}"
}

unit_tests() {
    local preset=$1 program name
    for program in "build/$preset"/certferry_*_tests; do
        name=${program##*/certferry_}
        check "${name//_/ } ($preset)" env UBSAN_OPTIONS=print_stacktrace=1 timeout --verbose "$unit_timeout" "$program"
    done
}

e2e_tests() {
    CERTFERRY_BUILD_DIR="$PWD/build/asan" UBSAN_OPTIONS=print_stacktrace=1 timeout --verbose "$e2e_timeout" \
        python3 tests/e2e/run.py
}

format() {
    find daemon config systemd tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
        xargs -0 clang-format-14 --dry-run -Werror
}

# --- what happens beside the steps: the tests from end to end mostly wait

# In a process group of its own, and after everything else that wants a processor.
begin_beside() {
    rm -f "$beside.status"
    set -m
    (
        renice -n 19 -p "$BASHPID"
        status=0
        "$@" || status=$?
        echo "$status" >"$beside.status"
    ) </dev/null >"$beside.output" 2>&1 &
    beside_pid=$!
    set +m
    trap 'kill -- "-$beside_pid" 2>/dev/null || true' EXIT
}

end_beside() {
    tail --pid="$beside_pid" -f /dev/null
    cat "$beside.output"
    return "$(cat "$beside.status")"
}

# --- how a step is run, shown and counted

# A step that no other depends on, and that is a check itself when it tells no numbers of its own.
check() {
    run_step 1 "$@" || true
}

# A step on the way to others: it counts when it fails.
step() {
    run_step 0 "$@"
}

# run_step WORTH NAME COMMAND...: all output goes to the log, one line tells how it went.
run_step() {
    local worth=$1 name=$2
    shift 2
    local log="$logs/${name//[^a-z0-9]/-}.log" begin=$SECONDS status=0 verdict=ok
    printf '%-24s ' "$name"
    "$@" </dev/null 2>&1 | tee "$log" | show_progress "$name" || status=$?

    local good bad left_out
    read -r good bad left_out <<<"$(numbers_in "$log" "$worth" "$status")"
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + left_out))
    ((status == 0)) || verdict=FAILED
    printf '%-7s %s\n' "$verdict" "$(time_text $((SECONDS - begin)))"
    table+=("$(printf "$row" "$name" "$verdict" "$good" "$bad" "$left_out" "$(time_text $((SECONDS - begin)))")")
    show_skipped "$log"
    ((status == 0)) || show_failure "$log"
    return "$status"
}

# On a terminal, the last line of the output in place of the one before; elsewhere nothing.
show_progress() {
    if [[ ! -t 1 ]]; then
        cat >/dev/null
        return
    fi
    local line
    while IFS= read -r line; do
        printf '\r\033[K%-24s %s' "$1" "${line:0:54}"
    done
    printf '\r\033[K%-24s ' "$1"
}

# Why unittest skipped what it skipped, a line each.
show_skipped() {
    sed -nE -e 's/^[^ ]+ \((.*)\) \.\.\. skipped/\1 ... skipped/' -e 's/^(.*) \.\.\. skipped /    skipped \1: /p' "$1"
}

show_failure() {
    grep --invert-match '^\[[0-9]*/[0-9]*\]' "$1" | tail -n 80 | sed 's/^/    /' || true
    echo "    (the whole log: $1)"
}

# numbers_in LOG WORTH STATUS: how many passed, failed and were skipped, by the summaries of doctest, of unittest and
# of ours. A log without any is worth WORTH; a command that failed has failed at least once.
numbers_in() {
    awk -v worth="$2" -v status="$3" '
        function number_after(word,    text) {
            if (!match($0, "(\\(|, )" word "=[0-9]+")) return 0
            text = substr($0, RSTART, RLENGTH)
            sub(/.*=/, "", text)
            return text
        }
        /^\[doctest\] test cases:/      { told = 1; good += $6; bad += $9; skipped += $12 }
        /^[0-9]+ passed, [0-9]+ failed/ { told = 1; good += $1; bad += $3 }
        /^Ran [0-9]+ tests? in /        { told = 1; good += $2 }
        /^(OK|FAILED) \(/ {
            broken = number_after("failures") + number_after("errors") + number_after("unexpected successes")
            bad += broken
            skipped += number_after("skipped")
            good -= broken + number_after("skipped")
        }
        END {
            if (!told && status == 0) good = worth
            if (status != 0 && bad == 0) bad = 1
            print (good < 0 ? 0 : good + 0), bad + 0, skipped + 0
        }' "$1"
}

time_text() {
    if (($1 < 60)); then echo "$1s"; else echo "$(($1 / 60))m $(($1 % 60))s"; fi
}

finish() {
    local result="$passed passed, $failed failed"
    ((skipped == 0)) || result+=", $skipped skipped"
    printf "\n$row\n" step result passed failed skipped time
    printf '%s\n' "${table[@]}" "" "$result"
    if ((passed == 0 && failed == 0)); then
        echo "nothing ran" >&2
    fi
    ((failed == 0 && passed > 0)) || exit 1
    exit 0
}

main "$@"

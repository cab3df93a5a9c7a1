#!/usr/bin/env bash
# run.sh - every fuzz target for some time; fails on a crash, a broken promise, a leak or
# an input that takes too long.
#
#     run.sh SECONDS [TARGET…]         each target for SECONDS; JOBS=N of them at a time
#     run.sh --self-check              the planted fault must be found
#
# Builds the preset "fuzz" first.  Begins with tests/fuzz/corpus/TARGET and what earlier
# runs found new (build/fuzz/corpus).  An input that fails stays in build/fuzz/findings;
# a mended one belongs into the corpus, under a name that says what it did.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

build=$PWD/build/fuzz
programs=$build/tests/fuzz
found=$build/corpus
here=tests/fuzz
limits=(-timeout=120 -rss_limit_mb=1536 -malloc_limit_mb=512 -max_len=8192)

declare -A options=(
    # threads free in their own time: leaks are counted at the end only
    [http]="-detect_leaks=0"
    [modbus]="-max_len=1024" [expression]="-max_len=1024" [topics]="-max_len=1024"
    [salvage]="-max_len=16384" # a page of each kind
)

# fuzz TARGET PROGRAM SECONDS - one run; its log is build/fuzz/TARGET.log.
fuzz() {
    local target=$1 program=$programs/$2 seconds=$3 dictionary=() words
    [ -e "$here/dict/$target.dict" ] && dictionary=("-dict=$here/dict/$target.dict")
    read -ra words <<<"${options[$target]:-}"
    mkdir -p "$found/$target" "$build/findings"
    "$program" "${limits[@]}" "${words[@]}" "${dictionary[@]}" -max_total_time="$seconds" \
        -print_final_stats=1 -artifact_prefix="$build/findings/$target-" \
        "$found/$target" "$here/corpus/$target" >"$build/$target.log" 2>&1
}

# summary TARGET STATUS - one line of what the log says.
summary() {
    local target=$1 status=$2 log=$build/$1.log units edges
    units=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    edges=$(grep -aoE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d ' ' -f 2 || true)
    printf 'fuzz %-10s %10s inputs  %6s edges  ' "$target" "${units:-?}" "${edges:-?}"
    if [ "$status" = 0 ]; then
        echo "no finding"
    else
        echo "FAILED: $(grep -aE 'broken promise:|ERROR: |runtime error:' "$log" |
            head -n 1), see $log"
    fi
}

one() {
    local status=0
    fuzz "$1" "${1}_fuzz" "$2" || status=$?
    summary "$1" "$status"
    return "$status"
}

# The same inputs in the same order each time: from the repository's corpus only, by a fixed
# seed, and short, as the fault needs but one line.
self_check() {
    local log=$build/ack.log found=$scratch/corpus
    options[ack]="-max_len=96 -seed=1"
    if fuzz ack ack_seeded 120 || ! grep -q 'AddressSanitizer: heap-buffer-overflow' "$log"
    then
        echo "the planted fault was not found, see $log"
        return 1
    fi
    rm -f "$build"/findings/ack-*
    echo "fuzz: the planted fault is found"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch

if ! { cmake --preset fuzz && ninja -C "$build" fuzzers; } >"$scratch/build.log" 2>&1; then
    tail -n 40 "$scratch/build.log" >&2
    exit 1
fi

case ${1:-} in
--self-check)
    self_check
    ;;
[1-9]*)
    seconds=$1
    shift
    targets=("$@")
    if [ $# -eq 0 ]; then
        targets=("$here"/*_fuzz.c)
        targets=("${targets[@]##*/}")
        targets=("${targets[@]%_fuzz.c}")
    fi
    running=0
    failed=0
    for target in "${targets[@]}"; do
        if [ "$running" -ge "${JOBS:-$(nproc)}" ]; then
            wait -n || failed=1
            running=$((running - 1))
        fi
        one "$target" "$seconds" &
        running=$((running + 1))
    done
    while [ "$running" -gt 0 ]; do
        wait -n || failed=1
        running=$((running - 1))
    done
    exit "$failed"
    ;;
*)
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac

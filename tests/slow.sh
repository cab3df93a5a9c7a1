#!/usr/bin/env bash
# slow.sh [PART]... - what ./dev test --all adds: each part is a script of its own, and its
# last line is its summary.  All parts run, also after one that failed; the logs are in
# build/slow.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

names=(marked debian arm64 deb container machine gpio)
declare -A part=(
    [marked]="tests/system/slow.sh"               # the system tests that are marked slow
    [debian]="tests/debian/other.sh"              # the fast set on the other Debian release
    [arm64]="tests/arm64/run.sh"                  # cross-built, under qemu-user
    [deb]="tests/deb/bare.sh"                     # packages in bare Debian 12 and 13
    [container]="tests/systemd/boot.sh container" # the units under systemd-nspawn
    [machine]="tests/systemd/boot.sh machine"     # and in a machine with GPIO lines
    [gpio]="tests/vm/both.sh"                     # real lines, with both versions of libgpiod
)
[ $# -gt 0 ] || set -- "${names[@]}"

mkdir -p build/slow
failed=0
for name in "$@"; do
    log=build/slow/$name.log
    began=$SECONDS
    # shellcheck disable=SC2086 # a command with its argument
    if ${part[$name]:?is no part: ${names[*]}} >"$log" 2>&1; then
        said=$(tail -n 1 "$log")
    else
        failed=1
        said="FAILED, see $log: $(tail -n 1 "$log")"
    fi
    echo "$name ($((SECONDS - began)) s): $said"
done
exit $failed

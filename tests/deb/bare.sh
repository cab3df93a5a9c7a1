#!/usr/bin/env bash
# bare.sh [SUITE...] - the packages made by ./dev deb in a fresh Debian, and their life
# (life.sh) in another one that has nothing but them.  bookworm and trixie unless said.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
work=$(mktemp -d build/deb-bare.XXXXXX)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- bookworm trixie

for suite in "$@"; do
    log=build/deb-bare-$suite.log
    made=$PWD/$work/$suite
    mkdir -p "$made/tree" "$made/deb" "$made/layer"
    git ls-files -z --cached --others --exclude-standard |
        tar --create --null --files-from - --ignore-failed-read 2>/dev/null | tar --extract -C "$made/tree"
    tests/debian/fresh.sh "$suite" --out "$made/tree:/campus-gateway" '
        apt-get -qq update && apt-get -qq -y install --no-install-recommends git >/dev/null
        cd /campus-gateway && git init --quiet && git add . && ./dev deb' >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; echo "deb: ./dev deb fails in a fresh $suite; the log is $log" >&2; exit 1; }
    newer=$(find "$made/tree/build/deb" -name 'campus-gateway_*.deb')
    cp "$newer" "$made/deb/"
    older=$(tests/deb/older.sh "$newer" "$made")
    mv "$older" "$made/deb/"
    older=/deb/$(basename "$older") newer=/deb/$(basename "$newer")
    tests/debian/fresh.sh "$suite" --bind "$made/deb:/deb" --save "$made/layer" "
        apt-get -qq update && apt-get -qq -y install $older" >>"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; echo "deb: apt install fails in a bare $suite; the log is $log" >&2; exit 1; }
    tests/debian/fresh.sh "$suite" --with "$made/layer" --offline --bind "$made/deb:/deb" \
        --bind "$PWD/tests/deb:/school-tests" "bash /school-tests/life.sh $older $newer /school-tests/school"
done

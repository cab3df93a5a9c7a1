#!/usr/bin/env bash
# other.sh - builds this tree on the Debian release that this machine is not, with that
# release's compiler and libraries, and runs the unit tests, the shipped configuration and
# the judgement of the units there; on Debian 13 that of the udev rules too.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# shellcheck disable=SC1091 # of this machine
suite=$(. /etc/os-release && [ "$VERSION_CODENAME" = bookworm ] && echo trixie || echo bookworm)
tree=$(mktemp -d "$PWD/build/other.XXXXXX")
trap 'rm -rf "$tree"' EXIT
git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from - --ignore-failed-read 2>/dev/null | tar --extract -C "$tree"
# shellcheck disable=SC2016 # the inner shell's
tests/debian/fresh.sh "$suite" --out "$tree:/campus-gateway" '
    set -e
    apt-get -qq update && apt-get -qq -y install --no-install-recommends git udev libcmocka-dev openssl >/dev/null
    cd /campus-gateway && git init --quiet && git add .
    ./dev deb && tests/systemd/units_test.sh
    ./dev build dev
    ctest --test-dir build/dev -L unit -j "$(nproc)" --output-on-failure
    build/dev/campus-gatewayd --config etc --check
    echo "$(. /etc/os-release && echo "$PRETTY_NAME"): $(gcc --version | head -n 1): unit tests, shipped configuration and units hold"'

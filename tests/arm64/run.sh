#!/usr/bin/env bash
# run.sh - the gateway for 64-bit ARM: cross-built, its unit tests and the simulated school
# run under qemu-user.  This machine's dpkg and apt learn nothing of it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
export GW_SYSROOT=$PWD/build/sysroot-arm64
tests/arm64/sysroot.sh "$GW_SYSROOT"
mkdir -p build
{ cmake --preset arm64 && ninja -C build/arm64; } >build/arm64.log 2>&1 ||
    { tail -n 30 build/arm64.log >&2; exit 1; }
ctest --test-dir build/arm64 -L unit -j "$(nproc)" --output-on-failure >build/arm64-tests.log 2>&1 ||
    { tail -n 60 build/arm64-tests.log >&2; exit 1; }
grep 'tests passed' build/arm64-tests.log | sed 's/^/arm64: /'
/usr/bin/python3 tests/arm64/school.py build/arm64 -- qemu-aarch64-static -L "$GW_SYSROOT"

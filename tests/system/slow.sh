#!/usr/bin/env bash
# slow.sh - the system tests that are too long for every change, on the release build, a
# worker for each core; but for those on kernel lines, which are a part of their own
# (tests/vm/both.sh).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
GW_BUILD=build/release exec /usr/bin/python3 -m pytest -q -p no:cacheprovider tests/system -m slow \
    -n "$(nproc)" --dist loadgroup --max-worker-restart 0 --ignore tests/system/test_vm_gpio.py

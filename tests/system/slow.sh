#!/usr/bin/env bash
# slow.sh - the system tests that are too long for every change, on the release build.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
GW_BUILD=build/release exec /usr/bin/python3 -m pytest -q -p no:cacheprovider tests/system -m slow

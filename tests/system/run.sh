#!/usr/bin/env bash
# run.sh - the system tests on the release build, but for the slow ones: side by side, two
# workers for each core, since they mostly wait, and those of an xdist_group on one of them;
# then, one by one, those that are marked alone.  A worker that dies ends the run as failed.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
export GW_BUILD=build/release
tests=(/usr/bin/python3 -m pytest -q -p no:cacheprovider tests/system)
"${tests[@]}" -m 'not slow and not alone' -n "$((2 * $(nproc)))" --dist loadgroup --max-worker-restart 0
"${tests[@]}" -m 'alone and not slow'

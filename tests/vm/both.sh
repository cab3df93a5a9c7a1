#!/usr/bin/env bash
# both.sh - the promises of the GPIO driver on kernel lines, with the libgpiod of this Debian
# and with that of the other one: 1.6 and 2.2.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
GW_BUILD=build/release exec /usr/bin/python3 -m pytest -q -p no:cacheprovider tests/system/test_vm_gpio.py

#!/usr/bin/env bash
# lines.sh - the part of the probe that needs real lines ($VM_CHIP, PANIC and SIREN): the
# units reach the chip through what their device policy allows, nobody else's does, and the
# siren is where it should be when the daemon dies.
# shellcheck disable=SC2317 # all is called by holds
set -e # what does not hold ends it
etc=/etc/campus-gateway
# shellcheck source=tests/systemd/holds.sh
. "$(dirname "$0")/holds.sh"

siren() { [ "$(cat "$VM_CHIP/sim_gpio1/value")" = "$1" ]; }
alarm() { campusctl --json alarms | grep -q 'TF-01@panic-line'; }

# opens PROPERTY... - may a unit of the gateway's user and group, with these, open the chip?
opens() {
    local properties=() property
    for property in "$@"; do
        properties+=(--property "$property")
    done
    systemd-run --quiet --wait --collect --property User=campus-gateway --property SupplementaryGroups=gpio \
        "${properties[@]}" bash -c 'exec 3<>/dev/gpiochip0'
}

chgrp gpio /dev/gpiochip* && chmod 660 /dev/gpiochip* # as udev does by our rule, where it runs
echo pull-down >"$VM_CHIP/sim_gpio0/pull"
holds "without DeviceAllow a unit may not open the chip" bash -c "$(declare -f opens); ! opens DevicePolicy=closed"
holds "with DeviceAllow=char-gpiochip it may" opens DevicePolicy=closed 'DeviceAllow=char-gpiochip rw'

cat >$etc/devices.d/lines.yaml <<'X'
buses:
  - {name: board, driver: gpio, chip: campus-sim}
devices:
  - {name: panic-line, bus: board, line: PANIC, edge: leading, debounce: 300ms, place: gatehouse-south, supervision: 1min, points: [{metric: panic}]}
  - {name: siren-duty, bus: board, line: SIREN, direction: out, safe: "off", place: duty-room, supervision: 1min, points: [{metric: circuit}]}
outputs:
  - {name: sound, points: [duty-room/circuit], places: [gatehouse-south], severities: [P1], on_for: 10min}
X
holds "the lines come with a reload" systemctl reload campus-gateway
holds "the siren is off" siren 0
echo pull-up >"$VM_CHIP/sim_gpio0/pull"
holds "the pressed line raises its alarm" alarm
holds "the siren sounds" siren 1

mkdir -p /run/systemd/system/campus-gateway.service.d
printf '[Service]\nRestart=no\n' >/run/systemd/system/campus-gateway.service.d/once.conf
systemctl daemon-reload
systemctl kill --signal KILL --kill-who main campus-gateway
holds "the unit is killed and stays down" bash -c '! systemctl is-active --quiet campus-gateway'
holds "the siren goes to its safe state" siren 0
rm -r /run/systemd/system/campus-gateway.service.d
systemctl daemon-reload
holds "started again" systemctl start campus-gateway
holds "the alarm is still there" alarm
holds "and the siren sounds again" siren 1

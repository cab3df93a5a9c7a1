#!/usr/bin/env bash
# probe.sh - inside a system whose process 1 is systemd: the life of the two units.
# Status 0 = every line says ok.
# shellcheck disable=SC2317 # all is called by holds
etc=/etc/campus-gateway
# shellcheck source=tests/systemd/holds.sh
. "$(dirname "$0")/holds.sh"

property() {
    systemctl show --property "$1" --value "${2:-campus-gateway}"
}

answers() { campusctl status; }
restarted() { [ "$(property MainPID)" != "$before" ] && [ "$(property ActiveState)" = active ] && answers; }
same() { [ "$(property MainPID)" = "$before" ] && answers; }
said() { journalctl --no-pager --unit campus-gateway --output cat | grep -q "$1"; }
confined() {
    local status
    status=/proc/$(property MainPID)/status
    grep -q '^CapBnd:.0000000000000000' "$status" && grep -q '^Seccomp:.2' "$status" &&
        grep -q '^NoNewPrivs:.1' "$status" && [ "$(stat -c %U "/proc/$(property MainPID)")" = campus-gateway ]
}

# --- started with the machine ----------------------------------------------------------------
holds "started at boot, ready" answers
holds "the holder of the outputs runs" systemctl is-active --quiet campus-gpio-holder
holds "no capability, no new privileges, system calls filtered, not root" confined
holder=$(property MainPID campus-gpio-holder)

# --- reloaded --------------------------------------------------------------------------------
before=$(property MainPID)
cp -r /school/school/. $etc/
holds "reload takes a new device, in the same process" systemctl reload campus-gateway
holds "the device is there" bash -c 'campusctl devices | grep -q panic-gate'
holds "still the same process" same
echo 'buses: {' >$etc/devices.d/broken.yaml
holds "reload of a faulty file fails" bash -c '! systemctl reload campus-gateway'
holds "and changes nothing" same
rm $etc/devices.d/broken.yaml

# --- real lines, where there are some --------------------------------------------------------
if [ -n "${VM_CHIP:-}" ]; then
    bash /school/lines.sh || failed=1
fi

# --- killed, hung ----------------------------------------------------------------------------
before=$(property MainPID)
kill -KILL "$before"
holds "killed, it is back" restarted
before=$(property MainPID)
kill -STOP "$before"
holds "hung, the watchdog ends it and it is back" restarted
holds "the journal says why" said 'Watchdog timeout\|watchdog'
holds "the holder has outlived both" test "$(property MainPID campus-gpio-holder)" = "$holder"

# --- upgraded, stopped, removed ----------------------------------------------------------------
before=$(property MainPID)
dpkg --install /packages/campus-gateway_*.deb >/tmp/dpkg.log 2>&1 </dev/null || cat /tmp/dpkg.log
holds "an upgrade restarts it" restarted
holds "and leaves the holder as it is" test "$(property MainPID campus-gpio-holder)" = "$holder"
systemctl stop campus-gateway
holds "stopped in order" test "$(property Result)" = success
systemctl start campus-gateway
dpkg --remove campus-gateway >/tmp/dpkg.log 2>&1 </dev/null || cat /tmp/dpkg.log
holds "a removal stops both" bash -c '! pgrep -x "campus-gatewayd|campus-gpio-hold"'
exit $failed

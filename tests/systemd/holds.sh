# shellcheck shell=bash
# holds.sh - to be sourced by what runs inside a system whose process 1 is systemd.
# shellcheck disable=SC2034 # read by those
failed=0

# holds WHAT COMMAND... - tries for 90 s; a watchdog of 20 s and a busy machine fit in.
holds() {
    local what=$1
    shift
    for _ in {1..450}; do
        if "$@" >/dev/null 2>&1; then
            echo "ok    $what"
            return 0
        fi
        sleep 0.2
    done
    echo "FAIL  $what"
    campusctl buses
    campusctl devices
    journalctl --no-pager --quiet --lines 15 --unit campus-gateway --unit campus-gpio-holder
    failed=1
    return 1
}

#!/usr/bin/env bash
# boot.sh container|machine - the package under a systemd that is process 1: started,
# reloaded, killed, hung, upgraded and removed (probe.sh), in a bare Debian of this release.
#
# container  systemd-nspawn; no memory accounting, no GPIO lines
# machine    the QEMU of tests/vm, with a chip whose lines the probe pulls
# Needs root, name spaces and, for the container, control groups.  Where a machine that
# runs this has none, nspawn's own words say so, and it fails.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
kind=${1:?usage: boot.sh container|machine}
# shellcheck disable=SC1091 # of this machine
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
system=$PWD/build/debian/$suite-systemd
log=build/systemd-$kind.log
work=$(mktemp -d "$PWD/build/systemd.XXXXXX")
trap 'rm -rf "$work"' EXIT

mapfile -t built < <(debian/build.sh)
mkdir -p "$work"/{deb,layer,root,work,upper,out}
cp "${built[0]}" "$work/deb/"
package=/deb/$(basename "${built[0]}")
if [ ! -e "$system.made" ]; then # what the package needs, once
    rm -rf "$system"
    tests/debian/fresh.sh "$suite" --bind "$work/deb:/deb" --save "$system" "apt-get -qq update &&
        apt-get -qq -y install systemd-sysv dbus procps $package && dpkg --purge campus-gateway" \
        >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
    touch "$system.made"
fi
tests/debian/fresh.sh "$suite" --with "$system" --save "$work/layer" --bind "$work/deb:/deb" \
    --bind "$PWD:/tree" "dpkg --install $package && mkdir /school /packages /out &&
    cp $package /packages/ && cp -r /tree/tests/deb/school /tree/tests/systemd/{probe,lines,holds}.sh /school/ &&
    cp /tree/tests/systemd/probe.service /etc/systemd/system/ && systemctl enable probe" \
    >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }

export lower=$work/layer:$system:$PWD/build/debian/$suite work
# shellcheck disable=SC2016 # the inner shell's
mount_and='set -e; mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/work" overlay "$work/root"'
status=0
case $kind in
container)
    timeout 300 unshare --mount --propagation private bash -c "$mount_and
        exec systemd-nspawn --quiet --directory=\"\$work/root\" --register=no --keep-unit \
            --private-network --bind=\"\$work/out:/out\" --boot --console=pipe" >"$log" 2>&1 </dev/null || true
    cat "$work/out/log" 2>/dev/null || tail -n 20 "$log"
    status=$(cat "$work/out/status" 2>/dev/null || echo 125)
    ;;
machine)
    unshare --mount --propagation private bash -c "$mount_and
        systemctl --root=\"\$work/root\" --quiet disable probe
        tests/vm/run.sh --systemd --root \"\$work/root\" --lines PANIC,SIREN --timeout 1200 \
            bash /school/probe.sh" || status=$?
    ;;
*)
    echo "boot.sh: container or machine?" >&2
    exit 2
    ;;
esac
[ "$status" = 0 ] && echo "systemd: $kind of $suite: every step of the unit's life holds"
exit "$status"

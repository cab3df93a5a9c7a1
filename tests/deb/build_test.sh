#!/usr/bin/env bash
# build_test.sh - the package of this machine: built, looked into, judged by lintian, and
# taken through install, upgrade, removal and purge in a root of its own.
#
# Quick, and part of ./dev test; bare.sh does the same and more in whole bare systems.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
mapfile -t built < <(debian/build.sh)
gateway=${built[0]}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "deb: $*" >&2
    exit 1
}

# holds PATH... - the package has them.
dpkg-deb --contents "$gateway" | awk '{print $6}' | sed 's,^\.,,; s,^/lib/,/usr/lib/,' >"$work/contents"
for path in /usr/bin/campus-gatewayd /usr/bin/campusctl /usr/lib/systemd/system/campus-gateway.service \
    /usr/lib/sysusers.d/campus-gateway.conf /usr/lib/tmpfiles.d/campus-gateway.conf \
    /usr/lib/sysctl.d/50-campus-gateway.conf /usr/lib/udev/rules.d/60-campus-gateway.rules \
    /usr/share/campus-gateway/metrics.yaml /usr/share/campus-gateway/mosquitto/campus.conf \
    /etc/campus-gateway/rules /usr/share/doc/campus-gateway/copyright; do
    grep -qxF "$path" "$work/contents" || fail "$path is not in $gateway"
done
for file in etc/mappings/*.yaml etc/rules/*.yaml etc/templates/*.yaml; do
    grep -qxF "/usr/share/campus-gateway/${file#etc/}" "$work/contents" || fail "$file is not in $gateway"
done
dpkg-deb --info "$gateway" conffiles >"$work/conffiles" 2>/dev/null &&
    fail "has conffiles, about which dpkg asks: $(cat "$work/conffiles")"
dpkg-deb --field "$gateway" Depends | grep -q 'libmosquitto1.*libsqlite3-0' ||
    fail "its libraries are not among what it depends on"

lintian --fail-on error --tag-display-limit 0 build/deb/campus-gateway_*"_$(dpkg --print-architecture).changes" \
    >"$work/lintian" 2>&1 || fail "lintian: $(cat "$work/lintian")"

# The maintainer scripts honour DPKG_ROOT, so no chroot is needed.
root=$work/root
mkdir -p "$root"/var/lib/dpkg/{info,updates} "$root/etc"
touch "$root/var/lib/dpkg/status"
in_root() {
    dpkg --root="$root" --force-script-chrootless --force-not-root --force-depends "$@" \
        </dev/null >"$work/dpkg.log" 2>&1 || fail "dpkg $*: $(cat "$work/dpkg.log")"
}
older=$(tests/deb/older.sh "$gateway" "$work")
etc=$root/etc/campus-gateway

mkdir -p "$etc/templates" # as the sources installed it, before there was a package
echo own >"$etc/templates/own.yaml"
in_root --install "$older"
[ -L "$etc/templates" ] || fail "templates/ is not the package's"
[ -e "$etc/templates.d/own.yaml" ] || fail "a school's template was lost"
[ -e "$etc/devices.d/example.yaml" ] || fail "no example of a device"
echo '# ours' >>"$etc/gateway.yaml"
rm "$etc/devices.d/example.yaml"
cp "$etc/gateway.yaml" "$work/gateway.yaml"
in_root --install "$gateway"
cmp -s "$etc/gateway.yaml" "$work/gateway.yaml" || fail "the upgrade changed gateway.yaml"
[ ! -e "$etc/devices.d/example.yaml" ] || fail "the upgrade brought back what was deleted"
cmp -s "$root/usr/share/campus-gateway/rules/air.yaml" etc/rules/air.yaml ||
    fail "the upgrade did not replace a rule"
in_root --remove campus-gateway
cmp -s "$etc/gateway.yaml" "$work/gateway.yaml" || fail "the removal took gateway.yaml"
in_root --purge campus-gateway
left=$(cd "$root" && find . -not -path './var/lib/dpkg/*' \( -type f -o -type l \) | sort | tr '\n' ' ')
[ "$left" = "./etc/.pwd.lock ./etc/group ./etc/gshadow ./etc/passwd ./etc/shadow " ] ||
    fail "after the purge there is: $left"
echo "deb: $(basename "$gateway"): contents, lintian, install, upgrade, remove and purge hold"

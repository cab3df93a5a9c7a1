#!/usr/bin/env bash
# units_test.sh - the files of systemd/, each judged by the tool that will read it, as the
# package (built before, see debian/build.sh) puts them in place.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
package=$(find build/deb -maxdepth 1 -name "campus-gateway_$version+*_$(dpkg --print-architecture).deb")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# At most 1.5 of 10 (0 = nothing can be got at); in tenths, as the tool wants it.
most_exposed=15

fail() {
    echo "systemd: $*" >&2
    exit 1
}

# A root with the package, and beside its units those that they name.
mkdir -p "$root"/usr/{bin,sbin,lib/systemd} "$root/etc"
for folder in bin sbin lib; do
    ln -s "usr/$folder" "$root/$folder"
done
cp -a /usr/lib/systemd/system "$root/usr/lib/systemd/"
dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root"
mapfile -t units < <(cd systemd && ls ./*.service)

for unit in "${units[@]#./}"; do
    said=$(systemd-analyze verify --man=no --root="$root" "$unit" 2>&1) || true
    said=$(grep -F "$unit" <<<"$said" || true) # not what it says of the system's own units
    [ -z "$said" ] || fail "$said"
    path=$root/usr/lib/systemd/system/$unit
    judged=$(systemd-analyze security --no-pager --offline=true --threshold=$most_exposed "$path" 2>&1) ||
        fail "$(tail -n 1 <<<"$judged") (at most $((most_exposed / 10)).$((most_exposed % 10)))"
    echo "$unit: $(sed -n 's/^.*exposure level.*: \([0-9.]*\).*/exposure \1/p' <<<"$judged")"
done

# The two checks above can fail.
unit=$root/usr/lib/systemd/system/campus-gateway.service
cp "$unit" "$root/kept"
sed -i 's/^NoNewPrivileges=.*//' "$unit"
systemd-analyze security --no-pager --offline=true --threshold=$most_exposed "$unit" >/dev/null 2>&1 &&
    fail "a unit with new privileges passes"
sed 's/^RestartSec=/RestartSecs=/' "$root/kept" >"$unit"
systemd-analyze verify --man=no --root="$root" campus-gateway.service 2>&1 | grep -q campus-gateway.service ||
    fail "a misspelt key passes"
cp "$root/kept" "$unit"

# Users and groups: made, twice without a fault, and every one that a unit or a rule names.
cp /usr/share/base-passwd/passwd.master "$root/etc/passwd"
cp /usr/share/base-passwd/group.master "$root/etc/group"
systemd-sysusers --root="$root" campus-gateway.conf 2>"$root/said" || fail "$(cat "$root/said")"
systemd-sysusers --root="$root" campus-gateway.conf 2>"$root/said" || fail "$(cat "$root/said")"
for group in $(sed -n 's/^\(SupplementaryGroups\|Group\)=//p' "${units[@]/#.\//systemd/}") \
    $(grep -oP 'GROUP="\K\w+' systemd/campus-gateway.udev) campus-{viewer,guard,leader,engineer,admin}; do
    grep -q "^$group:" "$root/etc/group" || fail "no group $group"
done
sed -n 's/^User=//p' "${units[@]/#.\//systemd/}" | while read -r user; do
    grep -q "^$user:.*:/usr/sbin/nologin$" "$root/etc/passwd" || fail "user $user may log in, or is not there"
done

systemd-tmpfiles --root="$root" --create campus-gateway.conf 2>"$root/said" || fail "$(cat "$root/said")"
[ ! -s "$root/said" ] || fail "$(cat "$root/said")"
[ "$(stat -c %a "$root/var/lib/campus-gateway")" = 750 ] || fail "the state folder is not made"

# A network of its own has its own value, and nothing of this machine's changes.
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
range=$("${as_root[@]}" unshare --net bash -c "/usr/lib/systemd/systemd-sysctl \
    '$root/usr/lib/sysctl.d/50-campus-gateway.conf' && cat /proc/sys/net/ipv4/ping_group_range")
[ "$(tr '\t' ' ' <<<"$range")" = "0 2147483647" ] || fail "ping_group_range is '$range'"

rules=$(find "$root/usr/lib/udev/rules.d" -name '*campus*')
if udevadm verify --help >/dev/null 2>&1; then
    # late: the group is the root's, looked for above, and not this machine's
    udevadm verify --resolve-names=late "$rules" >/dev/null 2>"$root/said" || fail "$(cat "$root/said")"
    sed 's/KERNEL==/KERNAL==/' "$rules" >"$root/misspelt.rules"
    udevadm verify --resolve-names=late "$root/misspelt.rules" >/dev/null 2>&1 && fail "a misspelt udev key passes"
    echo "udev rules: udevadm of systemd $(udevadm --version) finds no fault"
else
    echo "udev rules: not judged here, systemd $(systemctl --version | awk 'NR == 1 {print $2}') has no 'udevadm verify'"
fi
echo "systemd: units, users, folders, kernel settings and rules hold"

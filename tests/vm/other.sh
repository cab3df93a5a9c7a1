#!/usr/bin/env bash
# other.sh DIR - the Debian that this host is not (13 on 12, 12 on 13) in DIR, with this
# tree built in DIR/src: there is the other libgpiod.  As root; done once, then only built
# anew.  Used as `run.sh --root DIR`.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$(readlink -f "$here/../..")
dir=$(readlink -m "${1:?usage: other.sh DIR}")

suite=trixie
grep -q VERSION_CODENAME=trixie /etc/os-release && suite=bookworm

# what a build and the checks of this folder need
packages=$(bash -c 'source <(sed -n "/^build_packages=(/,/)/p" "$1"); IFS=,; echo "${build_packages[*]}"' \
    _ "$tree/dev"),mosquitto,mosquitto-clients,python3

command -v debootstrap >/dev/null || { echo "other.sh needs the Debian package debootstrap" >&2; exit 2; }
if [ "$(cat "$dir/complete" 2>/dev/null)" != "$packages" ]; then
    rm -rf "$dir"
    mkdir -p "$dir"
    debootstrap --variant=minbase --include="$packages" "$suite" "$dir" "$("$here/mirror.sh")" \
        >"$dir.log" 2>&1 || { tail -n 20 "$dir.log" >&2; exit 1; }
    echo "$packages" >"$dir/complete"
fi

mkdir -p "$dir/src"
(cd "$tree" && git ls-files -z --cached --others --exclude-standard |
    tar --null --ignore-failed-read -cf - -T -) | tar -C "$dir/src" -xf -
# of this host's environment nothing: a compiler's launcher, say, is not there
chroot "$dir" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    sh -c 'cd /src && cmake --preset release && ninja -C build/release' \
    >"$dir-build.log" 2>&1 || { grep -E 'error|FAILED' "$dir-build.log" >&2; exit 1; }
echo "$suite with libgpiod $(chroot "$dir" pkg-config --modversion libgpiod) in $dir"

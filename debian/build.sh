#!/usr/bin/env bash
# build.sh [ARCH] - the packages of this tree for this Debian, into build/deb.
#
# Works on a copy of the tracked files, so that nothing of debhelper's lies about in the
# tree.  A foreign ARCH is built against a sysroot of its own; neither dpkg nor apt of this
# machine learn of it.  The version names the Debian release that it is linked for
# (0.1.0+deb12): so an upgrade of Debian is an upgrade of the package, too.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

own=$(dpkg --print-architecture)
arch=${1:-$own}
out=$PWD/build/deb
work=$out/$arch
tree=$work/campus-gateway
log=$work.log

version=$(sed -n 's/^project(.* VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
written=$(dpkg-parsechangelog --show-field Version)
if [ "$version" != "$written" ]; then
    echo "CMakeLists.txt says version $version, debian/changelog $written" >&2
    exit 1
fi
# shellcheck disable=SC1091 # of this machine
release=$(. /etc/os-release && echo "${VERSION_ID:-${VERSION_CODENAME:?}}")

rm -rf "$work"
mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from - --ignore-failed-read 2>"$log" | tar --extract -C "$tree"
sed -i "1s/($version)/($version+deb$release)/" "$tree/debian/changelog"
options=(--build=binary --no-sign)
if [ "$arch" != "$own" ]; then
    export GW_SYSROOT=$PWD/build/sysroot-$arch
    tests/arm64/sysroot.sh "$GW_SYSROOT"
    options+=(--host-arch "$arch" --no-check-builddeps)
fi
if ! (cd "$tree" && dpkg-buildpackage "${options[@]}") >"$log" 2>&1; then
    grep -E 'error|Error|unmet' "$log" >&2 || tail -n 40 "$log" >&2
    echo "the package was not built; the whole log is in $log" >&2
    exit 1
fi
mv "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$out/"
for package in campus-gateway campus-county; do
    echo "build/deb/${package}_$version+deb${release}_$arch.deb"
done

#!/usr/bin/env bash
# sysroot.sh DIR - the arm64 libraries of this Debian, unpacked into DIR to build against.
#
# apt gets lists, cache and state of its own, so neither it nor dpkg of this machine learn of
# a foreign architecture.  DIR/dpkg is a database of what was unpacked, with DIR before every
# path: dpkg-shlibdeps finds there which package a library of DIR belongs to.
# What is there already is kept as long as the same packages are wanted.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
arch=arm64
dir=$1
mkdir -p "$dir"
dir=$(readlink -f "$dir")
apt=$dir.apt

# The libraries of the build, the C library and compiler's part, and cmocka for the tests.
wanted=$(sed -n '/^Build-Depends/,/^[A-Z][^u]/p' debian/control | grep -oE 'lib[a-z0-9-]+-dev')
wanted="$wanted libc6-dev libgcc-$(gcc -dumpversion | cut -d. -f1)-dev libcmocka-dev"
if [ "$(cat "$dir/wanted" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

rm -rf "$dir" "$apt"
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$dir/dpkg/info" "$dir"/usr/{bin,sbin,lib}
: >"$apt/status"
cat >"$apt/apt.conf" <<X
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State::Lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
X
export APT_CONFIG=$apt/apt.conf
apt-get -qq update
# shellcheck disable=SC2086 # a list
apt-get -qq -y --download-only install $wanted >"$apt/log"

for folder in bin sbin lib; do
    ln -s "usr/$folder" "$dir/$folder"
done
echo 1 >"$dir/dpkg/info/format"
# recorded PACKAGE_FILE - the package's row, files and library versions for DIR/dpkg.
recorded() {
    local name control=$apt/control
    rm -rf "$control"
    dpkg-deb --control "$1" "$control"
    name=$(dpkg-deb --field "$1" Package)
    if [ "$(dpkg-deb --field "$1" Multi-Arch)" = same ]; then
        name=$name:$arch
    fi
    { echo "Status: install ok installed" && cat "$control/control" && echo; } >>"$dir/dpkg/status"
    dpkg-deb --fsys-tarfile "$1" | tar -t | sed -n "s,^\./\(.*[^/]\)\$,$dir/\1,p" |
        sed "p; s,^$dir/lib/,$dir/usr/lib/," | sort -u >"$dir/dpkg/info/$name.list"
    for file in shlibs symbols; do
        [ ! -e "$control/$file" ] || cp "$control/$file" "$dir/dpkg/info/$name.$file"
    done
}
for package in "$apt"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$dir"
    recorded "$package"
done
# An absolute link inside must not lead to this machine's own files.
find "$dir/usr/lib" -type l -lname '/*' -printf '%p %l\n' | while read -r link target; do
    ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$dir$target")" "$link"
done
echo "$wanted" >"$dir/wanted"
rm -rf "$apt/archives"
echo "sysroot: $(find "$dir/dpkg/info" -name '*.list' | wc -l) packages, $(du -sm "$dir" | cut -f1) MB"

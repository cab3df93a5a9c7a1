#!/usr/bin/env bash
# kernel.sh DIR - leaves in DIR what a test machine boots: vmlinux and modules/NN-NAME.ko.
#
# Debian 12's kernel, also on a Debian 13 host: its GPIO speaks to libgpiod 1.6 and 2 alike.
# No Debian kernel has gpio-sim, the chip whose wires a test pulls: it is built here from
# the kernel's own source, with irq_sim folded in, which is not switched on either.
# Everything comes by a private apt root, so the host's packages and lists are not touched
# and no right of root is needed.  Done once; about 240 MB are fetched, 70 MB kept.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
mkdir -p "${1:?usage: kernel.sh DIR}"
dir=$(readlink -f "$1")

modules=(configfs gpio-sim virtio_pci 9p 9pnet_virtio overlay autofs4)

# What the cache depends on: other words here, another kernel there.
stamp=$(cat "$here/kernel.sh" "$here/unpack_vmlinux.py" | sha256sum)
[ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ] && exit 0

work=$(mktemp -d "$dir/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial} "$work/unpacked"
: >"$work/apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $("$here/mirror.sh") bookworm main" \
    >"$work/apt/sources.list"
apt_options=(-qq -o "Dir::State=$work/apt/state" -o "Dir::State::status=$work/apt/status"
    -o "Dir::Cache=$work/apt/cache" -o "Dir::Etc::sourcelist=$work/apt/sources.list"
    -o Dir::Etc::sourceparts=- -o APT::Architecture=amd64 -o APT::Architectures=amd64
    -o APT::Sandbox::User="$(id -un)")
apt-get "${apt_options[@]}" update

# fetch PACKAGE... - into $work.
fetch() {
    (cd "$work" && apt-get "${apt_options[@]}" download "$@")
}

version=$(apt-cache "${apt_options[@]}" depends linux-image-amd64 |
    sed -n 's/.*Depends: linux-image-\([0-9][^ ]*-amd64\)$/\1/p' | head -n 1)
fetch "linux-image-$version" "linux-headers-$version" "linux-headers-${version%-amd64}-common" \
    linux-kbuild-6.1 linux-source-6.1 libelf1
for package in "$work"/linux-image-* "$work"/linux-headers-* "$work"/linux-kbuild-* "$work"/libelf1_*; do
    dpkg-deb -x "$package" "$work/unpacked"
done

# The headers name their common half by where a package would have put it.
headers=$work/unpacked/usr/src/linux-headers-$version
sed -i "s|/usr/src/|$work/unpacked/usr/src/|" "$headers/Makefile"

mkdir "$work/source" "$work/gpio-sim"
dpkg-deb --fsys-tarfile "$work"/linux-source-6.1_*.deb |
    tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
    tar -xJ -C "$work/source" --strip-components=1 --wildcards \
        '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c'
cp "$work/source/drivers/gpio/gpiolib.h" "$work/gpio-sim"
{
    # irq_to_desc() is for the kernel alone; generic_handle_irq() does the same from outside
    sed '/EXPORT_SYMBOL/d; s/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' \
        "$work/source/kernel/irq/irq_sim.c"
    echo '#undef pr_fmt'
    cat "$work/source/drivers/gpio/gpio-sim.c"
} >"$work/gpio-sim/gpio-sim.c"
echo 'obj-m := gpio-sim.o' >"$work/gpio-sim/Kbuild"
log=$dir/gpio-sim.log
LD_LIBRARY_PATH=$work/unpacked/usr/lib/x86_64-linux-gnu \
    make -C "$headers" M="$work/gpio-sim" CC=gcc modules >"$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }
strip -g "$work/gpio-sim/gpio-sim.ko"
tree=$work/unpacked/lib/modules/$version
mv "$work/gpio-sim/gpio-sim.ko" "$tree/kernel/drivers/gpio/"

# add MODULE - it and, before it, what it depends on; numbered in the order of loading.
number=10
add() {
    local name=${1//-/_} file needed
    compgen -G "$work/modules/*-$name.ko" >/dev/null && return 0
    file=$(find "$tree/kernel" -name '*.ko' | sed "s|.*/|&\t|" |
        awk -F '\t' -v want="$name.ko" '{ n = $2; gsub("-", "_", n); if (n == want) print $1 $2 }')
    if [ -z "$file" ]; then
        grep -q "/${name//_/[-_]}\.ko$" "$tree/modules.builtin" && return 0
        echo "kernel $version has no module $1" >&2
        return 1
    fi
    for needed in $(grep -aoP '(^|\0)depends=\K[^\0]*' "$file" | tr -d '\0' | tr , ' '); do
        add "$needed"
    done
    cp "$file" "$work/modules/$number-$name.ko"
    number=$((number + 1))
}
mkdir "$work/modules"
for module in "${modules[@]}"; do
    add "$module"
done

python3 "$here/unpack_vmlinux.py" "$work/unpacked/boot/vmlinuz-$version" "$work/vmlinux"
rm -rf "$dir/modules"
mv "$work/modules" "$work/vmlinux" "$dir"
echo "$stamp" >"$dir/stamp"
echo "kernel $version with gpio-sim in $dir"

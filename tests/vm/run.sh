#!/usr/bin/env bash
# run.sh - runs a command in a test machine with real GPIO lines.
#
# The machine is QEMU without /dev/kvm (on many hosts it is there and cannot run this
# kernel), up in 3 s.  Its files are the host's own, or those of --root, seen read-only:
# whatever is built or installed there runs as it is, and what it writes is gone at the end.
# The chip `campus-sim` has the lines of --lines; a test pulls and reads them from outside
# in $VM_CHIP/sim_gpioN/pull (pull-up, pull-down) and .../value.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$(readlink -f "$here/../..")

usage='usage: run.sh [OPTION]... COMMAND [ARGUMENT]...
  --root DIR        root file system of the machine (default: /)
  --lines A,B,...   names of the lines of the chip (default: LINE0,...,LINE7)
  --memory MB       (default: 512)
  --cpus N          (default: 2)
  --timeout S       of the whole run (default: 120)
  --systemd         systemd is process 1; COMMAND is a unit of it, after multi-user.target
                    (with a --root of its own: all that is enabled there starts)
  --kernel DIR      where the kernel is kept (default: build/vm/kernel of this tree)
The status is that of COMMAND; 124 = time-out, 125 = the machine ended by itself.'

root=/ lines=LINE0,LINE1,LINE2,LINE3,LINE4,LINE5,LINE6,LINE7 memory=512 cpus=2 timeout=120
is_systemd=no kernel=$tree/build/vm/kernel
while [ $# -gt 0 ]; do
    case $1 in
    --root) root=$(readlink -f "$2"); shift 2 ;;
    --lines) lines=$2; shift 2 ;;
    --memory) memory=$2; shift 2 ;;
    --cpus) cpus=$2; shift 2 ;;
    --timeout) timeout=$2; shift 2 ;;
    --systemd) is_systemd=yes; shift ;;
    --kernel) kernel=$2; shift 2 ;;
    --help) echo "$usage"; exit 0 ;;
    --*) echo "$usage" >&2; exit 2 ;;
    *) break ;;
    esac
done
[ $# -gt 0 ] || { echo "$usage" >&2; exit 2; }

for program in qemu-system-x86_64:qemu-system-x86 cpio:cpio busybox:busybox-static make:make xz:xz-utils; do
    command -v "${program%:*}" >/dev/null ||
        { echo "run.sh needs the Debian package ${program#*:}" >&2; exit 2; }
done
"$here/kernel.sh" "$kernel"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/image/{bin,dev,proc,sys,vm}
cp "$(command -v busybox)" "$work/image/bin/busybox"
ln -s busybox "$work/image/bin/sh"
cp -r "$kernel/modules" "$work/image/modules"
cp "$here/vm-command.service" "$work/image/vm/"
install -m 755 "$here/init" "$work/image/init"
printf 'lines="%s"\nis_systemd=%s\n' "${lines//,/ }" "$is_systemd" >"$work/image/vm/words"
printf '%q ' "$@" >"$work/image/vm/command"
cat >"$work/image/vm/environment" <<EOT
VM_CHIP=
VM_LINES=$lines
VM_TREE=$([ "$root" = / ] && echo "$tree")
HOME=/root
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LANG=C.UTF-8
EOT
(cd "$work/image" && find . -print0 | cpio --null -o -H newc --quiet) >"$work/image.cpio"

words="console=ttyS0 panic=-1 quiet mitigations=off"
[ "$is_systemd" = yes ] && words+=" systemd.getty_auto=0 systemd.show_status=no quiet"
status=0
timeout "$timeout" qemu-system-x86_64 -M q35,accel=tcg -cpu qemu64 -smp "$cpus" -m "$memory" \
    -display none -nodefaults -no-reboot -serial stdio \
    -device isa-debug-exit,iobase=0x501,iosize=1 \
    -fsdev "local,id=host,path=$root,security_model=none,readonly=on,multidevs=remap" \
    -device virtio-9p-pci,fsdev=host,mount_tag=host \
    -kernel "$kernel/vmlinux" -initrd "$work/image.cpio" -append "$words" </dev/null |
    tr -d '\r' || status=${PIPESTATUS[0]}
# odd: the command's own word; even: a panic, or a power-off without one
[ "$status" = 124 ] && exit 124
[ $((status % 2)) = 1 ] && exit $((status / 2))
exit 125

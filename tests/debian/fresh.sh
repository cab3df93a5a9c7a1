#!/usr/bin/env bash
# fresh.sh SUITE [OPTION]... COMMAND - runs COMMAND as root in a bare Debian of its own.
#
#   --bind FROM:TO   a folder of this machine, to read there
#   --out FROM:TO    the same, to write
#   --with FOLDER    the bare system plus what FOLDER (made and kept by --save) holds
#   --offline        no network but a loopback of its own
#   --save FOLDER    what COMMAND changed is kept in FOLDER, for --with
#
# SUITE is bookworm or trixie: what debootstrap calls minbase, fetched once into
# build/debian.  Everything is written to a layer that is thrown away; processes that stay
# behind are ended.  There is no systemd as process 1, as in a chroot or a container.
# The status is COMMAND's.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$(readlink -f "$here/../..")
suite=${1:?usage: fresh.sh SUITE [OPTION]... COMMAND}
shift

base=$tree/build/debian/$suite
lower=$base
upper='' binds=() spaces=(--mount --pid)
while [ $# -gt 0 ]; do
    case $1 in
    --bind) binds+=("ro:$2"); shift 2 ;;
    --out) binds+=("rw:$2"); shift 2 ;;
    --offline) spaces+=(--net); shift ;;
    --with) lower=$2:$lower; shift 2 ;;
    --save) upper=$2; shift 2 ;;
    *) break ;;
    esac
done

if [ ! -e "$base.made" ]; then
    rm -rf "$base"
    mkdir -p "$base"
    debootstrap --variant=minbase "$suite" "$base" "$("$tree/tests/vm/mirror.sh")" >"$base.log" ||
        { tail -n 5 "$base.log" >&2; exit 1; }
    # The way to the archive is this machine's; what its own packages put there is not it,
    # and dpkg would ask about it.
    for file in /etc/apt/apt.conf.d/*; do
        dpkg --search "$file" >/dev/null 2>&1 || cp "$file" "$base/etc/apt/apt.conf.d/"
    done
    cp -L /etc/resolv.conf "$base/etc/resolv.conf"
    touch "$base.made"
fi

layer=$(mktemp -d "$tree/build/debian/layer.XXXXXX")
trap 'rm -rf "$layer"' EXIT
mkdir -p "$layer/work" "$layer/root" "${upper:=$layer/upper}"

# inside - in name spaces of its own, so that mounts and processes end with it.
inside() {
    local root=$1 bind
    shift
    mount -t overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$layer/work" overlay "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    for bind in "${binds[@]}"; do
        local mode=${bind%%:*} from to
        from=${bind#*:}
        to=$root${from#*:}
        mkdir -p "$to"
        mount --bind "${from%%:*}" "$to"
        [ "$mode" = rw ] || mount -o remount,ro,bind "$to"
    done
    [ ! -e /sys/class/net/lo ] || ip link set lo up
    exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive /bin/bash -c "$*" </dev/null
}
export lower upper layer
unshare "${spaces[@]}" --fork --kill-child --propagation private \
    bash -c "set -euo pipefail; $(declare -p binds); $(declare -f inside); inside \"\$@\"" inside "$layer/root" "$@"

#!/usr/bin/env bash
# older.sh PACKAGE DIR - the same package as an older release: version 0.0.9, a rule pack
# that the new one must replace, another example.  Prints its path in DIR.
set -euo pipefail
tree=$2/older
dpkg-deb --raw-extract "$1" "$tree"
version=$(dpkg-deb --field "$1" Version)
older=0.0.9+${version#*+}
sed -i "s/^Version: .*/Version: $older/" "$tree/DEBIAN/control"
echo 'rules: []' >"$tree/usr/share/campus-gateway/rules/air.yaml"
echo '# of the older release' >>"$tree/usr/share/campus-gateway/examples/gateway.yaml"
path=$2/$(basename "${1/$version/$older}")
dpkg-deb --root-owner-group --build "$tree" "$path" >/dev/null
echo "$path"

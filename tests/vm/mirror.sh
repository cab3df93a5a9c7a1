#!/usr/bin/env bash
# mirror.sh - prints where this host takes Debian from: what is fetched beside its own
# packages comes from there too.
set -euo pipefail
# shellcheck disable=SC2016 # apt's own variables
apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
    grep -m 1 '/debian/*$' ||
    { echo "no Debian archive among apt's sources" >&2; exit 1; }

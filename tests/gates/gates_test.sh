#!/usr/bin/env bash
# gates_test.sh - each gate passes on this tree and fails on a planted fault.
set -euo pipefail
cd "$(dirname "$0")/../.."
gates=$PWD/tests/gates
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# planted GATE FILE TEXT - the gate must refuse a copy of the tree with TEXT added to FILE.
planted() {
    local gate=$1 file=$2 text=$3 tree=$scratch/tree
    rm -rf "$tree"
    mkdir "$tree"
    git ls-files -z | xargs -0 cp --parents -t "$tree" 2>/dev/null || true
    printf '%b' "$text" >>"$tree/$file"
    (cd "$tree" && git init -q && git add -A)
    if "$tree/tests/gates/$gate.sh" >"$scratch/out" 2>&1; then
        echo "$gate.sh does not see: $text"
        exit 1
    fi
}

for gate in includes length words; do
    "$gates/$gate.sh"
done
planted includes gateway/store/store.h '#include "alarms/alarm.h"\n'
planted includes drivers/mqtt/mqtt.h '#include "base/clock.h"\n'
planted includes gateway/http/http.h '#include "store/store.h"\n'
planted length gateway/main.c "$(printf '\\n%.0s' {1..501})"
planted length gateway/main.c "static int long_one(void)\n{\n$(printf '    ;\\n%.0s' {1..60})}\n"
planted words gateway/main.c 'int x(char *a, char *b)\n{\n    strcpy(a, b);\n}\n'
planted words gateway/app.c '/* TODO */\n'
echo "gates: all hold, and each sees its planted fault"

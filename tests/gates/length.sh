#!/usr/bin/env bash
# length.sh - a file has at most 500 lines, a C function at most 60.
#
# A function is what clang-format leaves: an opening brace alone in column 1, a closing
# brace in column 1.
set -euo pipefail
cd "$(dirname "$0")/../.."

files() {
    git ls-files '*.c' '*.h' '*.py' '*.js' '*.css' '*.sh' dev '.ci/run'
}

faults=0
while read -r file; do
    [ -f "$file" ] || continue
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 500 ]; then
        echo "$file: $lines lines (at most 500)"
        faults=1
    fi
done < <(files)

# shellcheck disable=SC2016 # awk's own variables
long=$(files | grep '\.c$' | xargs awk '
    FNR == 1 { start = 0 }
    /^\{/ { start = FNR; name = last }
    /^\}/ && start { if (FNR - start + 1 > 60)
        printf "%s:%d: %d lines (at most 60): %s\n", FILENAME, start, FNR - start + 1, name
        start = 0 }
    /^[a-z].*\(/ { last = $0 }')
if [ -n "$long" ]; then
    echo "$long"
    faults=1
fi
exit "$faults"

#!/usr/bin/env bash
# words.sh - functions that this code does not call, and what no tracked file may hold.
set -euo pipefail
cd "$(dirname "$0")/../.."

faults=0

# say TITLE LINES - prints the findings of one check.
say() {
    [ -z "$2" ] && return 0
    printf '%s\n%s\n' "$1" "$2"
    faults=1
}

code() {
    git ls-files 'gateway/*.[ch]' 'drivers/*.[ch]' 'plugins/*.[ch]' 'county/*.[ch]'
}

say "forbidden functions:" "$(code | xargs grep -nE \
    '(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|alloca|rand|srand|setlocale|localtime|gmtime|asctime|ctime)[[:space:]]*\(' || true)"
say "exit() outside main.c:" "$(code | grep -v '/main\.c$' | xargs grep -nE '(^|[^a-z_])exit\(' || true)"
say "threads outside worker.c:" "$(code | grep -v 'base/worker\.c$' | xargs grep -nE 'pthread_create\(' || true)"
say "promises instead of work:" "$(code | xargs grep -nE 'TODO|FIXME|(^|[^X])XXX([^X]|$)|HACK' || true)"
say "paths of one machine:" "$(git grep -nIE '(^|[^a-z])/(work|farm|root|home)/' -- . ':!tests/gates/words.sh' || true)"
exit "$faults"

#!/usr/bin/env bash
# includes.sh - who may include whom: the table of docs/en/architecture.md.
#
# Prints every include that the table does not allow and exits 1.
set -euo pipefail
cd "$(dirname "$0")/../.."

# folder: what it may include besides itself and gw/
declare -A allowed=(
    [gateway/include/gw]=""
    [gateway/base]=""
    [gateway/config]="base"
    [gateway/campus]="base config"
    [gateway/field]="base config"
    [gateway/points]="base config"
    [gateway/alarms]="base"
    [gateway/rules]="base config campus points alarms"
    [gateway/facts]="base config campus points"
    [gateway/notify]="base config campus points alarms rules"
    [gateway/pipeline]="base config campus points alarms rules facts notify"
    [gateway/store]="base"
    [gateway/uplink]="base config store"
    [gateway/http]="base config campus points/point_table.h alarms/alarm.h rules/rule.h store/query.h store/trend.h"
    [gateway/cli]="base"
    [county/ingest]="base"
)
for module in drivers/* plugins/*; do
    [ -d "$module" ] && allowed[$module]=""
done

# may OWN_FOLDER WORDS INCLUDE - is INCLUDE in the folder's row of the table?
may() {
    local own=$1 words=$2 include=$3 word
    [[ $include == gw/* || $include != */* ]] && return 0
    [[ ${include%%/*} == "${own##*/}" ]] && return 0
    for word in $words; do
        [[ $include == "$word" || ${include%%/*} == "$word" ]] && return 0
    done
    return 1
}

faults=0
for folder in "${!allowed[@]}"; do
    while IFS=: read -r file line text; do
        include=${text#*\"}
        include=${include%%\"*}
        if [[ $include == ../* || $include == */../* ]]; then
            echo "$file:$line: '$include' climbs out of its folder"
            faults=1
        elif ! may "$folder" "${allowed[$folder]}" "$include"; then
            echo "$file:$line: $folder may not include '$include' (may: itself, gw/${allowed[$folder]:+, ${allowed[$folder]// /, }})"
            faults=1
        fi
    done < <(grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"' "$folder"/*.[ch] 2>/dev/null || true)
done
exit "$faults"

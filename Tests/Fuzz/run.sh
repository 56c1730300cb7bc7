#!/bin/bash
# Fuzzes the parsers, each with RUNS inputs (1,000,000) or for SECONDS_EACH seconds. What libFuzzer finds worth keeping
# goes to build/fuzz; --keep merges that, minimized, into Corpus, which `make unit` replays. What breaks a law or
# crashes lies in build/fuzz/<target>-crash-*.
# usage: run.sh [--keep] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/../.."
keep=""
if [ "${1:-}" = --keep ]; then keep=1; shift; fi
build() { EDGE_FUZZ=1 ${SWIFT:-swift} build -c release --product EdgeFuzz --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer "$@"; }
build
driver=$(build --show-bin-path)/EdgeFuzz
targets=${*:-$(ls Tests/Fuzz/Corpus)}
limit="-runs=${RUNS:-1000000}"
[ -z "${SECONDS_EACH:-}" ] || limit="-max_total_time=$SECONDS_EACH"
failed=""
for target in $targets; do
    export FUZZ_TARGET=$target
    found=build/fuzz/$target
    mkdir -p "$found"
    dictionary=Tests/Fuzz/Dictionaries/$target
    "$driver" "$found" "Tests/Fuzz/Corpus/$target" "$limit" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
        -print_final_stats=1 -artifact_prefix="$found-" $([ -f "$dictionary" ] && echo "-dict=$dictionary") \
        >"$found.log" 2>&1 || failed="$failed $target"
    echo "$target: $(grep -oE 'number_of_executed_units: [0-9]+' "$found.log" | grep -oE '[0-9]+' || echo 'see build/fuzz') inputs"
    [ -z "$keep" ] || "$driver" -merge=1 "Tests/Fuzz/Corpus/$target" "$found" >/dev/null 2>&1
done
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }

#!/bin/sh
# Runs every fuzzer in $1 for $2 seconds, each on a copy of tests/fuzz/corpus/NAME; ends with `N passed, N failed`.
# What makes one fail is kept in $1/found/NAME.
set -u

folder=$1
seconds=$2
passed=0
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for fuzzer in "$folder"/fuzz_*; do
    [ -x "$fuzzer" ] || continue
    name=${fuzzer##*/fuzz_}
    corpus=$scratch/$name
    found=$folder/found/$name
    mkdir -p "$corpus" "$found"
    [ ! -d "tests/fuzz/corpus/$name" ] || cp -R "tests/fuzz/corpus/$name/." "$corpus"
    if timeout $((seconds + 120)) "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -close_fd_mask=1 \
        -artifact_prefix="$found/" "$corpus" > "$scratch/log" 2>&1; then
        passed=$((passed + 1))
        echo "  ok    $name: $(grep "^Done" "$scratch/log")"
    else
        failed=$((failed + 1))
        echo "  FAIL  $name; the input is in $found"
        tail -n 60 "$scratch/log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

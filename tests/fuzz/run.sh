#!/bin/sh
# Runs fuzzers under ENGINE, libfuzzer or afl: run.sh ENGINE SECONDS FUZZER...; ends with `N passed, N failed`.
# Each runs for that long on a copy of tests/fuzz/corpus/NAME, with the words of tests/fuzz/NAME.dict if there are any.
# What makes one fail is kept in found/NAME beside it. JOBS at a time, as many as there are CPUs.
set -u

engine=$1
seconds=$2
shift 2

# run_libfuzzer FUZZER NAME FOUND
run_libfuzzer() {
    timeout $((seconds + 120)) "$1" ${dictionary:+"-dict=$dictionary"} -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -close_fd_mask=1 -artifact_prefix="$3/" "$scratch/$2" > "$log" 2>&1
    status=$?
    summary=$(grep '^Done' "$log")
    return $status
}

# run_afl FUZZER NAME FOUND: inputs that crash or hang, and then leaks in all that it kept
run_afl() {
    AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_FAST_CAL=1 \
        timeout $((seconds + 120)) afl-fuzz -V "$seconds" -t 10000 -m none ${dictionary:+-x "$dictionary"} \
        -i "$scratch/$2" -o "$scratch/afl-$2" -- "$1" > "$log" 2>&1 || return 1
    out=$scratch/afl-$2/default
    find "$out/crashes" "$out/hangs" -name 'id*' -exec cp {} "$3" ';'
    [ -z "$(ls "$3")" ] || return 1
    find "$out/queue" -name 'id*' -exec "$1" {} + > "$log" 2>&1 || return 1
    summary=$(awk -F' *: *' '$1 == "execs_done" || $1 == "corpus_count" { printf "%s %s ", $2, $1 }' "$out/fuzzer_stats")
}

# run_one FUZZER: and say in one piece how it went
run_one() {
    fuzzer=$1
    name=${fuzzer##*/fuzz_}
    found=${fuzzer%/*}/found/$name
    log=$scratch/$name.log
    dictionary=tests/fuzz/$name.dict
    [ -f "$dictionary" ] || dictionary=
    rm -rf "$found"
    mkdir -p "$scratch/$name" "$found"
    if [ -d "tests/fuzz/corpus/$name" ]; then
        cp -R "tests/fuzz/corpus/$name/." "$scratch/$name"
    else
        echo 0 > "$scratch/$name/seed"
    fi
    if "run_$engine" "$fuzzer" "$name" "$found"; then
        echo "  ok    $name: $summary" | tee "$scratch/$name.passed"
    else
        printf '%s\n' "$(echo "  FAIL  $name; the input is in $found" && tail -n 60 "$log")"
    fi
}

if [ -n "${FUZZ_SCRATCH:-}" ]; then
    scratch=$FUZZ_SCRATCH
    run_one "$1"
    exit 0
fi
scratch=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export TMPDIR="$scratch" FUZZ_SCRATCH="$scratch"
printf '%s\n' "$@" | xargs -P "${JOBS:-$(nproc)}" -n 1 "$0" "$engine" "$seconds"
passed=$(find "$scratch" -maxdepth 1 -name '*.passed' | wc -l)
failed=$(($# - passed)) # whether it said so or not
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

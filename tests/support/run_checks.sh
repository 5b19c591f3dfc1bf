#!/bin/sh
# Runs test programs, given as one word, from the repository's root; and the unit tests that start no process again,
# under valgrind. Programs for another machine are run by the command CAPCHAN_RUNNER, and valgrind cannot run them.
# JOBS at a time, one more than there are CPUs, since many wait most of the time; those whose source says "Runs alone"
# come last, one after the other. Prints one line each, the whole output of those that fail, and the sum of it, the
# last line in Check's own words.
set -u

export CK_DEFAULT_TIMEOUT="${CK_DEFAULT_TIMEOUT:-60}"

# name PROGRAM: as people call it, core/test_arena
name() { echo "${1#"$CAPCHAN_BUILD"/tests/}"; }

# is_for_valgrind PROGRAM: unit tests that neither start a process nor die on purpose
is_for_valgrind() {
    case $(name "$1") in
    core/* | locator/* | cm/* | broker/* | idl/* | gen/*)
        ! grep -qE '\b(fork|posix_spawnp?|popen|system|shell_run)\(|_raise_signal\(|_exit_test\(' "tests/$(name "$1").c"
        ;;
    *) false ;;
    esac
}

# run_valgrind PROGRAM: memory and descriptors must be given back
run_valgrind() {
    CK_FORK=no CAPCHAN_FEW_ROUNDS=1 timeout 600 valgrind -q --log-file="$log.valgrind" --leak-check=full --track-fds=yes \
        --suppressions=tests/support/valgrind.supp \
        --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 "$1" > "$log" 2>&1
    status=$?
    # a descriptor that is open in the end must be one that the program was started with, or the lookout's
    if awk '/ Open .*[0-9]/ { open = 1; fine = 0 }
            /inherited from parent|lookout[.]c:/ { fine = 1 }
            /== *$/ { lost += open && !fine; open = 0 }
            END { exit !lost }' "$log.valgrind"; then
        status=9
    fi
    [ "$status" -ne 9 ] || cat "$log.valgrind" >> "$log"
}

# report TITLE STATUS: add up what Check says in the log; print it, and leave the numbers beside it
report() {
    summary=$(grep -E '^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$' "$log")
    title=$1 status=$2
    # shellcheck disable=SC2046
    set -- $(echo "$summary" | awk '{ n += $3; bad += $5 + $7 } END { print n + 0, bad + 0 }')
    bad=$2
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$1" -eq 0 ]; }; then
        bad=1
    fi
    echo "$(($1 > bad ? $1 - bad : 0)) $bad" > "$log.counts"
    if [ "$bad" -eq 0 ]; then
        text=$(printf '  ok    %-40s %s' "$title" "$summary")
    else
        text=$(printf '  FAIL  %s (exit status %s)\n' "$title" "$status" && cat "$log")
    fi
    printf '%s\n' "$text" # in one piece, whoever else prints
}

# run_one HOW PROGRAM SCRATCH: HOW is directly or valgrind
run_one() {
    title=$(name "$2")
    [ "$1" = directly ] || title="valgrind $title"
    log=$3/$(echo "$title" | tr ' /' '--')
    if [ "$1" = directly ]; then
        # shellcheck disable=SC2086
        timeout 600 ${CAPCHAN_RUNNER:-} "$2" > "$log" 2>&1
        status=$?
    else
        run_valgrind "$2"
    fi
    report "$title" "$status"
}

# sort_out TEST...: into lists of what to run; what works all the time is long, the rest may wait
sort_out() {
    for test in "$@"; do
        source=tests/$(name "$test").c
        if grep -q 'Runs alone' "$source"; then
            echo "directly $test" >> "$scratch/alone"
        elif grep -qE '\b(gcc|cmake) ' "$source"; then
            echo "directly $test" >> "$scratch/long"
        else
            echo "directly $test" >> "$scratch/short"
        fi
    done
    case ${CAPCHAN_RUNNER:+for-another-machine}$CAPCHAN_BUILD in
    for-another-machine*) echo "  (without valgrind, which cannot run programs for another machine)" ;;
    *sanitize*) echo "  (without valgrind, which cannot run a sanitized build)" ;;
    *)
        for test in "$@"; do
            ! is_for_valgrind "$test" || echo "valgrind $test" >> "$scratch/long"
        done
        ;;
    esac
}

# run_all JOBS: what comes on stdin, "HOW PROGRAM" per line
run_all() { xargs -P "$1" -I '{}' sh -c "exec $0 --one {} $scratch"; }

if [ "$1" = --one ]; then
    shift
    run_one "$@"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
touch "$scratch/alone" "$scratch/long" "$scratch/short"
# shellcheck disable=SC2086
sort_out $1
paste -d '\n' "$scratch/long" "$scratch/short" | grep . | run_all "${JOBS:-$(($(nproc) + 1))}"
run_all 1 < "$scratch/alone"
# who left no numbers did not get as far
# shellcheck disable=SC2046
set -- $(cat "$scratch"/*.counts | awk -v n="$(cat "$scratch/long" "$scratch/short" "$scratch/alone" | wc -l)" \
    '{ passed += $1; failed += $2 } END { print passed + 0, failed + n - NR }')
echo "$1 passed, $2 failed"
echo "$(($1 + $2 > 0 ? 100 * $1 / ($1 + $2) : 0))%: Checks: $(($1 + $2)), Failures: $2, Errors: 0"
[ "$2" -eq 0 ] && [ "$1" -gt 0 ]

#!/bin/sh
# Runs test programs, given as one word, from the repository's root; then the unit tests that start no process again,
# under valgrind. Programs for another machine are run by the command CAPCHAN_RUNNER, and valgrind cannot run them.
# Prints one line each, the whole output of those that fail, and the sum of it, the last line in Check's own words.
set -u

export CK_DEFAULT_TIMEOUT="${CK_DEFAULT_TIMEOUT:-60}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/output
passed=0
failed=0

# name PROGRAM: as people call it, core/test_arena
name() { echo "${1#"$CAPCHAN_BUILD"/tests/}"; }

# count NAME STATUS: add up what Check says in the log, and print it
count() {
    name=$1 status=$2
    summary=$(grep -E '^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$' "$log")
    # shellcheck disable=SC2046
    set -- $(echo "$summary" | awk '{ n += $3; bad += $5 + $7 } END { print n + 0, bad + 0 }')
    bad=$2
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$1" -eq 0 ]; }; then
        bad=1
    fi
    passed=$((passed + ($1 > bad ? $1 - bad : 0)))
    failed=$((failed + bad))
    if [ "$bad" -eq 0 ]; then
        printf '  ok    %-40s %s\n' "$name" "$summary"
    else
        printf '  FAIL  %s (exit status %s)\n' "$name" "$status"
        cat "$log"
    fi
}

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
    CK_FORK=no timeout 600 valgrind -q --log-file="$scratch/valgrind" --leak-check=full --track-fds=yes \
        --suppressions=tests/support/valgrind.supp \
        --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 "$1" > "$log" 2>&1
    status=$?
    # a descriptor that is open in the end must be one that the program was started with, or the lookout's
    if awk '/ Open .*[0-9]/ { open = 1; fine = 0 }
            /inherited from parent|lookout[.]c:/ { fine = 1 }
            /== *$/ { lost += open && !fine; open = 0 }
            END { exit !lost }' "$scratch/valgrind"; then
        status=9
    fi
    [ "$status" -ne 9 ] || cat "$scratch/valgrind" >> "$log"
    count "valgrind $(name "$1")" "$status"
}

for test in $1; do
    # shellcheck disable=SC2086
    timeout 600 ${CAPCHAN_RUNNER:-} "$test" > "$log" 2>&1
    count "$(name "$test")" $?
done
case ${CAPCHAN_RUNNER:+for-another-machine}$CAPCHAN_BUILD in
for-another-machine*) echo "  (without valgrind, which cannot run programs for another machine)" ;;
*sanitize*) echo "  (without valgrind, which cannot run a sanitized build)" ;;
*)
    for test in $1; do
        if is_for_valgrind "$test"; then
            run_valgrind "$test"
        fi
    done
    ;;
esac
total=$((passed + failed))
echo "$passed passed, $failed failed"
echo "$((total > 0 ? 100 * passed / total : 0))%: Checks: $total, Failures: $failed, Errors: 0"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

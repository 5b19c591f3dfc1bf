#!/bin/sh
# Runs the long forms of the stress tests: run.sh ROUNDS TIMES; ends with `N passed, N failed`.
# ROUNDS are hand-overs, and calls from and to hostile ends; TIMES is how often a process is killed at each step of
# a call.
set -u

rounds=$1
times=$2
passed=0
failed=0

# run NAME PROGRAM ARGUMENT...
run() {
    name=$1
    shift
    echo "== $name"
    if "$@"; then
        passed=$((passed + 1))
        echo "  ok    $name"
    else
        failed=$((failed + 1))
        echo "  FAIL  $name"
    fi
}

tests=$CAPCHAN_BUILD/tests
run idle env CAPCHAN_LONG=1 "$tests/system/test_idle"
run steps env CAPCHAN_TIMES="$times" "$tests/stress/test_steps"
run "without a broker" env CAPCHAN_LONG=1 "$tests/system/test_brokerless"
run crowd env CAPCHAN_LONG=1 "$tests/stress/test_crowd"
run handover "$tests/stress/stress_handover" --rounds "$rounds"
run "hostile client" "$tests/stress/stress_hostile_client" --rounds "$rounds"
run "hostile server" "$tests/stress/stress_hostile_server" --rounds "$rounds"
run "handles, model" env CAPCHAN_LONG=1 "$tests/core/test_handles_model"
run "handles, round and round" env CAPCHAN_LONG=1 "$tests/system/test_wreck"
run "handles, revocation" env CAPCHAN_LONG=1 "$tests/stress/test_revocation"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

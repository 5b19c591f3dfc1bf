#!/bin/sh
# Runs every check of this folder from the repository's root; ends with `N passed, N failed`.
set -u

passed=0
failed=0
for check in tests/lint/check_*.sh; do
    if "$check"; then
        passed=$((passed + 1))
        echo "  ok    $check"
    else
        failed=$((failed + 1))
        echo "  FAIL  $check"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

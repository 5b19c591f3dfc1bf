#!/bin/bash
# Both libraries export exactly what core/exports.list names.
set -u

build=${CAPCHAN_BUILD:-build}
bad=0
LC_ALL=C sort -c core/exports.list || bad=1
nm -D --defined-only "$build/lib/libcapchan.so" | awk '$2 != "A" { print $3 }' | LC_ALL=C sort |
    diff <(LC_ALL=C sort core/exports.list) - || { echo "  ... libcapchan.so"; bad=1; }
nm -g --defined-only "$build/lib/libcapchan.a" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort |
    diff <(LC_ALL=C sort core/exports.list) - || { echo "  ... libcapchan.a"; bad=1; }
exit $bad

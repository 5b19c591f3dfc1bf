#!/bin/sh
# Warnings are errors with gcc and clang, with and without assertions; then the analysers' checks that find real bugs.
set -u

includes="-I. -Icore/include -Ilocator/include -I${CAPCHAN_BUILD:-build}/tests/generated"
warnings="-Wall -Wextra -Wshadow -Wundef -Wvla -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Werror"
sources=$(ls core/*.c locator/*.c locator/client/*.c broker/*.c cli/*.c idl/*.c gen/*.c)
checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions'
checks="$checks,-bugprone-implicit-widening-of-multiplication-result,-bugprone-macro-parentheses"
checks="$checks,-bugprone-assignment-in-if-condition,-bugprone-not-null-terminated-result"
checks="$checks,clang-analyzer-core.*,clang-analyzer-unix.*,clang-analyzer-deadcode.*"
bad=0

for compiler in gcc clang "gcc -DNDEBUG -O2"; do
    for source in $sources tests/*/*.c; do
        case $source in tests/fuzz/*) continue ;; esac
        # shellcheck disable=SC2086
        $compiler -std=gnu11 -D_GNU_SOURCE $warnings $includes -fsyntax-only "$source" || bad=1
    done
done
# shellcheck disable=SC2086
printf '%s\n' $sources | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet --warnings-as-errors="*" --checks="$0" "$@" -- \
    -std=gnu11 -D_GNU_SOURCE -I. -Icore/include -Ilocator/include 2> /dev/null' "$checks" || bad=1
cppcheck --quiet --enable=warning,portability --inline-suppr --error-exitcode=1 --std=c11 -D__GNUC__ \
    --suppress=missingIncludeSystem -I. -Icore/include -Ilocator/include -j 2 $sources || bad=1
exit $bad

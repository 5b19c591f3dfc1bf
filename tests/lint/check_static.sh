#!/bin/sh
# The analysers' checks that find real bugs. Those left out do not know __attribute__((cleanup)) (unix.Malloc,
# deadcode), that errno is never 0 after a failure (uninitialized, UndefinedBinaryOperatorResult, NonNullParamChecker),
# or are about taste.
set -u

includes="-I. -Icore/include -Ilocator/include -Icm/include -I${CAPCHAN_BUILD:-build}/cm/generated"
sources=$(find core locator cm broker cli idl gen -name '*.c')
checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions'
checks="$checks,-bugprone-implicit-widening-of-multiplication-result,-bugprone-macro-parentheses"
checks="$checks,-bugprone-assignment-in-if-condition,-bugprone-not-null-terminated-result,-bugprone-sizeof-expression"
checks="$checks,-bugprone-signed-char-misuse,clang-analyzer-core.*,-clang-analyzer-core.uninitialized.*"
checks="$checks,-clang-analyzer-core.UndefinedBinaryOperatorResult,-clang-analyzer-core.NonNullParamChecker"
checks="$checks,clang-analyzer-unix.*,-clang-analyzer-unix.Malloc"
checks="$checks,clang-analyzer-security.*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
bad=0

# what is on stderr is a count of suppressed warnings; errors are on stdout
printf '%s\n' $sources | xargs -P 2 -n 4 sh -c 'clang-tidy --quiet --warnings-as-errors="*" --checks="$0" "$@" -- \
    -std=gnu11 -D_GNU_SOURCE '"$includes"' 2> /dev/null' "$checks" || bad=1
# shellcheck disable=SC2086
cppcheck --quiet --enable=warning,portability --inline-suppr --error-exitcode=1 --std=c11 -D__GNUC__ -j 2 \
    --suppress=missingIncludeSystem --suppress=memleak --suppress=resourceLeak $includes $sources || bad=1
exit $bad

#!/bin/sh
# Everything compiles without a warning, with gcc and clang, with and without assertions, generated code included.
set -u

build=${CAPCHAN_BUILD:-build}
bad=0

# try NAME COMPILER FLAGS: a build of its own, which only compiles again what has changed
try() {
    MAKEFLAGS='' make -s -k -j2 BUILD="$build/lint/$1" SANITIZE='' CC="$2" CFLAGS="$3 -Werror" tests > /dev/null ||
        { echo "  ... with $2 $3"; bad=1; }
}

try gcc gcc -O2
try gcc-ndebug gcc "-O0 -DNDEBUG"
try clang clang -O0
exit $bad

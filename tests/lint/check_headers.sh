#!/bin/sh
# Every public header compiles alone and first, as C and C++, inside extern "C", and with all others in any order,
# without any warning; those of rtl_cpp as C++.
set -u

build=${CAPCHAN_BUILD:-build}
strict="-Wall -Wextra -Wconversion -Wsign-conversion -Wpedantic -Werror -fsyntax-only"
headers="$(for module in core locator cm; do (cd $module/include && find . -name '*.h'); done | sed 's|^\./||')
kl/core/Types.idl.h"
c_headers=$(printf '%s\n' "$headers" | grep -v '^rtl_cpp/')
bad=0

# try HEADER COMPILER...: compile a file that includes HEADER twice
try() {
    header=$1
    shift
    printf '#include <%s>\n#include <%s>\nextern int not_empty;\n' "$header" "$header" |
        "$@" -I "$build/include" $strict - || { echo "  ... <$header> with $*"; bad=1; }
}

# try_orders HEADERS COMPILER...: compile a file that includes all of them, and one that does so backwards
try_orders() {
    all=$1
    shift
    for order in cat tac; do
        printf '#include <%s>\n' $all | $order |
            "$@" -I "$build/include" $strict - || { echo "  ... all headers ($order) with $*"; bad=1; }
    done
}

for header in $c_headers; do
    try "$header" gcc -x c -std=c11
    try "$header" clang -x c -std=c11
done
for header in $headers; do
    try "$header" g++ -x c++ -std=c++17
    try "$header" clang++ -x c++ -std=c++20
    printf 'extern "C" {\n#include <%s>\n}\n' "$header" |
        g++ -x c++ -std=c++17 -I "$build/include" $strict - || { echo "  ... <$header> in extern C"; bad=1; }
done
for standard in c11 gnu11; do
    try_orders "$c_headers" gcc -x c -std=$standard
    try_orders "$c_headers" clang -x c -std=$standard
done
for standard in c++17 c++20; do
    try_orders "$headers" g++ -x c++ -std=$standard
    try_orders "$headers" clang++ -x c++ -std=$standard
done
exit $bad

#!/bin/sh
# What `make install` installs is enough for a program outside the tree, with capchan.pc, shared and static.
set -u

build=${CAPCHAN_BUILD:-build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# fail MESSAGE: say it, with what the tools said
fail() {
    cat "$scratch/log"
    echo "  ... $1"
    exit 1
}

MAKEFLAGS='' make -s install BUILD="$build" DESTDIR="$scratch/root" PREFIX=/opt/capchan > "$scratch/log" 2>&1 ||
    fail "make install failed"
prefix=$scratch/root/opt/capchan
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
cat > "$scratch/program.c" << 'END'
#include <coresrv/sl/sl_api.h>
int main(void)
{
    return ServiceLocatorConnect("nobody") == INVALID_HANDLE ? 0 : 1;
}
END
flags() { pkg-config --define-variable=prefix="$prefix" "$@" capchan; }
# shellcheck disable=SC2046
cc -o "$scratch/shared" "$scratch/program.c" $(flags --cflags --libs) > "$scratch/log" 2>&1 &&
    LD_LIBRARY_PATH="$prefix/lib" "$scratch/shared" 2> "$scratch/log" || fail "with the shared library"
# shellcheck disable=SC2046
cc -o "$scratch/static" "$scratch/program.c" $(flags --cflags) "$prefix/lib/libcapchan.a" -lprotobuf-c -pthread \
    > "$scratch/log" 2>&1 && "$scratch/static" 2> "$scratch/log" || fail "with the static library"
for program in capchand capchan idlc; do
    "$prefix/bin/$program" --help > "$scratch/log" 2>&1 || fail "$program --help"
done

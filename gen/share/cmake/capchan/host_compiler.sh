#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# host_compiler.sh COMPILER ARGUMENT... - run the compiler of this machine without what only compilers for ARM know.
# Each argument is taken from the front, and put back at the end if it stays.
n=$#
while [ "$n" -gt 0 ]; do
    case $1 in
    -mbranch-protection=* | -march=arm* | -mcpu=cortex* | -mtune=cortex* | -mfpu=* | -mfloat-abi=*) ;;
    -moutline-atomics | -mno-outline-atomics | -mfix-cortex-* | -mstrict-align) ;;
    *) set -- "$@" "$1" ;;
    esac
    shift
    n=$((n - 1))
done
exec "$@"

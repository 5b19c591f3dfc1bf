#!/bin/bash
# What many projects bring to be built with.
set -eu
TARGET="aarch64-kos"
SCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export PATH="$SDK_PREFIX/toolchain/bin:$PATH"
cmake -G "Unix Makefiles" -B "$BUILD" \
    -D CMAKE_BUILD_TYPE:STRING=Debug \
    -D CMAKE_FIND_ROOT_PATH="$SDK_PREFIX/sysroot-$TARGET" \
    -D CMAKE_TOOLCHAIN_FILE="$SDK_PREFIX/toolchain/share/toolchain-$TARGET${PLATFORM_SUFFIX:-}.cmake" \
    "$SCRIPT_DIR"
"$SDK_PREFIX/toolchain/bin/cmake" --build "$BUILD" --target Ship

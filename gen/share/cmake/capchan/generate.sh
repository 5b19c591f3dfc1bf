#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# generate.sh STAMP FOLDER NK-GEN-C ARGUMENT... FILE - generate the headers of FILE to FOLDER. A header that would stay
# the same is not touched; STAMP always is, and STAMP.d says which files that depends on.
set -eu

stamp=$1 folder=$2 command=$3
shift 3
for file in "$@"; do :; done
made=$folder/$(basename "$file").nk.d
rm -f "$made" # of the last time, when it may have declared what its name says
"$command" "$@" -o "$folder"
if [ ! -e "$made" ]; then
    echo "$file: error: it declares something else than its name says; rename one of them" >&2
    exit 1
fi
awk -v stamp="$stamp" '!done { if (/: \\$/) { print stamp ": \\"; done = 1 } next } { print }' \
    "$made" > "$stamp.d"
touch "$stamp"

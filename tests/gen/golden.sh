#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# golden.sh refresh - make the expected output of every case below tests/gen/golden anew, and its model in tests/gen/json,
# with build/bin/idlc. tests/gen/test_golden.c and test_json_model.c compare; what protoc-c makes is not ours and not kept.
set -eu

[ "$*" = refresh ] || { echo "usage: $0 refresh" >&2; exit 2; }
cd "$(dirname "$0")/golden"
idlc=${CAPCHAN_BUILD:-build}/bin/idlc
case $idlc in /*) ;; *) idlc=../../../$idlc ;; esac

# some cases are there for what deserves a warning
quiet="-Wno-case-clash -Wno-underscore -Wno-zero-bound"
for case in */; do
    rm -rf "$case/out"
    find "$case/in" -name '*.?dl' | LC_ALL=C sort | xargs "$idlc" $quiet -I "$case/in" -o "$case/out"
    find "$case/out" -name '*.pb-c.*' -delete
done

cd ../../..
rm -f tests/gen/json/*.json
for in in tests/gen/golden/*/in; do
    json=tests/gen/json/$(basename "${in%/in}").json
    find "$in" -name '*.?dl' | LC_ALL=C sort | xargs "${CAPCHAN_BUILD:-build}/bin/idlc" $quiet --json -I "$in" > "$json"
done

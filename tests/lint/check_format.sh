#!/bin/sh
# clang-format and idlc --format have nothing to change; every file has its licence line; nothing is left to do.
set -u

files=$(tests/lint/files.sh)
bad=0
# shellcheck disable=SC2086
clang-format --dry-run -Werror $files || bad=1
find examples tests/resources idl/share core/resources cm/resources -name '*.?dl' -exec "${CAPCHAN_BUILD:-build}/bin/idlc" --format --check {} + || bad=1
for file in $files; do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || { echo "$file: no SPDX line"; bad=1; }
done
# shellcheck disable=SC2086
if grep -nE 'TODO|FIXME' $files; then
    bad=1
fi
exit $bad

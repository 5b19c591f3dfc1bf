#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_image.sh FOLDER LIST - make FOLDER hold links to the files of LIST, and to no other; report names that come twice
set -eu

folder=$1 list=$2
status=0
mkdir -p "$folder/files.new"
while IFS= read -r file; do
    link=$folder/files.new/$(basename "$file")
    if [ -L "$link" ]; then
        echo "capchan: two files of the image have the same name: $file and $(readlink "$link"); rename one" >&2
        status=1
    fi
    ln -sf "$file" "$link"
done < "$list"
rm -rf "$folder/files"
mv "$folder/files.new" "$folder/files"
exit $status

#!/bin/sh
# Dependencies point one way: core <- locator, core <- cm, those three <- broker, idl <- gen; the cli sees public
# headers only; the halves of locator and cm that are in the library see core only.
set -u

bad=0
# allow FOLDER PATTERN: files directly in FOLDER may include in quotes only what matches PATTERN
allow() {
    if find "$1" -maxdepth 1 -name '*.[ch]' -exec grep -nE '^ *# *include *"' {} + | grep -vE "include *\"$2/[a-z0-9_]+\.h\""; then
        echo "  ... not in $1, which includes \"$2/x.h\" only"
        bad=1
    fi
}

# unpublished FOLDER MODULES: nor may core use the published headers of those above it
unpublished() {
    folder=$1
    shift
    for module in "$@"; do
        [ -d "$module/include" ] || continue
        for header in $(cd "$module/include" && find . -name '*.h' | sed 's|^\./||'); do
            if grep -rnF "<$header>" "$folder" --include='*.[ch]'; then
                echo "  ... not in $folder: that header belongs to $module"
                bad=1
            fi
        done
    done
}

allow core core
allow locator '(core|locator)'
allow locator/client '(core|locator/client)'
allow cm '(core|cm)'
allow cm/client '(core|cm/client)'
allow broker '(core|locator|cm|broker)'
allow idl idl
allow gen '(idl|gen)'
allow cli cli
unpublished core locator cm
unpublished locator cm
unpublished cm locator
for module in core locator cm; do
    if [ -d $module/include ] && grep -rnE '^ *# *include *"' $module/include; then
        echo "  ... public headers include public headers only, in angle brackets"
        bad=1
    fi
done
exit $bad

#!/bin/sh
# Dependencies point one way: core <- locator, core <- cm, those three <- broker, idl <- gen; the cli sees public
# headers only; the half of the locator that is in the library sees core only.
set -u

bad=0
# allow FOLDER FILES ALLOWED...: quoted includes of FILES may only name the folders ALLOWED
allow() {
    files=$1
    shift
    pattern=$(printf '%s|' "$@")
    # shellcheck disable=SC2086
    if grep -nE '^#include "' $files /dev/null | grep -vE "#include \"(${pattern%|})/"; then
        echo "  ... must not be included there (allowed: $*)"
        bad=1
    fi
}

allow "$(ls core/*.[ch])" core
allow "$(ls locator/client/*.[ch])" core locator/client
allow "$(ls locator/*.[ch])" core locator
allow "$(ls broker/*.[ch])" core locator cm broker
allow "$(ls idl/*.[ch])" idl
allow "$(ls gen/*.[ch])" idl gen
allow "$(ls cli/*.[ch])" cli
if [ -d cm ]; then
    allow "$(ls cm/*.[ch])" core cm
fi
if grep -nE '^#include "' $(find core/include locator/include -name '*.h'); then
    echo "  ... public headers include public headers only, in angle brackets"
    bad=1
fi
exit $bad

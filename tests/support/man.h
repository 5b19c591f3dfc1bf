/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of manual pages have in common: commands of a shell. tests/support/man.sh takes the
 * sources of pages apart.
 */
#pragma once

/* What all commands start with: variables, and then they are in the folder $folder; @pages sets a
 * variable for each page, "page=$root/PATH\n" */
#define MAN_PROLOGUE(pages)                                                                        \
    "set -eu; exec >&2\n"                                                                          \
    "root=$PWD; build=$(realpath \"$build\")\n"                                                    \
    "sanitize=${SANITIZE:+-fsanitize=$SANITIZE}\n"                                                 \
    "man() { \"$root/tests/support/man.sh\" \"$@\"; }\n" pages                                     \
    "export PATH=$build/bin:$PATH PKG_CONFIG_PATH=$folder\n"                                       \
    "cd \"$folder\"\n"

/* Nothing is wrong with the sources @pages, or with what is made of them. */
#define MAN_CAN_BE_MADE(pages)                                                                     \
    "for page in " pages "; do\n"                                                                  \
    "    scdoc < $page > page\n"                                                                   \
    "    ! command -v mandoc > log || mandoc -Tlint -Werror page\n"                                \
    "    ! command -v groff > log || groff -man -t -k -ww -z -Tutf8 page 2> log\n"                 \
    "    test -z \"$(grep -v ^/ log)\" || { cat log; exit 1; }\n"                                  \
    "done"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What tests do with the sources of manual pages. A literal block of a page is
#   a file, whose first line has "file: PATH" in a comment;
#   an excerpt of a generated file, whose first line has "from: PATH" in a comment;
#   a session: a command behind each "$ ", and what all of them print;
#   or the grammar.
#
# man.sh extract PAGE DIR    write the files below DIR
# man.sh excerpts PAGE DIR   find the lines of each excerpt in the file below DIR, in their order, blanks aside
# man.sh session PAGE        run all sessions in this folder as one, and compare what they print
# man.sh grammar PAGE DIR    find each word and mark of the grammar in a file below DIR
# man.sh options PAGE COMMAND...  compare the options with those of `COMMAND... --help`
set -eu

extract() {
    awk -v dir="$2" '
        /^```/ { is_open = !is_open; is_first = is_open; path = ""; next }
        is_first && $2 == "file:" {
            path = folder = dir "/" $3
            sub("/[^/]*$", "", folder)
            system("mkdir -p \"" folder "\"")
        }
        is_first && $2 != "file:" && $2 != "from:" && $1 != "$" && $1 != "idl-file" {
            print FILENAME ":" FNR ": what kind of block is this?" > "/dev/stderr"
            status = 1
        }
        { is_first = 0 }
        path != "" { gsub(/\\\\/, "\\"); print > path }
        END { exit status }' "$1"
}

excerpts() {
    awk -v dir="$2" '
        function squeeze(text) { gsub(/[ \t]+/, " ", text); sub(/^ /, "", text); return text }
        /^```/ && path != "" { close(path) }
        /^```/ { is_open = !is_open; is_first = is_open; path = ""; next }
        is_first && $2 == "from:" { path = dir "/" $3; n_excerpts++; is_first = 0; next }
        { is_first = 0 }
        path != "" {
            wanted = squeeze($0)
            while ((r = (getline line < path)) > 0 && squeeze(line) != wanted) continue
            if (r <= 0) {
                print FILENAME ":" FNR ": not in " path ", or not at this place: " $0 > "/dev/stderr"
                status = 1
                close(path)
            }
        }
        END { exit status || n_excerpts == 0 }' "$1"
}

session() {
    awk '/^```/ { is_open = !is_open; is_first = is_open; is_session = 0; next }
         is_first { is_session = $1 == "$"; is_first = 0 }
         is_session && $1 == "$" { sub(/^\$ /, ""); print > "session.sh"; next }
         is_session { print > "session.expected" }' "$1"
    sh ./session.sh > session.printed 2>&1 || true
    diff -u session.expected session.printed
}

grammar() {
    status=0
    set -f
    for mark in $(sed -n '/^# GRAMMAR/,$p' "$1" | grep -o '"[^" ]*"' | tr -d '"' | sort -u); do
        case $mark in [A-Za-z]*) is_word=-w ;; *) is_word= ;; esac
        # shellcheck disable=SC2086
        grep -rqF $is_word --include='*.?dl' -e "$mark" "$2" || { echo "no example of '$mark'" >&2; status=1; }
    done
    return "$status"
}

# names: the options in lines such as "-I, --include=DIR"
names() { grep -oE -e '--?[A-Za-z?][-a-z]*' | sed 's/^-W.*/-W/' | sort -u; }

options() {
    page=$1
    shift
    "$@" --help | sed -n 's/^ *\(-.*\)/\1/p' | sed 's/  .*//' | names > options.help
    sed -n '/^# OPTIONS/,/^# [^O]/p' "$page" | grep '^\*-' | tr -d '*_' | names > options.page
    diff -u options.help options.page
}

"$@"

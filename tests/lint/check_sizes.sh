#!/bin/sh
# No function of more than 70 lines, no file of more than 700. A function ends at the brace in column 1; tables do too,
# but start without a parenthesis.
set -u

tests/lint/files.sh | xargs awk '
    function check_file() { if (lines > 700) { print file ": " lines " lines"; bad = 1 } }
    FNR == 1 { check_file(); file = FILENAME; start = 0 }
    { lines = FNR }
    /^[A-Za-z_].*\(/ && !/;$/ { start = FNR }
    /^}/ {
        if (start && FNR - start + 1 > 70) {
            print FILENAME ":" start ": " FNR - start + 1 " lines in one function"
            bad = 1
        }
        start = 0
    }
    END { check_file(); exit bad }'

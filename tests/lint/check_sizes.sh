#!/bin/sh
# No function of more than 70 lines, no file of more than 700. A function ends at the brace in column 1; tables do too,
# but start without a parenthesis.
set -u

git ls-files --cached --others --exclude-standard '*.c' '*.h' | grep -vE '/(golden|corpus)/' | xargs awk '
    FNR == 1 { if (lines > 700) { print file ": " lines " lines"; bad = 1 } file = FILENAME; start = 0 }
    { lines = FNR }
    /^[a-z_].*\(/ && !/;$/ { start = FNR }
    /^}/ {
        if (start && FNR - start > 70) { print FILENAME ":" start ": " FNR - start " lines in one function"; bad = 1 }
        start = 0
    }
    END { if (lines > 700) { print file ": " lines " lines"; bad = 1 } exit bad }'

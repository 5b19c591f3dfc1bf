#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How many instructions the client and the server spend on a call, libraries and stubs included: two processes, started
# by `capchan run`, each under callgrind. Both sleep until the other one wakes them, and the median of some calls of
# each kind is taken, so that neither the machine's load nor its speed matters.
#
# count.sh          print the table; REFRESH=1 makes the figures the new budget, ANNOTATE=KIND (or all) says in which
#                   functions the instructions are
# count.sh check    and fail when a figure is over the budget by more than 5 %
set -eu

build=$(realpath "${CAPCHAN_BUILD:-build}")
programs=$build/tests/bench/count
budget=tests/bench/count/budget
profiles=$programs/profiles
percent_max=5
functions_max=25

# entity NAME PROGRAM: an entity whose executable is callgrind, told which program to run
#
# The functions of glibc for strings are those for any x86-64, or else the figures would depend on the processor.
entity() {
    cat << END
  - name: count.$1
    path: $(command -v valgrind)
    args: [--tool=callgrind, --collect-atstart=no, --callgrind-out-file=$profiles/$2, --log-file=$profiles/$2.log,
           $programs/$2]
    env:
      CAPCHAN_SPIN_US: '0'
      CAPCHAN_COLOCATE: '0'
      LD_BIND_NOW: '1'
      GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX_Fast_Unaligned_Load,-SSSE3,-ERMS,-FSRM'
END
}

# first_cpu: of those that we may use
first_cpu() {
    taskset -cp $$ | sed 's/.*: //; s/[-,].*//'
}

# run: let the client make its calls, on the server's CPU, since a server takes another path where its client is on
# another one; leaves a profile of each in files client.1, server.1 ...
run() {
    rm -rf "$profiles"
    mkdir -p "$profiles"
    {
        echo entities:
        entity Server server
        entity Client client
        echo "    connections: [{target: count.Server, id: echo}]"
    } > "$profiles/init.yaml"
    taskset -c "$(first_cpu)" "$build/bin/capchan" run --plain --exit-with count.Client "$profiles/init.yaml" > "$profiles/output" 2>&1 || {
        cat "$profiles/output" "$profiles"/*.log >&2
        exit 1
    }
}

# medians: for each kind of call and side the profile in the middle, "number client 5432 client.7"
medians() {
    (cd "$profiles" && awk '
        FNR == 1 { kind = "" }
        /^desc: Trigger: Client Request: / { kind = $5 }
        /^totals: / && kind != "" { side = FILENAME; sub(/\..*/, "", side); print kind, side, $2, FILENAME }
    ' client.*[0-9] server.*[0-9]) | sort -k 1,2 -k 3,3n | awk '
        function flush() { if (n > 0) print lines[int((n + 1) / 2)] }
        $1 " " $2 != key { flush(); key = $1 " " $2; n = 0 }
        { lines[++n] = $0 }
        END { flush() }'
}

# table FIGURES: all kinds of calls beside their budget; says on stderr which are over it, and then fails
table() {
    awk -v percent_max=$percent_max '
        function grown(now, allowed) { return allowed > 0 ? (now / allowed - 1) * 100 : 0 }
        function compare(kind, side, now, allowed) {
            if (grown(now, allowed) <= percent_max && allowed > 0) return
            printf "%s: the %s takes %d instructions, %.1f %% more than its budget of %d\n",
                kind, side, now, grown(now, allowed), allowed > "/dev/stderr"
            is_over = 1
        }
        /^#/ { next }
        FILENAME == ARGV[1] { client[$1] = $2; server[$1] = $3; kinds[++n] = $1; next }
        { now[$1, $2] = $3 }
        END {
            printf "%-12s %10s %10s %19s %10s\n", "instructions", "client", "budget", "server", "budget"
            for (i = 1; i <= n; i++) {
                kind = kinds[i]
                printf "%-12s %10d %10d %+6.1f %% %10d %10d %+6.1f %%\n", kind,
                    now[kind, "client"], client[kind], grown(now[kind, "client"], client[kind]),
                    now[kind, "server"], server[kind], grown(now[kind, "server"], server[kind])
                compare(kind, "client", now[kind, "client"], client[kind])
                compare(kind, "server", now[kind, "server"], server[kind])
                if (now[kind, "client"] == 0 || now[kind, "server"] == 0) {
                    print kind ": was not counted" > "/dev/stderr"
                    is_over = 1
                }
            }
            exit is_over
        }' $budget "$1"
}

# refresh FIGURES: the same kinds of calls with the figures of today
refresh() {
    awk '
        FILENAME == ARGV[1] { now[$1, $2] = $3; next }
        /^#/ { print; next }
        { printf "%-8s %8d %8d\n", $1, now[$1, "client"], now[$1, "server"] }
    ' "$1" $budget > "$profiles/budget"
    cp "$profiles/budget" $budget
}

# functions TITLE FILE OPTION...: those with the most instructions in one profile
functions() {
    title=$1 file=$2
    shift 2
    printf '\n%s\n' "$title"
    callgrind_annotate --auto=no --threshold=100 --show-percs=no "$@" "$profiles/$file" |
        grep -vE ':(__libc_start_main|\(below main\))|/ld-linux' |
        sed -nE 's|^ *([0-9,]+)  ([^ ]*/)?([^/ ]+):([^ ]+).* \[([^]]*/)?([^]/]*)\]$|\1 \4 \3 \6|p' |
        head -n $functions_max | awk '{ printf "%9s  %-36s %-24s %s\n", $1, $2, $3, $4 }'
}

# annotate FIGURES KIND: where the instructions of the calls of a kind are, or of all of them
annotate() {
    if [ "$2" != all ] && ! grep -q "^$2 " "$1"; then
        echo "count.sh: no kind of call is named '$2'" >&2
        return 2
    fi
    while read -r kind side figure file; do
        case $2 in
        all | "$kind")
            functions "$kind, $side: $figure instructions, in the functions themselves" "$file"
            functions "$kind, $side: and with those that they call" "$file" --inclusive=yes
            ;;
        esac
    done < "$1"
}

run
medians > "$profiles/medians"
if [ -n "${REFRESH:-}" ]; then
    refresh "$profiles/medians"
fi
status=0
table "$profiles/medians" || status=1
if [ -n "${ANNOTATE:-}" ]; then
    annotate "$profiles/medians" "$ANNOTATE"
fi
if [ $status -ne 0 ] && [ "${1:-}" = check ]; then
    echo "Over by more than $percent_max %. If that is worth it: make bench-count REFRESH=1" >&2
    exit 1
fi

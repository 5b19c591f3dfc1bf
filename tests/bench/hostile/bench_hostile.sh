#!/bin/sh
# How long it takes to get a dynamic channel while others want more than their share, as a table; the best of RUNS (5)
# runs, in turns, as what else the machine does only adds to them. The last column should be 2 at most.
set -eu

runs=${RUNS:-5}
n=${N:-5000}
build=$(cd "${CAPCHAN_BUILD:-build}" && pwd)
scratch=$(mktemp -d /tmp/bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT

# entity TASK PROGRAM WORD...
entity() {
    printf '  - {name: actor.Server, task: %s, path: %s/tests/programs/%s, args: [' "$1" "$build" "$2"
    shift 2
    printf "'%s', " "$@"
    printf ']}\n'
}

# rules SERVER SERVICE...
rules() { printf 'capchan:\n  dynamic:\n' && printf '    - {client: "*", server: "%s", service: "%s"}\n' "$@"; }

# once RIVAL...: the p50 and p99, in us, that a client has beside the entities of these lines
once() {
    {
        echo 'entities:'
        entity Server dynamic descriptors take - serve take-all join
        entity Mute dynamic sleep
        entity Timer rival await "$scratch/ready" time "Server echo 200" time "Server echo $n"
        "$@"
        rules Server echo Mute '*'
    } > "$scratch/init.yaml"
    rm -f "$scratch/ready"
    "$build/bin/capchan" run --plain --exit-with Timer "$scratch/init.yaml" > "$scratch/output" 2>&1 &
    running=$!
    sleep 1 # the rivals are at work
    touch "$scratch/ready"
    wait $running || { cat "$scratch/output" >&2; exit 1; }
    sed -n "s/^connected $n times, 0 failures, p50 \([0-9]*\) us, p99 \([0-9]*\) us$/\1 \2/p" "$scratch/output"
}

quiet() { :; }
never_listens() { entity Rival rival ask-names 'Mute 100000000 100'; }
asks_for_names() { entity Rival rival poll 'Server echo 100000000'; }
refused() { entity Rival rival poll 'Server other 100000000'; }
publishes() { entity Rival rival publish-again 100000000; }
enumerates() {
    entity Publisher rival publish-names 256 sleep
    entity Rival rival see-names 100000000
}
never_calls() { entity Rival rival hoard 'Server echo 4096' sleep; }

cases='quiet never_listens asks_for_names refused publishes enumerates never_calls'
for _ in $(seq "$runs"); do
    for case in $cases; do
        echo "$case $(once "$case")" >> "$scratch/times"
    done
done

# best COLUMN CASE
best() { awk -v c="$1" -v k="$2" '$1 == k { print $c }' "$scratch/times" | sort -n | head -n 1; }
printf '%-62s %9s %9s %9s\n' 'while another client' 'p50, us' 'p99, us' 'of quiet'
while read -r case what; do
    awk -v w="$what" -v a="$(best 2 "$case")" -v b="$(best 3 "$case")" -v q="$(best 3 quiet)" \
        'BEGIN { printf "%-62s %9d %9d %9.1f\n", w, a, b, b / q }'
done << 'END'
quiet does not exist
never_listens asks a server that never listens, 32 threads at once
asks_for_names asks for channels as fast as it can, not waiting
refused the same, though no rule allows it
publishes publishes a service and takes it back, as fast as it can
enumerates looks through 256 published services, as fast as it can
never_calls has 4,096 channels to the same server and calls none
END

echo && echo 'What a refusal takes, where there is such a server and where there is none; they should not differ by more than noise:'
{
    echo 'entities:'
    entity Hidden dynamic sleep
    entity Server dynamic sleep
    entity Timer rival compare 'Hidden Absent name 1000'
    rules Server echo
} > "$scratch/init.yaml"
"$build/bin/capchan" run --plain --exit-with Timer "$scratch/init.yaml" 2>&1 | grep '^refused'

#!/bin/sh
# How long idlc takes for N_FILES (1,000) generated IDL files of 10 methods each, on one core, as a table; the best of three runs.
# The first row is idlc alone: where protoc-c would run, a script puts links to what protoc-c made before. The last two are
# there to compare with: protoc-c on the .proto files that come out, and the C compiler on one of the headers.
set -eu

n_files=${N_FILES:-1000}
build=$(cd "${CAPCHAN_BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# In memory if that is possible; what is to be linked into the /tmp of idlc must be in /tmp itself.
scratch=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/bench.XXXXXX")
MADE_BEFORE=$(mktemp -d /tmp/bench.XXXXXX)
export MADE_BEFORE
trap 'rm -rf "$scratch" "$MADE_BEFORE"' EXIT
cd "$scratch"

awk -v n="$n_files" -v to=in -f "$here/idl_files.awk"
"${CC:-cc}" -D_GNU_SOURCE -O2 -o measure "$here/measure.c"
find in -name '*.idl' | sort > sources
size=$(xargs cat < sources | wc -c)
count=$(wc -l < sources)

# The protoc-c that takes no time: the same files again.
mkdir fast
cat > fast/protoc-c << 'END'
#!/bin/sh
out=${2#--c_out=}
shift 2
for proto; do
    shift
    set -- "$@" "${proto%.proto}.pb-c.h" "${proto%.proto}.pb-c.c"
done
cd "$MADE_BEFORE" && exec cp --parents --link "$@" "$out"
END
chmod +x fast/protoc-c

# row NAME COMMAND...: the best of three runs
row() {
    name=$1
    shift
    for _ in 1 2 3; do
        rm -rf out
        mkdir out
        ./measure "$@"
    done | sort -n | head -n 1 | awk -v name="$name" -v n="$count" -v size="$size" '{
        printf "%-26s %6.2f s %6.2f s %6.1f MiB %8.0f %8.2f\n", name, $1, $2, $3 / 1024, n / $1, size / $1 / 1048576 }'
}

# shellcheck disable=SC2046
{
    "$build/bin/idlc" -I in -o whole $(cat sources)
    (cd whole && find . -name '*.pb-c.*' -exec cp --parents --target-directory="$MADE_BEFORE" {} +)
    echo "$count IDL files, $size bytes"
    printf '%-26s %8s %8s %10s %8s %8s\n' '' wall CPU peak files/s MiB/s
    row "idlc without protoc-c" env "PATH=$scratch/fast:$PATH" "$build/bin/idlc" -I in -o out $(cat sources)
    row "idlc with protoc-c" "$build/bin/idlc" -I in -o out $(cat sources)
    row "protoc-c alone" protoc-c --proto_path=whole --c_out=out $(find whole -name '*.proto')
}
count=1
header=bench/p0/I1.idl.h
size=$(wc -c < "whole/$header")
row "cc -fsyntax-only, a header" "${CC:-cc}" -fsyntax-only -I whole -I "$build/include" -include "$header" -x c /dev/null

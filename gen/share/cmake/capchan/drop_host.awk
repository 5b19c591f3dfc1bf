# SPDX-License-Identifier: Apache-2.0
# drop_host.awk - init.yaml without the entities whose work the host does, and without connections to them. Lines are
# left empty, so that the others keep their numbers.
#
# -v files=FILE names the files of the image: an entity whose file the image has stays. Needs host_entities.awk.

BEGIN {
    while ((getline text < files) > 0) {
        sub(/^.*\//, "", text)
        has_file[text] = 1
    }
}

{ line[NR] = $0 }

END {
    for (i = 1; i <= NR; i++) {
        if (match(line[i], /^ *- +(name|task|path|args|env|connections) *:/)) {
            look_at_entity(i)
        }
    }
    for (i = 1; i <= NR; i++) {
        if (match(line[i], /^ *- .*(target|id)["']? *:/)) {
            look_at_connection(i)
        }
    }
    for (i = 1; i <= NR; i++) {
        print i in is_dropped ? "" : line[i]
    }
}

# indent_of(I) - -1 if nothing is in the line
function indent_of(i) {
    match(line[i], /^ */)
    return line[i] ~ /^ *(#.*)?\r?$/ ? -1 : RLENGTH
}

# end_of(I) - the last line of the list item that begins in line I
function end_of(i,    j, end) {
    end = i
    for (j = i + 1; j <= NR && (indent_of(j) < 0 || indent_of(j) > indent_of(i)); j++) {
        if (indent_of(j) >= 0) {
            end = j
        }
    }
    return end
}

# value_of(KEY, FIRST, LAST) - what a key of the item says; "" if it has none
function value_of(key, first, last,    i, text) {
    for (i = first; i <= last; i++) {
        text = line[i]
        if (match(text, "(^ *|- +|[{,] *)" key " *: *")) {
            text = substr(text, RSTART + RLENGTH)
            sub(/[ \t]*(#.*)?\r?$/, "", text)
            sub(/ *[,}].*$/, "", text)
            gsub(/["']/, "", text)
            return text
        }
    }
    return ""
}

function drop(first, last,    i) {
    for (i = first; i <= last; i++) {
        is_dropped[i] = 1
    }
}

function look_at_entity(first,    last, class, task, path, other) {
    last = end_of(first)
    class = value_of("name", first, last)
    task = value_of("task", first, last)
    path = value_of("path", first, last)
    task = task == "" ? class : task
    other = class
    sub(/^.*[.]/, "", other) # what the file may be called, too, if there is no path
    other = path == "" ? other : path
    path = path == "" ? class : path
    sub(/^.*\//, "", path)
    if (is_host(class) && !(path in has_file) && !(other in has_file)) {
        drop(first, last)
        goes[task] = 1
        print "capchan: the host does the work of " task > "/dev/stderr"
    } else {
        stays[task] = 1
    }
}

function look_at_connection(first,    last, target) {
    last = end_of(first)
    target = value_of("target", first, last)
    if (target in goes || (is_host(target) && !(target in stays))) {
        drop(first, last)
    }
}

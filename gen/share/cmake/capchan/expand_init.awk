# SPDX-License-Identifier: Apache-2.0
# expand_init.awk - init.yaml from a template whose CMake variables are expanded and whose macros are marked so:
#
#     <capchan INIT_Program_ENTITY_CONNECTIONS>   what the program's EXTRA_CONNECTIONS, EXTRA_ARGS and EXTRA_ENV say,
#         the last two only where the entity has no ..._ENTITY_ARGS or ..._ENTITY_ENV; it goes to the end of the lists
#         and maps that the entity has already, with and without a + before the >
#     <capchan INIT_Program_ENTITY_ARGS>, <capchan INIT_Program_ENTITY_ENV>   these alone
#     <capchan INIT_Program_PATH>       the name of its file: a value, or on a line of its own the whole `path`
#     <capchan INIT_EXTERNAL_ENTITIES>  nothing: what the SDK's system programs do, the host does
#
# -v values=FOLDER has Program.CONNECTIONS, Program.ARGS, Program.ENV and Program.PATH, pieces of YAML; -v template=FILE
# is for messages. Needs host_entities.awk. Lines keep their numbers as long as nothing is put in before them. With
# -v map=FILE each line begins with its number in the template and a tab, unless it belongs to the line before it, and
# FILE gets the template's name and then, for each line of the output, the number of the line it was made from.

BEGIN { failed = 0; key["CONNECTIONS"] = "connections"; key["ARGS"] = "args"; key["ENV"] = "env" }

{
    origin[NR] = NR
    if (map != "") {
        origin[NR] = match($0, /^[0-9]+\t/) ? substr($0, 1, RLENGTH - 1) : origin[NR - 1]
        sub(/^[0-9]+\t/, "")
    }
    line[NR] = written[NR] = $0
}

END {
    for (i = 1; i <= NR; i++) {
        while (match(line[i], /<capchan [^>]*>/)) {
            macro = substr(line[i], RSTART + 9, RLENGTH - 10)
            before = substr(line[i], 1, RSTART - 1)
            after = substr(line[i], RSTART + RLENGTH)
            stands_alone = (before after) ~ /^[ \t\r]*$/
            line[i] = stands_alone ? "" : before value_of(macro) after
            if (stands_alone) {
                expand(i, macro)
            }
        }
    }
    if (map != "") {
        print template > map
    }
    for (i = 1; i <= NR && !failed; i++) {
        if (i in instead && line[i] == "") {
            printf "%s", instead[i]
            note(gsub(/\n/, "&", instead[i]), i)
        } else {
            print line[i]
            note(1, i)
        }
        if (i in behind) {
            printf "%s", behind[i]
            note(gsub(/\n/, "&", behind[i]), behind_from[i])
        }
    }
    exit failed
}

# note(N, I) - N lines of the output come from line I
function note(n, i) {
    while (map != "" && n-- > 0) {
        print origin[i] > map
    }
}

function complain(i, text) { print template ":" origin[i] ": " text > "/dev/stderr" }

# program_of(MACRO) - the CMake target that it is about
function program_of(macro) {
    sub(/^INIT_/, "", macro)
    sub(/_(PATH|ENTITY_(CONNECTIONS|ARGS|ENV)[+]?)$/, "", macro)
    return macro
}

# lines_of(PROGRAM, PROPERTY) - how many lines of `piece` it has, blank ones at either end and common indentation taken
# off
function lines_of(program, property,    file, text, n, i, indent) {
    file = values "/" program "." property
    n = 0
    while ((getline text < file) > 0) {
        if (n > 0 || text !~ /^[ \t\r]*$/) {
            piece[++n] = text
        }
    }
    close(file)
    while (n > 0 && piece[n] ~ /^[ \t\r]*$/) {
        n--
    }
    indent = -1
    for (i = 1; i <= n; i++) {
        if (piece[i] !~ /^ *$/) {
            match(piece[i], /^ */)
            indent = indent < 0 || RLENGTH < indent ? RLENGTH : indent
        }
    }
    for (i = 1; i <= n; i++) {
        piece[i] = substr(piece[i], indent + 1)
    }
    return n
}

function is_known(program,    file, text, is) {
    file = values "/" program ".PATH"
    is = (getline text < file) > 0
    close(file)
    return is
}

# value_of(MACRO) - within a line
function value_of(macro) {
    if (macro ~ /_PATH$/ && lines_of(program_of(macro), "PATH") > 0) {
        return piece[1]
    }
    return ""
}

# expand(I, MACRO) - on a line of its own
function expand(i, macro,    program, property) {
    if (macro == "INIT_EXTERNAL_ENTITIES") {
        return
    }
    program = program_of(macro)
    if (!find_entity(i)) {
        complain(i, "@" macro "@ belongs below the `- name:` of an entity")
        failed = 1
        return
    }
    if (!is_known(program)) {
        if (!is_host(entity_class())) {
            complain(i, "@" macro "@ stands for nothing: the image has no program of the CMake target '" program "'")
        }
        return
    }
    if (macro ~ /_PATH$/) {
        instead[i] = instead[i] spaces(entity_indent) "path: " value_of(macro) "\n"
        return
    }
    property = macro
    sub(/^.*_ENTITY_/, "", property)
    sub(/[+]$/, "", property)
    add(i, program, property)
    if (property == "CONNECTIONS") {
        if (!entity_has_macro("ARGS")) {
            add(i, program, "ARGS")
        }
        if (!entity_has_macro("ENV")) {
            add(i, program, "ENV")
        }
    }
}

function spaces(n) { return sprintf("%" n "s", "") }

# starts_entity(TEXT) - whether it is the first line of one; what begins a connection is `target` or `id`
function starts_entity(text) { return match(text, /^ *- +(name|task|path|args|env|connections) *:/) }

# find_entity(I) - set first and last to its lines, entity_indent to the column of its keys
function find_entity(i) {
    for (first = i; first > 0 && !starts_entity(line[first]); first--) {
    }
    if (first == 0) {
        return 0
    }
    match(line[first], /^ *- +/)
    entity_indent = RLENGTH
    for (last = i; last < NR && !(starts_entity(line[last + 1]) && indent_of(last + 1) == indent_of(first)); last++) {
    }
    return 1
}

# entity_class() - what its `name` says, "" if it has none
function entity_class(    at, text) {
    at = find_key("name")
    text = at > 0 ? line[at] : ""
    sub(/^[^:]*: */, "", text)
    sub(/[ \t]*(#.*)?\r?$/, "", text)
    gsub(/["']/, "", text)
    return text
}

# indent_of(I) - -1 if nothing is in the line
function indent_of(i) {
    match(line[i], /^ */)
    return line[i] ~ /^ *(#.*)?$/ ? -1 : RLENGTH
}

function entity_has_macro(property,    i) {
    for (i = first; i <= last; i++) {
        if (written[i] ~ ("_ENTITY_" property "[+]?>")) {
            return 1
        }
    }
    return 0
}

# find_key(NAME) - the entity's line that begins with this key, 0 if none does
function find_key(name,    i, text) {
    for (i = first; i <= last; i++) {
        text = i == first ? spaces(entity_indent) substr(line[i], entity_indent + 1) : line[i]
        if (index(text, spaces(entity_indent) name) == 1 && substr(text, entity_indent + length(name) + 1) ~ /^ *:/) {
            return i
        }
    }
    return 0
}

# open_brackets(AT) - write a list or map in brackets in lines of its own, so that something can be added to it. Returns
# whether it ends where it begins, or is none.
function open_brackets(at,    text, i, c, depth, quote, item, items) {
    text = line[at]
    if (!match(text, /^[ -]*[a-z]+ *: *[[{]/)) {
        return 1
    }
    i = RLENGTH
    line[at] = substr(text, 1, i - 1)
    sub(/ +$/, "", line[at])
    item = substr(text, i, 1) == "[" ? "- " : ""
    items = ""
    for (depth = 0; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\\" && quote == "\"") {
            item = item c substr(text, ++i, 1)
            continue
        }
        quote = c == quote ? "" : quote == "" && c ~ /["']/ && item ~ /(^|[-:,[{']) *$/ ? c : quote
        depth += quote == "" ? (c ~ /[[{]/) - (c ~ /[]}]/) : 0
        if (depth == 0 || (depth == 1 && quote == "" && c == ",")) {
            sub(/ +$/, "", item)
            items = items (item ~ /^-?$/ ? "" : spaces(entity_indent + 2) item "\n")
            item = item ~ /^-( |$)/ ? "- " : ""
            if (depth == 0) {
                behind[at] = items behind[at]
                behind_from[at] = at
                return 1
            }
        } else if (depth > 1 || c !~ /[[{]/ || quote != "") {
            item = item (item ~ /^(- )?$/ && c == " " ? "" : c)
        }
    }
    return 0
}

# add(I, PROGRAM, PROPERTY) - to the key that the entity has, or as a key of its own in line I
function add(i, program, property,    n, at, end, indent, text, j) {
    n = lines_of(program, property)
    if (n == 0) {
        return
    }
    at = find_key(key[property])
    if (at > 0 && !open_brackets(at)) {
        complain(at, "something of " program " must be added here; write what is in these brackets in one line")
        failed = 1
    }
    if (at == 0) {
        instead[i] = instead[i] spaces(entity_indent) key[property] ":\n"
    }
    indent = entity_indent + 2
    end = 0
    if (at > 0) {
        end = at
        for (j = at + 1; j <= last && (line[j] ~ /^ *(#.*)?$/ || indent_of(j) > entity_indent ||
             (indent_of(j) == entity_indent && line[j] ~ /^ *-/)); j++) {
            if (indent_of(j) >= 0) {
                indent = end == at ? indent_of(j) : indent
                end = j
            }
        }
    }
    text = ""
    for (j = 1; j <= n; j++) {
        text = text spaces(indent) piece[j] "\n"
    }
    if (end > 0) {
        behind[end] = behind[end] text
        behind_from[end] = i
    } else {
        instead[i] = instead[i] text
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "gen/c_header.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* is_identifier_part() - may a C identifier have it? */
static bool is_identifier_part(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* identifier_size() - how many characters of @text are an identifier */
static size_t identifier_size(const char *text)
{
    size_t size = 0;

    while (is_identifier_part(text[size])) {
        size++;
    }
    return size;
}

/* is_own() - whether an identifier is the prefix, or the prefix with something behind it */
static bool is_own(const char *identifier, size_t size, const char *prefix)
{
    size_t prefix_size = strlen(prefix);

    return size >= prefix_size && memcmp(identifier, prefix, prefix_size) == 0 &&
           (size == prefix_size || identifier[prefix_size] == '_');
}

/* emit_aliases() - a macro for each identifier of the file in @text, without its first @skip
 * characters */
static void emit_aliases(struct emit *emit, const char *text, const char *prefix, size_t skip)
{
    struct idl_table names = {0};

    while (*text != '\0') {
        size_t size = identifier_size(text);
        if (size == 0) {
            text++;
            continue;
        }
        if (is_own(text, size, prefix)) {
            const char *name = scratch_format(emit->scratch, "%.*s", (int)size, text);
            if (scratch_claim(emit->scratch, &names, name)) {
                emit_line(emit, "#define %s %s", name + skip, name);
            }
        }
        text += size;
    }
}

/**
 * c_aliases_emit() - let programs leave out the first part of the package
 * @emit:         the header
 * @file:         that it belongs to
 * @declarations: the part of the header that programs use
 *
 * Tags must work too, hence macros. They stand behind everything that the header declares and
 * includes; a member of another header that is called like one of them is replaced where it is
 * declared and where it is used alike.
 */
void c_aliases_emit(struct emit *emit, const struct idl_file *file, const char *declarations)
{
    const char *dot = strchr(file->name, '.');

    if (dot == NULL) {
        return;
    }
    const char *guard =
        scratch_format(emit->scratch, "%s_names_%s_", name_extension(file), file->prefix);

    emit_line(emit, "\n#if defined NK_USE_UNQUALIFIED_NAMES && !defined %s", guard);
    emit_line(emit, "#define %s", guard);
    emit_aliases(emit, declarations, file->prefix, (size_t)(dot + 1 - file->name));
    emit_line(emit, "#endif");
}

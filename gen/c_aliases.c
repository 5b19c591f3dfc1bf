/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "gen/c_header.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* Words that stay what they are, as keywords do, even where an interface is called so: types and
 * members of the library's that programs and generated code write behind the aliases. */
static const char *const reserved[] = {
    "Handle",  "Retcode", "align",     "arena",     "badge", "base",      "bound",
    "current", "element", "end",       "endpoints", "err",   "fields",    "handle",
    "hops",    "iid",     "interface", "invoke",    "kind",  "methods",   "mid",
    "name",    "ncaps",   "offset",    "ops",       "proto", "record",    "req",
    "res",     "rights",  "self",      "size",      "start", "transport", "type",
};

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

/* is_interfaces() - whether the header of a class has @name only from an interface called like it
 */
static bool is_interfaces(const struct idl_file *file, const char *name)
{
    const char *tail = name + strlen(file->prefix);

    return file->kind != IDL_FILE_IDL &&
           (*tail == '\0' || strcmp(tail, "_req") == 0 || strcmp(tail, "_res") == 0);
}

/* is_reserved() - must @name keep its meaning? */
static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (strcmp(name, reserved[i]) == 0) {
            return true;
        }
    }
    return name_is_keyword(name);
}

/* emit_alias() - a macro for @name without its first @skip characters */
static void emit_alias(struct emit *emit, const char *name, size_t skip)
{
    emit_line(emit, "#define %s %s", name + skip, name);
}

/* name_skip() - how much of the file's name in C is the first part of its package; 0 if that is all
 */
static size_t name_skip(const struct idl_file *file)
{
    const char *dot = strchr(file->name, '.');

    return dot == NULL ? 0 : (size_t)(dot + 1 - file->name);
}

/* emit_aliases() - a macro for each identifier of the file in @text, without its first @skip
 * characters */
static void emit_aliases(struct emit *emit, const char *text, const struct idl_file *file,
                         size_t skip)
{
    struct idl_table names = {0};

    while (*text != '\0') {
        size_t size = identifier_size(text);
        if (size == 0) {
            text++;
            continue;
        }
        if (is_own(text, size, file->prefix)) {
            const char *name = scratch_format(emit->scratch, "%.*s", (int)size, text);
            if (scratch_claim(emit->scratch, &names, name) && !is_interfaces(file, name) &&
                strcmp(name, file->prefix) != 0) {
                emit_alias(emit, name, skip);
            }
        }
        text += size;
    }
}

/**
 * c_interface_alias_emit() - the macro for the name of an interface alone
 * @emit: the interface's own header, or one that includes it
 * @file: with an interface
 *
 * It is the one that members of others may be called like: Write.
 */
void c_interface_alias_emit(struct emit *emit, const struct idl_file *file)
{
    size_t skip = name_skip(file);

    if (skip == 0 || file->interface == NULL || is_reserved(file->prefix + skip)) {
        return;
    }
    emit_line(emit, "#ifndef %s", file->prefix + skip);
    emit_alias(emit, file->prefix, skip);
    emit_line(emit, "#endif");
}

/**
 * c_aliases_emit() - let programs leave out the first part of the package
 * @emit:         the header
 * @file:         that it belongs to
 * @declarations: the part of the header that programs use
 *
 * Tags must work too, hence macros. They stand before everything that the header declares and
 * imports: a member that is called like one of them, here or in a later header, is replaced where
 * it is declared and where it is used alike, but not in an earlier one. They are outside of the
 * header's guard, so that a header that was included before the names were wanted gains them when
 * it is included again. Where two packages have the same short names, those of the header that
 * comes first are good.
 */
void c_aliases_emit(struct emit *emit, const struct idl_file *file, const char *declarations)
{
    size_t skip = name_skip(file);

    if (skip == 0) {
        return;
    }
    const char *guard =
        scratch_format(emit->scratch, "%s_names_%s_", name_extension(file), file->prefix + skip);

    emit_line(emit, "#if defined NK_USE_UNQUALIFIED_NAMES && !defined %s", guard);
    emit_line(emit, "#define %s", guard);
    c_interface_alias_emit(emit, file);
    emit_aliases(emit, declarations, file, skip);
    emit_line(emit, "#endif\n");
}

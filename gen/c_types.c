/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>

#include "gen/c_header.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* The macro that makes a literal of a scalar type. */
static const char *const literal_macros[] = {
    [IDL_UINT8] = "NK_UINT8_C",   [IDL_UINT16] = "NK_UINT16_C", [IDL_UINT32] = "NK_UINT32_C",
    [IDL_UINT64] = "NK_UINT64_C", [IDL_SINT8] = "NK_SINT8_C",   [IDL_SINT16] = "NK_SINT16_C",
    [IDL_SINT32] = "NK_SINT32_C", [IDL_SINT64] = "NK_SINT64_C",
};

/* literal() - a value in C; @value is two's complement if the kind is signed */
static const char *literal(struct emit *emit, enum idl_type_kind kind, uint64_t value)
{
    assert(kind < IDL_STRING);
    const char *macro = literal_macros[kind];

    if (kind < IDL_SINT8 || (int64_t)value >= 0) {
        return scratch_format(emit->scratch, "%s(%" PRIu64 ")", macro, value);
    }
    if (value == (uint64_t)INT64_MIN) { /* whose magnitude is no literal */
        return scratch_format(emit->scratch, "(-%s(%" PRIu64 ") - 1)", macro, value - 1);
    }
    return scratch_format(emit->scratch, "(-%s(%" PRIu64 "))", macro, -value);
}

/* emit_constant() - an integer constant expression of exactly the declared type */
static void emit_constant(struct emit *emit, const struct idl_declaration *constant)
{
    enum idl_type_kind kind = idl_type_resolve(constant->type)->kind;

    emit_line(emit, "#define %s_%s ((%s)%s)", constant->file->prefix, constant->name,
              name_declaration(emit->scratch, constant->type, ""),
              literal(emit, kind, constant->value));
}

/* emit_typedef() - the C type under its IDL name */
static void emit_typedef(struct emit *emit, const struct idl_declaration *definition)
{
    const char *name =
        scratch_format(emit->scratch, "%s_%s", definition->file->prefix, definition->name);

    emit_line(emit, "typedef %s;", name_declaration(emit->scratch, definition->type, name));
}

/* emit_struct() - the struct, and its description for files that import it */
static void emit_struct(struct emit *emit, const struct idl_declaration *structure)
{
    const char *name =
        scratch_format(emit->scratch, "%s_%s", structure->file->prefix, structure->name);

    emit_line(emit, "typedef struct %s {", name);
    for (const struct idl_field *field = structure->fields; field != NULL; field = field->next) {
        const char *member = name_field(emit->scratch, structure->fields, field);
        emit_line(emit, "    %s;", name_declaration(emit->scratch, field->type, member));
    }
    emit_line(emit, "} %s;", name);
    emit_line(emit, "extern const struct capchan_record %s_record_;", name);
}

/* emit_declaration() - a constant, typedef or struct */
static void emit_declaration(struct emit *emit, const struct idl_declaration *declaration)
{
    switch (declaration->kind) {
    case IDL_CONST:
        emit_constant(emit, declaration);
        break;
    case IDL_TYPEDEF:
        emit_typedef(emit, declaration);
        break;
    case IDL_STRUCT:
        emit_struct(emit, declaration);
        break;
    }
}

/* has_structs() - whether the file declares one */
static bool has_structs(const struct idl_file *file)
{
    const struct idl_declaration *declaration = file->declarations;

    while (declaration != NULL && declaration->kind != IDL_STRUCT) {
        declaration = declaration->next;
    }
    return declaration != NULL;
}

/* c_types_emit() - constants, typedefs and structs in the order of the IDL */
void c_types_emit(struct emit *emit, const struct idl_file *file)
{
    if (file->declarations == NULL) {
        return;
    }
    emit_line(emit, "/* Constants and types. */");
    if (has_structs(file)) {
        emit_line(emit, "struct capchan_record;");
    }
    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        if (declaration->kind == IDL_STRUCT) {
            emit_blank(emit);
        }
        emit_declaration(emit, declaration);
    }
    emit_blank(emit);
}

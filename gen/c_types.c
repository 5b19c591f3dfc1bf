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
    [IDL_UINT8] = "NK_UINT8_C",   [IDL_UINT16] = "NK_UINT16_C",    [IDL_UINT32] = "NK_UINT32_C",
    [IDL_UINT64] = "NK_UINT64_C", [IDL_UINT_SIZE] = "NK_UINT64_C", [IDL_UINT_PTR] = "NK_UINT64_C",
    [IDL_SINT8] = "NK_SINT8_C",   [IDL_SINT16] = "NK_SINT16_C",    [IDL_SINT32] = "NK_SINT32_C",
    [IDL_SINT64] = "NK_SINT64_C",
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

/* emit_members() - of a struct or union */
static void emit_members(struct emit *emit, const char *indent, const struct idl_field *fields)
{
    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        const char *member = name_field(emit->scratch, fields, field);
        emit_line(emit, "%s%s;", indent, name_declaration(emit->scratch, field->type, member));
    }
}

/* emit_struct() - the struct, and its description for files that import it */
static void emit_struct(struct emit *emit, const char *name,
                        const struct idl_declaration *structure)
{
    emit_line(emit, "typedef struct %s {", name);
    emit_members(emit, "    ", structure->fields);
    emit_line(emit, "} %s;", name);
    emit_line(emit, "extern const struct capchan_record %s_record_;", name);
}

/* emit_tags() - what tag_ says of a union; 0 is left for "nothing" */
static void emit_tags(struct emit *emit, const char *name, const struct idl_field *members)
{
    unsigned tag = 1;

    emit_line(emit, "enum {");
    for (const struct idl_field *member = members; member != NULL; member = member->next) {
        emit_line(emit, "    %s_%s_tag = %u,", name, member->name, tag++);
    }
    emit_line(emit, "};");
}

/* emit_union() - the tag and one of the members */
static void emit_union(struct emit *emit, const char *name, const struct idl_declaration *choice)
{
    emit_tags(emit, name, choice->fields);
    emit_line(emit, "typedef struct %s {", name);
    emit_line(emit, "    nk_uint32_t tag_;");
    emit_line(emit, "    __extension__ union {");
    emit_members(emit, "        ", choice->fields);
    emit_line(emit, "    };");
    emit_line(emit, "} %s;", name);
    emit_line(emit, "extern const struct capchan_record %s_record_;", name);
}

/* emit_record() - a struct or union */
static void emit_record(struct emit *emit, const struct idl_declaration *record)
{
    const char *name = scratch_format(emit->scratch, "%s_%s", record->file->prefix, record->name);

    emit_blank(emit);
    if (record->kind == IDL_UNION) {
        emit_union(emit, name, record);
    } else {
        emit_struct(emit, name, record);
    }
}

/* emit_declaration() - a constant, typedef, struct or union */
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
    case IDL_UNION:
        emit_record(emit, declaration);
        break;
    }
}

/* has_records() - whether the file declares a struct or union */
static bool has_records(const struct idl_file *file)
{
    const struct idl_declaration *declaration = file->declarations;

    while (declaration != NULL && !idl_declaration_is_record(declaration)) {
        declaration = declaration->next;
    }
    return declaration != NULL;
}

/* c_types_emit() - constants and types in the order of the IDL */
void c_types_emit(struct emit *emit, const struct idl_file *file)
{
    if (file->declarations == NULL) {
        return;
    }
    emit_line(emit, "/* Constants and types. */");
    if (has_records(file)) {
        emit_line(emit, "struct capchan_record;");
    }
    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        emit_declaration(emit, declaration);
    }
    emit_blank(emit);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_type_tables.h"

#include <inttypes.h>
#include <stdbool.h>

#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* What a kind is called in the names of tables, and in the library. */
struct kind {
    const char *word;
    const char *constant;
};

static const struct kind kinds[] = {
    [IDL_UINT8] = {"uint8", "CAPCHAN_UINT8"},
    [IDL_UINT16] = {"uint16", "CAPCHAN_UINT16"},
    [IDL_UINT32] = {"uint32", "CAPCHAN_UINT32"},
    [IDL_UINT64] = {"uint64", "CAPCHAN_UINT64"},
    [IDL_SINT8] = {"sint8", "CAPCHAN_SINT8"},
    [IDL_SINT16] = {"sint16", "CAPCHAN_SINT16"},
    [IDL_SINT32] = {"sint32", "CAPCHAN_SINT32"},
    [IDL_SINT64] = {"sint64", "CAPCHAN_SINT64"},
    [IDL_STRING] = {"string", "CAPCHAN_STRING"},
    [IDL_BYTES] = {"bytes", "CAPCHAN_BYTES"},
    [IDL_SEQUENCE] = {"sequence", "CAPCHAN_SEQUENCE"},
    [IDL_ARRAY] = {"array", "CAPCHAN_ARRAY"},
    [IDL_UINT_SIZE] = {"uint_size", "CAPCHAN_UINT64"},
    [IDL_UINT_PTR] = {"uint_ptr", "CAPCHAN_UINT64"},
    [IDL_HANDLE] = {"handle", "CAPCHAN_HANDLE"},
};
static const struct kind struct_kind = {"struct", "CAPCHAN_STRUCT"};
static const struct kind union_kind = {"union", "CAPCHAN_UNION"};

/* kind_of() - of a type that is no typedef */
static const struct kind *kind_of(const struct idl_type *type)
{
    if (type->kind != IDL_NAMED) {
        return &kinds[type->kind];
    }
    return type->declaration->kind == IDL_UNION ? &union_kind : &struct_kind;
}

/* type_word() - "uint32", "sequence_string_8_16", "struct_echo_IPing_Point" */
static const char *type_word(struct emit *emit, const struct idl_type *type)
{
    type = idl_type_resolve(type);
    const char *word = kind_of(type)->word;

    if (type->kind == IDL_NAMED) {
        return scratch_format(emit->scratch, "%s_%s_%s", word, type->declaration->file->prefix,
                              type->declaration->name);
    }
    if (type->element != NULL) {
        return scratch_format(emit->scratch, "%s_%s_%" PRIu64, word, type_word(emit, type->element),
                              type->bound);
    }
    if (type->kind == IDL_STRING || type->kind == IDL_BYTES) {
        return scratch_format(emit->scratch, "%s_%" PRIu64, word, type->bound);
    }
    if (type->interface_name != NULL) {
        return scratch_format(emit->scratch, "%s_%s", word,
                              name_underscored(emit->scratch, type->interface_name));
    }
    return word;
}

const char *c_type_table_name(struct emit *emit, const struct idl_type *type)
{
    return scratch_format(emit->scratch, "%s_%s_type_", emit->prefix, type_word(emit, type));
}

/* c_type() - one value in C, with nothing that depends on how the IDL file calls it */
static const char *c_type(struct emit *emit, const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind == IDL_ARRAY) {
        const char *dimensions = "";
        for (; type->kind == IDL_ARRAY; type = idl_type_resolve(type->element)) {
            dimensions = scratch_format(emit->scratch, "%s[%" PRIu64 "]", dimensions, type->bound);
        }
        return scratch_format(emit->scratch, "%s%s", name_declaration(emit->scratch, type, ""),
                              dimensions);
    }
    return name_declaration(emit->scratch, type, "");
}

/* emit_table() - one table; those that it refers to are there already */
static void emit_table(struct emit *emit, const char *name, const struct idl_type *type)
{
    const char *c = c_type(emit, type);

    emit_blank(emit);
    emit_line(emit, "static const struct capchan_type %s = {", name);
    emit_line(emit, "    .kind = %s,", kind_of(type)->constant);
    if (type->kind == IDL_STRING || type->kind == IDL_BYTES || type->element != NULL) {
        emit_line(emit, "    .bound = %" PRIu64 ",", type->bound);
    }
    emit_line(emit, "    .size = sizeof(%s),", c);
    emit_line(emit, "    .align = nk_alignof_(%s),", c);
    if (type->element != NULL) {
        emit_line(emit, "    .element = &%s,", c_type_table_name(emit, type->element));
    }
    if (type->kind == IDL_NAMED) {
        emit_line(emit, "    .record = &%s_%s_record_,", type->declaration->file->prefix,
                  type->declaration->name);
    }
    if (type->interface_name != NULL) {
        emit_line(emit, "    .interface = \"%s\",", type->interface_name);
    }
    emit_line(emit, "};");
}

/* emit_type() - the tables of a type, elements first */
static void emit_type(struct emit *emit, struct idl_table *known, const struct idl_type *type)
{
    type = idl_type_resolve(type);
    const char *name = c_type_table_name(emit, type);

    if (!scratch_claim(emit->scratch, known, name)) {
        return;
    }
    if (type->element != NULL) {
        emit_type(emit, known, type->element);
    }
    emit_table(emit, name, type);
}

/* c_type_tables_emit() - the tables of the types of all fields */
void c_type_tables_emit(struct emit *emit, struct idl_table *known, const struct idl_field *fields)
{
    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        emit_type(emit, known, field->type);
    }
}

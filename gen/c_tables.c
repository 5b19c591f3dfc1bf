/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_tables.h"

#include <inttypes.h>
#include <stdbool.h>

#include "gen/c_header.h"
#include "gen/c_type_tables.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/pb_names.h"
#include "gen/proto_model.h"
#include "gen/scratch.h"
#include "gen/sizes.h"

/* A record that is to be written. */
struct record {
    const char *name; /* of the C struct; the tables are called after it */
    const struct idl_field *fields;
    const struct proto_message *message;
    bool is_public; /* of a struct or union, for files that import it */
};

/* emit_fields() - where each member is and of what type */
static void emit_fields(struct emit *emit, const struct record *record)
{
    struct scratch *scratch = emit->scratch;

    emit_blank(emit);
    emit_line(emit, "static const struct capchan_field %s_fields_[] = {", record->name);
    for (const struct idl_field *field = record->fields; field != NULL; field = field->next) {
        const char *const items[] = {
            scratch_format(scratch, "\"%s\"", field->name),
            scratch_format(scratch, "offsetof(struct %s, %s)", record->name,
                           name_field(scratch, record->fields, field)),
            scratch_format(scratch, "&%s", c_type_table_name(emit, field->type)),
        };
        emit_list(emit, "    {", items, 3, "},");
    }
    emit_line(emit, "};");
}

/* emit_record() - a struct, a union, or the parameters of one direction */
static void emit_record(struct emit *emit, const struct idl_file *file, const struct record *record)
{
    uint64_t n_fields = 0;

    for (const struct idl_field *field = record->fields; field != NULL; field = field->next) {
        n_fields++;
    }
    if (n_fields > 0) {
        emit_fields(emit, record);
    }
    emit_blank(emit);
    emit_line(emit, "%sconst struct capchan_record %s_record_ = {",
              record->is_public ? "" : "static ", record->name);
    emit_line(emit, "    .size = sizeof(struct %s),", record->name);
    if (n_fields > 0) {
        emit_line(emit, "    .n_fields = %" PRIu64 ",", n_fields);
        emit_line(emit, "    .fields = %s_fields_,", record->name);
    }
    emit_line(emit, "    .proto = &%s,",
              pb_name_descriptor(emit->scratch, file->name, record->message->name));
    emit_line(emit, "};");
}

/* emit_size_check() - sizes of arenas rely on it that no struct is larger than this */
static void emit_size_check(struct emit *emit, const char *name,
                            const struct idl_declaration *record)
{
    const struct idl_type type = {.kind = IDL_NAMED, .declaration = record};

    emit_blank(emit);
    emit_line(emit, "nk_static_assert(sizeof(struct %s) <= %" PRIu64 ", \"size of an element\");",
              name, size_layout(&type).size);
}

/* emit_declared() - every struct and union of the file, its types before it */
static void emit_declared(struct emit *emit, struct idl_table *known,
                          const struct proto_file *proto)
{
    const struct idl_file *file = proto->file;

    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        if (!idl_declaration_is_record(declaration)) {
            continue;
        }
        const char *name = scratch_format(emit->scratch, "%s_%s", file->prefix, declaration->name);
        c_type_tables_emit(emit, known, declaration->fields);
        emit_size_check(emit, name, declaration);
        emit_record(emit, file,
                    &(struct record){
                        .name = name,
                        .fields = declaration->fields,
                        .message = proto_file_record(proto, declaration),
                        .is_public = true,
                    });
    }
}

/* emit_direction() - the parameters of a method in one direction */
static void emit_direction(struct emit *emit, struct idl_table *known, const char *name,
                           const struct idl_file *file, const struct idl_field *fields,
                           const struct proto_message *message)
{
    c_type_tables_emit(emit, known, fields);
    emit_record(emit, file, &(struct record){.name = name, .fields = fields, .message = message});
}

/* emit_method_records() - all three directions of a method */
static void emit_method_records(struct emit *emit, struct idl_table *known,
                                const struct idl_file *file, const struct proto_method *method)
{
    const char *name = scratch_format(emit->scratch, "%s_%s", file->prefix, method->method->name);

    emit_direction(emit, known, scratch_format(emit->scratch, "%s_req", name), file,
                   method->method->in, method->messages[PROTO_REQ]);
    emit_direction(emit, known, scratch_format(emit->scratch, "%s_res", name), file,
                   method->method->out, method->messages[PROTO_RES]);
    emit_direction(emit, known, scratch_format(emit->scratch, "%s_err", name), file,
                   method->method->error, method->messages[PROTO_ERR]);
}

/* emit_method_table() - all methods by MID */
static void emit_method_table(struct emit *emit, const struct idl_file *file)
{
    emit_blank(emit);
    emit_line(emit, "static const struct capchan_method %s_methods_[] = {", file->prefix);
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        const char *name = scratch_format(emit->scratch, "%s_%s", file->prefix, method->name);
        emit_line(emit, "    {");
        emit_line(emit, "        .name = \"%s\",", method->name);
        emit_line(emit, "        .req = &%s_req_record_,", name);
        emit_line(emit, "        .res = &%s_res_record_,", name);
        emit_line(emit, "        .err = &%s_err_record_,", name);
        emit_line(emit, "        .invoke = %s_invoke_,", name);
        emit_line(emit, "    },");
    }
    emit_line(emit, "};");
}

/* emit_stub() - the interface, and the constructor that makes it known to the library */
static void emit_stub(struct emit *emit, const struct idl_file *file)
{
    const char *prefix = file->prefix;

    emit_blank(emit);
    emit_line(emit, "const struct capchan_interface %s_interface_stub_ = {", prefix);
    emit_line(emit, "    .name = \"%s\",", file->name);
    if (file->interface->n_methods > 0) {
        emit_line(emit, "    .n_methods = %" PRIu32 ",", file->interface->n_methods);
        emit_line(emit, "    .methods = %s_methods_,", prefix);
    }
    emit_line(emit, "};");
    emit_blank(emit);
    emit_line(emit, "__attribute__((constructor)) static void %s_announce_(void)", prefix);
    emit_line(emit, "{");
    emit_line(emit, "    capchan_announce_interface(&%s_interface_stub_);", prefix);
    emit_line(emit, "}");
}

/* emit_interface() - what the library must know of the interface */
static void emit_interface(struct emit *emit, struct idl_table *known,
                           const struct proto_file *proto)
{
    for (const struct proto_method *method = proto->methods; method != NULL;
         method = method->next) {
        emit_method_records(emit, known, proto->file, method);
        c_invoke_emit(emit, proto->file->prefix, method->method->name);
    }
    if (proto->methods != NULL) {
        emit_method_table(emit, proto->file);
    }
    emit_stub(emit, proto->file);
    c_wrappers_emit(emit, proto->file);
}

/* c_code_emit() - all tables and functions of an IDL file */
void c_code_emit(struct emit *emit, const struct proto_file *proto)
{
    struct idl_table known = {0};

    emit->prefix = proto->file->prefix;
    emit_declared(emit, &known, proto);
    if (proto->file->interface != NULL) {
        emit_interface(emit, &known, proto);
    }
}

/* c_tables_emit() - the whole C file of an IDL file */
void c_tables_emit(struct emit *emit, const struct proto_file *proto)
{
    const struct idl_file *file = proto->file;

    c_file_open(emit, file);
    emit_line(emit, "#include <%s.h>\n", name_source(emit->scratch, file));
    emit_line(emit, "#include <capchan/stub.h>\n");
    emit_line(emit, "#include \"%s\"", name_path(emit->scratch, file, ".pb-c.h"));
    c_code_emit(emit, proto);
}

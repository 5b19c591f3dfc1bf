/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_header.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* emit_parameters() - those of one direction in their order */
static void emit_parameters(struct emit *emit, const char *indent, const struct idl_field *fields)
{
    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        const char *member = name_field(emit->scratch, fields, field);
        emit_line(emit, "%s%s;", indent, name_declaration(emit->scratch, field->type, member));
    }
}

/* emit_message() - the header and the parameters of one direction */
static void emit_message(struct emit *emit, const char *name, const struct idl_field *fields)
{
    emit_line(emit, "typedef struct %s {", name);
    emit_line(emit, "    struct nk_message base_;");
    emit_parameters(emit, "    ", fields);
    emit_line(emit, "} %s;", name);
    emit_blank(emit);
}

/* emit_error() - the error response; clients look into it before they know that it is one, so its
 * parameters are where the response has nothing, and zero unless they were sent */
static void emit_error(struct emit *emit, const char *name, const struct idl_method *method)
{
    emit_line(emit, "typedef struct %s_err {", name);
    emit_line(emit, "    struct nk_message base_;");
    if (method->out != NULL && method->error != NULL) {
        emit_line(emit,
                  "    nk_uint8_t unused_[sizeof(struct %s_res_) - sizeof(struct nk_message)];",
                  name);
    }
    emit_parameters(emit, "    ", method->error);
    emit_line(emit, "} %s_err;", name);
    emit_blank(emit);
}

/* emit_response() - the response, its parameters reachable directly and through res_ */
static void emit_response(struct emit *emit, const char *name, const struct idl_method *method)
{
    emit_line(emit, "typedef struct %s_res {", name);
    emit_line(emit, "    __extension__ union {");
    emit_line(emit, "        __extension__ struct {");
    emit_line(emit, "            struct nk_message base_;");
    emit_parameters(emit, "            ", method->out);
    emit_line(emit, "        };");
    emit_line(emit, "        struct %s_res_ res_;", name);
    emit_line(emit, "        struct %s_err err_;", name);
    emit_line(emit, "    };");
    emit_line(emit, "} %s_res;", name);
    emit_blank(emit);
}

/* emit_method() - request, response and error response of one method */
static void emit_method(struct emit *emit, const char *prefix, const struct idl_method *method)
{
    const char *name = scratch_format(emit->scratch, "%s_%s", prefix, method->name);

    emit_message(emit, scratch_format(emit->scratch, "%s_req", name), method->in);
    emit_message(emit, scratch_format(emit->scratch, "%s_res_", name), method->out);
    emit_error(emit, name, method);
    emit_response(emit, name, method);
}

/* emit_union() - room for a request or response of any method */
static void emit_union(struct emit *emit, const struct idl_file *file, const char *direction)
{
    emit_line(emit, "typedef union %s_%s {", file->prefix, direction);
    emit_line(emit, "    struct nk_message base_;");
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_line(emit, "    struct %s_%s_%s %s;", file->prefix, method->name, direction,
                  name_member(emit->scratch, method->name));
    }
    emit_line(emit, "} %s_%s;", file->prefix, direction);
    emit_blank(emit);
}

/* c_messages_emit() - what is sent and received, method by method */
void c_messages_emit(struct emit *emit, const struct idl_file *file)
{
    emit_line(emit, "/* Requests and responses. */");
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_method(emit, file->prefix, method);
    }
    emit_union(emit, file, "req");
    emit_union(emit, file, "res");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "gen/c_header.h"
#include "gen/emit.h"
#include "gen/scratch.h"
#include "gen/sizes.h"

/* emit_method_numbers() - P_M_mid, and how many there are */
static void emit_method_numbers(struct emit *emit, const struct idl_file *file)
{
    uint64_t mid = 0;

    emit_line(emit, "/* Method numbers (MID). */");
    emit_line(emit, "enum {");
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_line(emit, "    %s_%s_mid = %" PRIu64 ",", file->prefix, method->name, mid++);
    }
    emit_line(emit, "    %s_mid_max = %" PRIu64 ",", file->prefix, mid);
    emit_line(emit, "};");
    emit_blank(emit);
}

/* emit_limit() - one enumerator; of two with the same name the first one counts */
static void emit_limit(struct emit *emit, struct idl_table *names, const char *name, uint64_t value)
{
    if (scratch_claim(emit->scratch, names, name)) {
        c_enumerator_emit(emit, name, value);
    }
}

/**
 * emit_type_limits() - the bounds of one value and of what it consists of
 * @emit:  where to
 * @names: taken already
 * @path:  what leads to the value: P_M_req_message
 * @type:  of the value
 *
 * For strings the bound counts the NUL too, for sequences it counts elements.
 */
static void emit_type_limits(struct emit *emit, struct idl_table *names, const char *path,
                             const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind == IDL_STRING || type->kind == IDL_BYTES || type->kind == IDL_SEQUENCE) {
        emit_limit(emit, names, scratch_format(emit->scratch, "%s_size", path),
                   type->bound + (type->kind == IDL_STRING ? 1 : 0));
    }
    if (type->element != NULL) {
        emit_type_limits(emit, names, scratch_format(emit->scratch, "%s_elem", path),
                         type->element);
    }
    if (type->kind == IDL_NAMED) {
        for (const struct idl_field *field = type->declaration->fields; field != NULL;
             field = field->next) {
            emit_type_limits(emit, names, scratch_format(emit->scratch, "%s_%s", path, field->name),
                             field->type);
        }
    }
}

/* emit_field_limits() - those of all parameters of one direction */
static void emit_field_limits(struct emit *emit, struct idl_table *names, const char *path,
                              const struct idl_field *fields)
{
    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        emit_type_limits(emit, names, scratch_format(emit->scratch, "%s_%s", path, field->name),
                         field->type);
    }
}

/* emit_method_limits() - sizes and handles of one method; its own ones before those of parameters
 */
static void emit_method_limits(struct emit *emit, const char *prefix,
                               const struct idl_method *method)
{
    struct idl_table names = {0};
    struct size_limits limits = size_method_limits(method);
    const char *name = scratch_format(emit->scratch, "%s_%s", prefix, method->name);
    const char *req = scratch_format(emit->scratch, "%s_req", name);
    const char *res = scratch_format(emit->scratch, "%s_res", name);
    const char *err = scratch_format(emit->scratch, "%s_err", name);

    emit_limit(emit, &names, scratch_format(emit->scratch, "%s_arena_size", req), limits.req_arena);
    emit_limit(emit, &names, scratch_format(emit->scratch, "%s_arena_size", res), limits.res_arena);
    emit_limit(emit, &names, scratch_format(emit->scratch, "%s_handles", req), limits.req_handles);
    emit_limit(emit, &names, scratch_format(emit->scratch, "%s_handles", res), limits.res_handles);
    emit_limit(emit, &names, scratch_format(emit->scratch, "%s_handles", err), limits.err_handles);
    emit_field_limits(emit, &names, req, method->in);
    emit_field_limits(emit, &names, res, method->out);
    emit_field_limits(emit, &names, err, method->error);
}

/* c_common_limits_emit() - enough for any method */
void c_common_limits_emit(struct emit *emit, const char *prefix, struct size_limits limits)
{
    const struct {
        const char *word;
        uint64_t value;
    } all[] = {
        {"req_arena_size", limits.req_arena},
        {"res_arena_size", limits.res_arena},
        {"arena_size", size_max(limits.req_arena, limits.res_arena)},
        {"req_handles", limits.req_handles},
        {"res_handles", limits.res_handles},
        {"err_handles", limits.err_handles},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        c_enumerator_emit(emit, scratch_format(emit->scratch, "%s_%s", prefix, all[i].word),
                          all[i].value);
    }
}

/* c_limits_emit() - numbers and sizes as constants that may be array bounds */
void c_limits_emit(struct emit *emit, const struct idl_file *file)
{
    emit_method_numbers(emit, file);
    emit_line(emit, "/* Sizes of arenas in bytes, numbers of handles, sizes of parameters. */");
    emit_line(emit, "enum {");
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_method_limits(emit, file->prefix, method);
    }
    c_common_limits_emit(emit, file->prefix, size_interface_limits(file->interface));
    emit_line(emit, "};");
    emit_blank(emit);
}

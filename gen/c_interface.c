/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_header.h"
#include "gen/c_signature.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* emit_handler() - the type of the functions that handle one method */
static void emit_handler(struct emit *emit, const char *prefix, const char *method)
{
    struct scratch *scratch = emit->scratch;
    const struct c_signature signature = {
        .head = scratch_format(scratch, "typedef nk_err_t %s_%s_fn(", prefix, method),
        .self = scratch_format(scratch, "struct %s *self", prefix),
        .req = scratch_format(scratch, "const struct %s_%s_req *req", prefix, method),
        .res = scratch_format(scratch, "struct %s_%s_res *res", prefix, method),
        .tail = ");",
    };

    c_signature_emit(emit, &signature);
}

/* emit_ops() - the table of methods */
static void emit_ops(struct emit *emit, const struct idl_file *file)
{
    emit_line(emit, "typedef struct %s_ops {", file->prefix);
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_line(emit, "    %s_%s_fn *%s;", file->prefix, method->name,
                  name_member(emit->scratch, method->name));
    }
    if (file->interface->methods == NULL) {
        emit_line(emit, "    void *unused_;");
    }
    emit_line(emit, "} %s_ops;\n", file->prefix);
}

/* emit_object() - what a server implements */
static void emit_object(struct emit *emit, const struct idl_file *file)
{
    emit_line(emit, "/* An implementation; put it first into a struct of yours. */");
    emit_line(emit, "typedef struct %s {", file->prefix);
    emit_line(emit, "    const struct %s_ops *ops;", file->prefix);
    emit_line(emit, "} %s;\n", file->prefix);
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_handler(emit, file->prefix, method->name);
        emit_blank(emit);
    }
    emit_ops(emit, file);
}

/* emit_dispatch() - from a request to the method that it names */
static void emit_dispatch(struct emit *emit, const char *prefix)
{
    emit_line(emit, "/* Calls the method of @self that @req names; NK_ENOENT if there is none. */");
    c_dispatch_emit(emit, prefix, ");");
    emit_line(emit, "\nstruct capchan_interface;");
    emit_line(emit, "extern const struct capchan_interface %s_interface_stub_;\n", prefix);
}

/* emit_proxy() - the object whose methods are calls to an endpoint */
static void emit_proxy(struct emit *emit, const char *prefix)
{
    emit_line(emit, "/* An endpoint as its clients see it; &proxy.base goes into the calls. */");
    emit_line(emit, "typedef struct %s_proxy {", prefix);
    emit_line(emit, "    struct %s base;", prefix);
    emit_line(emit, "    struct nk_transport *transport;");
    emit_line(emit, "    nk_iid_t iid;");
    emit_line(emit, "} %s_proxy;\n", prefix);
    c_proxy_init_emit(emit, prefix, ");");
    emit_blank(emit);
}

/* c_interface_emit() - what servers implement and clients call */
void c_interface_emit(struct emit *emit, const struct idl_file *file)
{
    emit_object(emit, file);
    emit_dispatch(emit, file->prefix);
    emit_proxy(emit, file->prefix);
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        c_call_emit(emit, file->prefix, method->name, ");");
        emit_blank(emit);
    }
}

/* c_dispatch_emit() - P_interface_dispatch, up to @tail */
void c_dispatch_emit(struct emit *emit, const char *prefix, const char *tail)
{
    const struct c_signature signature = {
        .head = scratch_format(emit->scratch, "nk_err_t %s_interface_dispatch(", prefix),
        .self = scratch_format(emit->scratch, "struct %s *self", prefix),
        .iid = "nk_iid_t iid",
        .req = "const struct nk_message *req",
        .res = "struct nk_message *res",
        .tail = tail,
    };

    c_signature_emit(emit, &signature);
}

/* c_call_emit() - P_M, up to @tail */
void c_call_emit(struct emit *emit, const char *prefix, const char *method, const char *tail)
{
    struct scratch *scratch = emit->scratch;
    const struct c_signature signature = {
        .head = scratch_format(scratch, "nk_err_t %s_%s(", prefix, method),
        .self = scratch_format(scratch, "struct %s *self", prefix),
        .req = scratch_format(scratch, "struct %s_%s_req *req", prefix, method),
        .res = scratch_format(scratch, "struct %s_%s_res *res", prefix, method),
        .tail = tail,
    };

    c_signature_emit(emit, &signature);
}

/* c_proxy_init_emit() - P_proxy_init, up to @tail */
void c_proxy_init_emit(struct emit *emit, const char *prefix, const char *tail)
{
    const char *const parameters[] = {
        scratch_format(emit->scratch, "struct %s_proxy *self", prefix),
        "struct nk_transport *transport",
        "nk_iid_t iid",
    };

    emit_list(emit, scratch_format(emit->scratch, "void %s_proxy_init(", prefix), parameters, 3,
              tail);
}

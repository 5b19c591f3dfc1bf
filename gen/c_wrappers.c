/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_header.h"
#include "gen/c_signature.h"
#include "gen/c_tables.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"

/* c_invoke_emit() - from the untyped arguments that the library has to a typed method */
void c_invoke_emit(struct emit *emit, const char *prefix, const char *method)
{
    struct scratch *scratch = emit->scratch;
    const char *member = name_member(scratch, method);
    const struct c_signature signature = {
        .head = scratch_format(scratch, "static nk_err_t %s_%s_invoke_(", prefix, method),
        .self = "void *implementation",
        .req = "const struct nk_message *req",
        .res = "struct nk_message *res",
        .tail = ")",
    };
    const char *const arguments[] = {
        "self",      scratch_format(scratch, "(const struct %s_%s_req *)req", prefix, method),
        "req_arena", scratch_format(scratch, "(struct %s_%s_res *)res", prefix, method),
        "res_arena",
    };

    emit_blank(emit);
    c_signature_emit(emit, &signature);
    emit_line(emit, "{");
    emit_line(emit, "    struct %s *self = (struct %s *)implementation;\n", prefix, prefix);
    emit_line(emit, "    if (self->ops == NK_NULL || self->ops->%s == NK_NULL) {", member);
    emit_line(emit, "        return NK_ENOENT;");
    emit_line(emit, "    }");
    emit_list(emit, scratch_format(scratch, "    return self->ops->%s(", member), arguments, 5,
              ");");
    emit_line(emit, "}");
}

/* emit_call() - P_M, for proxies and implementations alike; NULL is passed on, to be told */
static void emit_call(struct emit *emit, const char *prefix, const char *method)
{
    const char *const arguments[] = {"self", "(const struct nk_message *)req", "req_arena",
                                     "(struct nk_message *)res", "res_arena"};

    emit_blank(emit);
    c_call_emit(emit, prefix, method, ")");
    emit_line(emit, "{");
    emit_list(emit, scratch_format(emit->scratch, "    return %s_%s_invoke_(", prefix, method),
              arguments, 5, ");");
    emit_line(emit, "}");
}

/* emit_proxy_method() - what a proxy has for a method; the request is not const where it comes from
 */
static void emit_proxy_method(struct emit *emit, const char *prefix, const char *method)
{
    struct scratch *scratch = emit->scratch;
    const struct c_signature signature = {
        .head = scratch_format(scratch, "static nk_err_t %s_%s_proxy_(", prefix, method),
        .self = scratch_format(scratch, "struct %s *self", prefix),
        .req = scratch_format(scratch, "const struct %s_%s_req *req", prefix, method),
        .res = scratch_format(scratch, "struct %s_%s_res *res", prefix, method),
        .tail = ")",
    };
    const char *const arguments[] = {
        "proxy->transport",
        "proxy->iid",
        scratch_format(scratch, "&%s_interface_stub_", prefix),
        scratch_format(scratch, "%s_%s_mid", prefix, method),
        "(struct nk_message *)req",
        "req_arena",
        "(struct nk_message *)res",
        "res_arena",
    };

    emit_blank(emit);
    c_signature_emit(emit, &signature);
    emit_line(emit, "{");
    emit_line(emit, "    struct %s_proxy *proxy = (struct %s_proxy *)self;\n", prefix, prefix);
    emit_list(emit, "    return capchan_proxy_call(", arguments, 8, ");");
    emit_line(emit, "}");
}

/* emit_proxy() - the methods of a proxy and the function that sets it up */
static void emit_proxy(struct emit *emit, const struct idl_file *file)
{
    const char *prefix = file->prefix;

    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_proxy_method(emit, prefix, method->name);
    }
    emit_blank(emit);
    emit_line(emit, "static const struct %s_ops %s_proxy_ops_ = {", prefix, prefix);
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_line(emit, "    .%s = %s_%s_proxy_,", name_member(emit->scratch, method->name), prefix,
                  method->name);
    }
    if (file->interface->methods == NULL) {
        emit_line(emit, "    .unused_ = NK_NULL,");
    }
    emit_line(emit, "};");
    emit_blank(emit);
    c_proxy_init_emit(emit, prefix, ")");
    emit_line(emit, "{");
    emit_line(emit, "    self->base.ops = &%s_proxy_ops_;", prefix);
    emit_line(emit, "    self->transport = transport;");
    emit_line(emit, "    self->iid = iid;");
    emit_line(emit, "}");
}

/* emit_dispatch() - P_interface_dispatch; the response takes its RIID from the request */
static void emit_dispatch(struct emit *emit, const char *prefix)
{
    const char *const arguments[] = {
        scratch_format(emit->scratch, "&%s_interface_stub_", prefix),
        "self",
        "req",
        "req_arena",
        "res",
        "res_arena",
    };

    emit_blank(emit);
    c_dispatch_emit(emit, prefix, ")");
    emit_line(emit, "{");
    emit_line(emit, "    (void)iid; /* the response takes it from the request */");
    emit_list(emit, "    return capchan_interface_dispatch(", arguments, 6, ");");
    emit_line(emit, "}");
}

/* c_wrappers_emit() - the functions of the published header */
void c_wrappers_emit(struct emit *emit, const struct idl_file *file)
{
    emit_proxy(emit, file);
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_call(emit, file->prefix, method->name);
    }
    emit_dispatch(emit, file->prefix);
}

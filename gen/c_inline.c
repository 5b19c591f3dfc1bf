/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_inline.h"

#include <string.h>

#include "gen/c_tables.h"
#include "gen/component.h"
#include "gen/emit.h"
#include "gen/pb_names.h"
#include "gen/proto_model.h"
#include "gen/scratch.h"

/* What protoc-c makes of every message, behind its name. */
static const char *const message_parts[] = {
    "init", "get_packed_size", "pack", "pack_to_buffer", "unpack", "free_unpacked", "descriptor",
};

bool c_inline_is_needed(const struct idl_file *file)
{
    const struct idl_declaration *declaration = file->declarations;

    while (declaration != NULL && declaration->fields == NULL) {
        declaration = declaration->next;
    }
    return file->interface != NULL || declaration != NULL;
}

/* emit_open() - from here to the end of the file a compiler warns of nothing */
static void emit_open(struct emit *emit)
{
    emit_line(emit, "/* The code: every object that includes this has a copy, and the linker keeps "
                    "one. */");
    emit_line(emit, "#pragma GCC system_header");
}

/* emit_weak() - a symbol that may be defined more than once */
static void emit_weak(struct emit *emit, const char *prefix, const char *name)
{
    emit_line(emit, "#pragma weak %s_%s", prefix, name);
}

/* emit_weak_messages() - what protoc-c makes of the messages */
static void emit_weak_messages(struct emit *emit, const struct proto_file *proto)
{
    for (const struct proto_message *message = proto->messages; message != NULL;
         message = message->next) {
        const char *symbol = pb_name_symbol(emit->scratch, proto->file->name, message->name);
        for (size_t i = 0; i < sizeof(message_parts) / sizeof(message_parts[0]); i++) {
            emit_weak(emit, symbol, scratch_format(emit->scratch, "_%s", message_parts[i]));
        }
    }
}

/* emit_weak_service() - what protoc-c makes of the service; in C++ its table of indices is not seen
 * outside of the object */
static void emit_weak_service(struct emit *emit, const struct proto_file *proto)
{
    struct scratch *scratch = emit->scratch;

    if (proto->service == NULL) {
        return;
    }
    const char *symbol = pb_name_symbol(scratch, proto->file->name, proto->service);
    emit_weak(emit, symbol, "_init");
    emit_weak(emit, symbol, "_descriptor");
    emit_line(emit, "#ifndef __cplusplus");
    emit_weak(emit, symbol, "_method_indices_by_name");
    emit_line(emit, "#endif");
    for (const struct proto_method *method = proto->methods; method != NULL;
         method = method->next) {
        const char *path = scratch_format(scratch, "%s.%s", proto->service, method->rpc);
        emit_line(emit, "#pragma weak %s", pb_name_symbol(scratch, proto->file->name, path));
    }
}

/* emit_weak_idl() - what c_code_emit() makes */
static void emit_weak_idl(struct emit *emit, const struct idl_file *file)
{
    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        if (declaration->fields != NULL) {
            emit_weak(emit, file->prefix,
                      scratch_format(emit->scratch, "%s_record_", declaration->name));
        }
    }
    if (file->interface == NULL) {
        return;
    }
    emit_weak(emit, file->prefix, "interface_stub_");
    emit_weak(emit, file->prefix, "interface_dispatch");
    emit_weak(emit, file->prefix, "proxy_init");
    for (const struct idl_method *method = file->interface->methods; method != NULL;
         method = method->next) {
        emit_weak(emit, file->prefix, method->name);
    }
}

/* c_inline_emit() - the code of an IDL file, with what protoc-c made of it, which is looked for
 * beside the header: only so the compiler does not warn of it either */
void c_inline_emit(struct emit *emit, const struct proto_file *proto)
{
    const struct idl_file *file = proto->file;
    const char *dot = strrchr(file->name, '.');

    emit_open(emit);
    emit_weak_messages(emit, proto);
    emit_weak_service(emit, proto);
    emit_weak_idl(emit, file);
    emit_line(emit, "#include \"%s.pb-c.c\"", dot == NULL ? file->name : dot + 1);
    c_code_emit(emit, proto);
    emit_blank(emit);
}

/* c_inline_component_emit() - the code of a CDL or EDL file */
void c_inline_component_emit(struct emit *emit, const struct idl_file *file)
{
    emit_open(emit);
    emit_weak(emit, file->prefix, "component_stub_");
    emit_weak(emit, file->prefix, "component_init");
    emit_weak(emit, file->prefix, "component_dispatch");
    if (file->kind == IDL_FILE_EDL) {
        emit_weak(emit, file->prefix, "entity_init");
        emit_weak(emit, file->prefix, "entity_dispatch");
    }
    component_code_emit(emit, file);
    emit_blank(emit);
}

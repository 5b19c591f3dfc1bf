/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/component.h"

#include <inttypes.h>
#include <string.h>

#include "gen/c_header.h"
#include "gen/c_inline.h"
#include "gen/c_signature.h"
#include "gen/emit.h"
#include "gen/endpoints.h"
#include "gen/names.h"
#include "gen/scratch.h"
#include "gen/sizes.h"

/* member_type() - what a member of a class points to */
static const char *member_type(struct emit *emit, const struct idl_member *member)
{
    return scratch_format(emit->scratch, "struct %s%s", member->file->prefix,
                          member->file->kind == IDL_FILE_IDL ? "" : "_component");
}

const char *component_parameter(struct emit *emit, const struct idl_member *member)
{
    const char *name = name_member(emit->scratch, member->name);

    return strcmp(name, "self") == 0 ? "self_" : name;
}

/* component_init_emit() - C_component_init or E_entity_init, up to @tail */
void component_init_emit(struct emit *emit, const struct idl_file *file, const char *kind,
                         const char *tail)
{
    struct scratch *scratch = emit->scratch;
    const struct endpoint_slot *slots = endpoint_slots(scratch, file->component);
    size_t n = 0;

    while (slots[n].member != NULL) {
        n++;
    }
    const char **parameters = scratch_alloc(scratch, (n + 1) * sizeof(parameters[0]));
    if (parameters == NULL) {
        return;
    }
    parameters[0] = scratch_format(scratch, "struct %s_%s *self", file->prefix, kind);
    for (size_t i = 0; i < n; i++) {
        parameters[i + 1] = scratch_format(scratch, "%s *%s", member_type(emit, slots[i].member),
                                           component_parameter(emit, slots[i].member));
    }
    emit_list(emit, scratch_format(scratch, "void %s_%s_init(", file->prefix, kind), parameters,
              n + 1, tail);
}

/* component_dispatch_emit() - C_component_dispatch, up to @tail */
void component_dispatch_emit(struct emit *emit, const char *prefix, const char *tail)
{
    const struct c_signature signature = {
        .head = scratch_format(emit->scratch, "nk_err_t %s_component_dispatch(", prefix),
        .self = scratch_format(emit->scratch, "struct %s_component *self", prefix),
        .iid = "nk_iid_t iidOffset",
        .req = "const struct nk_message *req",
        .res = "struct nk_message *res",
        .tail = tail,
    };

    c_signature_emit(emit, &signature);
}

/* entity_dispatch_emit() - E_entity_dispatch, up to @tail */
void entity_dispatch_emit(struct emit *emit, const char *prefix, const char *tail)
{
    const struct c_signature signature = {
        .head = scratch_format(emit->scratch, "nk_err_t %s_entity_dispatch(", prefix),
        .self = scratch_format(emit->scratch, "struct %s_entity *self", prefix),
        .req = "const struct nk_message *req",
        .res = "struct nk_message *res",
        .tail = tail,
    };

    c_signature_emit(emit, &signature);
}

/* emit_interface_aliases() - the names of all interfaces in use, in the order of their headers and
 * before these: members there may be called like an interface that comes later */
static void emit_interface_aliases(struct emit *emit, const struct idl_file *file,
                                   struct idl_table *seen)
{
    const struct endpoint_slot *slots = endpoint_slots(emit->scratch, file->component);

    for (; slots->member != NULL; slots++) {
        const struct idl_file *used = slots->member->file;
        if (!scratch_claim(emit->scratch, seen, name_source(emit->scratch, used))) {
            continue;
        }
        if (used->kind == IDL_FILE_IDL) {
            c_interface_alias_emit(emit, used);
        } else {
            emit_interface_aliases(emit, used, seen);
        }
    }
}

/* emit_includes() - the headers of all interfaces and classes in use, each once */
static void emit_includes(struct emit *emit, const struct idl_file *file)
{
    struct scratch *scratch = emit->scratch;
    const struct endpoint_slot *slots = endpoint_slots(scratch, file->component);
    struct idl_table included = {0};
    struct idl_table seen = {0};

    if (slots->member == NULL) {
        return;
    }
    emit_line(emit, "#ifdef NK_USE_UNQUALIFIED_NAMES");
    emit_interface_aliases(emit, file, &seen);
    emit_line(emit, "#endif\n");
    for (; slots->member != NULL; slots++) {
        const char *path = name_source(scratch, slots->member->file);
        if (scratch_claim(scratch, &included, path)) {
            emit_line(emit, "#include <%s.h>", path);
        }
    }
    emit_blank(emit);
}

/* emit_struct() - the object: a pointer for each member */
static void emit_struct(struct emit *emit, const struct idl_file *file)
{
    const struct endpoint_slot *slots = endpoint_slots(emit->scratch, file->component);

    emit_line(emit, "/* The implementation of every endpoint and every instance. */");
    emit_line(emit, "typedef struct %s_component {", file->prefix);
    if (slots->member == NULL) {
        emit_line(emit, "    void *unused_;");
    }
    for (; slots->member != NULL; slots++) {
        emit_line(emit, "    %s *%s;", member_type(emit, slots->member),
                  name_member(emit->scratch, slots->member->name));
    }
    emit_line(emit, "} %s_component;\n", file->prefix);
}

/* emit_numbers() - RIIDs of endpoints and of the first endpoint in each instance */
static void emit_numbers(struct emit *emit, const struct idl_file *file,
                         const struct endpoint_tree *tree)
{
    emit_line(emit, "/* Endpoint numbers (RIID), counted from the first one of the class. */");
    emit_line(emit, "enum {");
    emit_line(emit, "    %s_iidOffset = 0,", file->prefix);
    for (const struct endpoint *instance = tree->instances; instance != NULL;
         instance = instance->next) {
        emit_line(emit, "    %s_%s_iidOffset = %" PRIu32 ",", file->prefix,
                  endpoint_c_name(emit->scratch, instance), instance->iid);
    }
    for (const struct endpoint *endpoint = tree->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        emit_line(emit, "    %s_%s_iid = %" PRIu32 ",", file->prefix,
                  endpoint_c_name(emit->scratch, endpoint), endpoint->iid);
    }
    emit_line(emit, "    %s_iidMax = %" PRIu32 ",", file->prefix, tree->n_endpoints);
    emit_line(emit, "};\n");
}

/* emit_limits() - the same constants as of an interface */
static void emit_limits(struct emit *emit, const struct idl_file *file, const char *kind)
{
    emit_line(emit, "enum {");
    c_common_limits_emit(emit, scratch_format(emit->scratch, "%s_%s", file->prefix, kind),
                         size_component_limits(emit->scratch, file->component));
    emit_line(emit, "};\n");
}

/* emit_union() - room for a request or response of any endpoint */
static void emit_union(struct emit *emit, const struct idl_file *file,
                       const struct endpoint_tree *tree, const char *direction)
{
    struct scratch *scratch = emit->scratch;

    emit_line(emit, "typedef union %s_component_%s {", file->prefix, direction);
    emit_line(emit, "    struct nk_message base_;");
    for (const struct endpoint *endpoint = tree->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        emit_line(emit, "    union %s_%s %s;", endpoint->hop.member->file->prefix, direction,
                  name_member(scratch, endpoint_c_name(scratch, endpoint)));
    }
    emit_line(emit, "} %s_component_%s;\n", file->prefix, direction);
}

/* emit_component() - the class as a component */
static void emit_component(struct emit *emit, const struct idl_file *file)
{
    struct endpoint_tree tree = endpoint_tree(emit->scratch, file);

    emit_struct(emit, file);
    emit_numbers(emit, file, &tree);
    emit_line(emit, "/* Sizes of arenas in bytes, and numbers of handles. */");
    emit_limits(emit, file, "component");
    emit_line(emit, "/* Requests and responses of all endpoints. */");
    emit_union(emit, file, &tree, "req");
    emit_union(emit, file, &tree, "res");
    component_init_emit(emit, file, "component", ");");
    emit_blank(emit);
    emit_line(emit,
              "/* Calls the endpoint and method that @req names; NK_ENOENT if there is none. */");
    component_dispatch_emit(emit, file->prefix, ");");
    emit_blank(emit);
    emit_line(emit, "struct capchan_component;");
    emit_line(emit, "extern const struct capchan_component %s_component_stub_;\n", file->prefix);
}

/* emit_entity() - what a task class has in addition */
static void emit_entity(struct emit *emit, const struct idl_file *file)
{
    const char *prefix = file->prefix;

    emit_line(emit, "/* The class as that of a task. */");
    emit_line(emit, "#define %s_entity %s_component", prefix, prefix);
    emit_line(emit, "#define %s_entity_req %s_component_req", prefix, prefix);
    emit_line(emit, "#define %s_entity_res %s_component_res\n", prefix, prefix);
    emit_limits(emit, file, "entity");
    component_init_emit(emit, file, "entity", ");");
    emit_blank(emit);
    entity_dispatch_emit(emit, prefix, ");");
    emit_blank(emit);
}

/* declare() - all that programs use */
static void declare(struct emit *emit, const struct idl_file *file)
{
    emit_component(emit, file);
    if (file->kind == IDL_FILE_EDL) {
        emit_entity(emit, file);
    }
}

/* component_header_emit() - the published header of a CDL or EDL file */
void component_header_emit(struct emit *emit, const struct idl_file *file, bool has_code)
{
    static const char *const needed[] = {"capchan/stub.h"};
    const char *declarations = c_declarations(emit, file, declare);

    c_file_open(emit, file);
    c_includes_emit(emit, needed, has_code ? 1 : 0);
    c_aliases_emit(emit, file, declarations);
    c_guard_open(emit, file);
    emit_includes(emit, file);
    emit_text(emit, "%s", declarations);
    if (has_code) {
        c_inline_component_emit(emit, file);
    }
    c_guard_close(emit, file);
}

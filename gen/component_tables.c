/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "gen/c_header.h"
#include "gen/component.h"
#include "gen/emit.h"
#include "gen/endpoints.h"
#include "gen/names.h"
#include "gen/scratch.h"
#include "gen/sizes.h"

/* emit_hop() - the steps up to and including @hop; as deep as components nest */
static uint32_t emit_hop(struct emit *emit, const struct endpoint_hop *hop)
{
    uint32_t n = hop->previous == NULL ? 0 : emit_hop(emit, hop->previous);

    emit_line(emit, "    offsetof(struct %s_component, %s),", hop->owner->prefix,
              name_member(emit->scratch, hop->member->name));
    return n + 1;
}

/* emit_hops() - the way from the object to each endpoint */
static void emit_hops(struct emit *emit, const struct idl_file *file,
                      const struct endpoint_tree *tree)
{
    for (const struct endpoint *endpoint = tree->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        emit_blank(emit);
        emit_line(emit, "static const nk_uint32_t %s_%s_hops_[] = {", file->prefix,
                  endpoint_c_name(emit->scratch, endpoint));
        emit_hop(emit, &endpoint->hop);
        emit_line(emit, "};");
    }
}

/* count_hops() - the length of the way to @hop */
static uint32_t count_hops(const struct endpoint_hop *hop)
{
    uint32_t n = 0;

    for (; hop != NULL; hop = hop->previous) {
        n++;
    }
    return n;
}

/* emit_endpoint() - its entry in the table */
static void emit_endpoint(struct emit *emit, const struct idl_file *file,
                          const struct endpoint *endpoint)
{
    const struct endpoint_hop *hop = &endpoint->hop;
    const char *c_name = endpoint_c_name(emit->scratch, endpoint);

    emit_line(emit, "    {");
    emit_line(emit, "        .iid = %s_%s_iid,", file->prefix, c_name);
    emit_line(emit, "        .name = \"%s\",", endpoint->path);
    emit_line(emit, "        .class_name = \"%s.%s\",", hop->owner->name, hop->member->name);
    emit_line(emit, "        .interface = &%s_interface_stub_,", hop->member->file->prefix);
    emit_line(emit, "        .n_hops = %" PRIu32 ",", count_hops(hop));
    emit_line(emit, "        .hops = %s_%s_hops_,", file->prefix, c_name);
    emit_line(emit, "    },");
}

/* emit_endpoints() - all endpoints by RIID */
static void emit_endpoints(struct emit *emit, const struct idl_file *file,
                           const struct endpoint_tree *tree)
{
    emit_hops(emit, file, tree);
    emit_blank(emit);
    emit_line(emit, "static const struct capchan_endpoint %s_endpoints_[] = {", file->prefix);
    for (const struct endpoint *endpoint = tree->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        emit_endpoint(emit, file, endpoint);
    }
    emit_line(emit, "};");
}

/* emit_stub() - the class */
static void emit_stub(struct emit *emit, const struct idl_file *file,
                      const struct endpoint_tree *tree)
{
    const char *prefix = file->prefix;

    if (tree->endpoints != NULL) {
        emit_endpoints(emit, file, tree);
    }
    emit_blank(emit);
    emit_line(emit, "const struct capchan_component %s_component_stub_ = {", prefix);
    emit_line(emit, "    .class_name = \"%s\",", file->name);
    emit_line(emit, "    .req_size = sizeof(union %s_component_req),", prefix);
    emit_line(emit, "    .res_size = sizeof(union %s_component_res),", prefix);
    emit_line(emit, "    .req_arena_size = %s_component_req_arena_size,", prefix);
    emit_line(emit, "    .res_arena_size = %s_component_res_arena_size,", prefix);
    if (tree->endpoints != NULL) {
        emit_line(emit, "    .n_endpoints = %" PRIu32 ",", tree->n_endpoints);
        emit_line(emit, "    .endpoints = %s_endpoints_,", prefix);
    }
    emit_line(emit, "};");
}

/* emit_init_function() - C_component_init or E_entity_init */
static void emit_init_function(struct emit *emit, const struct idl_file *file, const char *kind)
{
    const struct endpoint_slot *slots = endpoint_slots(emit->scratch, file->component);

    emit_blank(emit);
    component_init_emit(emit, file, kind, ")");
    emit_line(emit, "{");
    if (slots->member == NULL) {
        emit_line(emit, "    self->unused_ = NK_NULL;");
    }
    for (; slots->member != NULL; slots++) {
        emit_line(emit, "    self->%s = %s;", name_member(emit->scratch, slots->member->name),
                  component_parameter(emit, slots->member));
    }
    emit_line(emit, "}");
}

/* emit_dispatch() - the body of a dispatcher; @offset is where the class starts */
static void emit_dispatch(struct emit *emit, const struct idl_file *file, const char *offset)
{
    const char *const arguments[] = {
        scratch_format(emit->scratch, "&%s_component_stub_", file->prefix),
        "self",
        offset,
        "req",
        "req_arena",
        "res",
        "res_arena",
    };

    emit_line(emit, "{");
    emit_list(emit, "    return capchan_component_dispatch(", arguments, 7, ");");
    emit_line(emit, "}");
}

/* emit_entity() - what a task class has in addition */
static void emit_entity(struct emit *emit, const struct idl_file *file)
{
    const char *prefix = file->prefix;

    emit_init_function(emit, file, "entity");
    emit_blank(emit);
    entity_dispatch_emit(emit, prefix, ")");
    emit_dispatch(emit, file, "0");
    emit_blank(emit);
    emit_line(emit, "__attribute__((constructor)) static void %s_component_announce_(void)",
              prefix);
    emit_line(emit, "{");
    emit_line(emit, "    capchan_announce_entity(&%s_component_stub_);", prefix);
    emit_line(emit, "}");
}

/* component_code_emit() - all tables and functions of a CDL or EDL file */
void component_code_emit(struct emit *emit, const struct idl_file *file)
{
    struct endpoint_tree tree = endpoint_tree(emit->scratch, file);

    emit_stub(emit, file, &tree);
    emit_init_function(emit, file, "component");
    emit_blank(emit);
    component_dispatch_emit(emit, file->prefix, ")");
    emit_dispatch(emit, file, "iidOffset");
    if (file->kind == IDL_FILE_EDL) {
        emit_entity(emit, file);
    }
}

/* component_tables_emit() - the C file of a CDL or EDL file */
void component_tables_emit(struct emit *emit, const struct idl_file *file)
{
    c_file_open(emit, file);
    emit_line(emit, "#include <%s.h>\n", name_source(emit->scratch, file));
    emit_line(emit, "#include <capchan/stub.h>");
    component_code_emit(emit, file);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/sizes.h"

/* nk_ptr_t: two words of 32 bits. */
#define POINTER_BYTES 8
#define POINTER_ALIGN 4

static const uint8_t scalar_bytes[] = {
    [IDL_UINT8] = 1, [IDL_UINT16] = 2, [IDL_UINT32] = 4, [IDL_UINT64] = 8,
    [IDL_SINT8] = 1, [IDL_SINT16] = 2, [IDL_SINT32] = 4, [IDL_SINT64] = 8,
};

/* round_up() - the next multiple of @align */
static uint64_t round_up(uint64_t size, uint64_t align)
{
    return (size + align - 1) / align * align;
}

/* struct_layout() - of the C struct with these members */
static struct size_layout struct_layout(const struct idl_field *fields)
{
    struct size_layout total = {0, 1};

    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        struct size_layout layout = size_layout(field->type);
        total.size = round_up(total.size, layout.align) + layout.size;
        total.align = size_max(total.align, layout.align);
    }
    total.size = round_up(total.size, total.align);
    return total;
}

/* size_layout() - sizeof and alignment of the C type of @type */
struct size_layout size_layout(const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind < IDL_STRING) {
        return (struct size_layout){scalar_bytes[type->kind], scalar_bytes[type->kind]};
    }
    if (type->kind == IDL_NAMED) {
        return struct_layout(type->declaration->fields);
    }
    if (type->kind == IDL_ARRAY) {
        struct size_layout layout = size_layout(type->element);
        layout.size *= type->bound;
        return layout;
    }
    return (struct size_layout){POINTER_BYTES, POINTER_ALIGN};
}

/* fields_arena() - bytes of arena for one value of each field */
static uint64_t fields_arena(const struct idl_field *fields)
{
    uint64_t total = 0;

    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        total += size_arena(field->type);
    }
    return total;
}

/**
 * size_arena() - bytes of arena that one value can take at most
 * @type: of the value
 *
 * A chunk whose elements have an alignment may need padding before it: as much as the order in
 * which the chunks are allocated makes necessary, hence the worst is assumed for each.
 */
uint64_t size_arena(const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind == IDL_STRING) {
        return type->bound + 1;
    }
    if (type->kind == IDL_BYTES) {
        return type->bound;
    }
    if (type->kind == IDL_SEQUENCE) {
        struct size_layout layout = size_layout(type->element);
        return layout.align - 1 + type->bound * (layout.size + size_arena(type->element));
    }
    if (type->kind == IDL_ARRAY) {
        return type->bound * size_arena(type->element);
    }
    return type->kind == IDL_NAMED ? fields_arena(type->declaration->fields) : 0;
}

/* arenas_max() - room for either */
static struct size_arenas arenas_max(struct size_arenas a, struct size_arenas b)
{
    return (struct size_arenas){size_max(a.req, b.req), size_max(a.res, b.res)};
}

/* size_method_arenas() - of one method */
struct size_arenas size_method_arenas(const struct idl_method *method)
{
    return (struct size_arenas){
        .req = fields_arena(method->in),
        .res = size_max(fields_arena(method->out), fields_arena(method->error)),
    };
}

/* size_interface_arenas() - enough for every method */
struct size_arenas size_interface_arenas(const struct idl_interface *interface)
{
    struct size_arenas most = {0, 0};

    for (const struct idl_method *method = interface->methods; method != NULL;
         method = method->next) {
        most = arenas_max(most, size_method_arenas(method));
    }
    return most;
}

/* size_component_arenas() - enough for every endpoint, nested ones included */
struct size_arenas size_component_arenas(const struct idl_component *component)
{
    struct size_arenas most = {0, 0};

    for (const struct idl_member *endpoint = component->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        most = arenas_max(most, size_interface_arenas(endpoint->file->interface));
    }
    for (const struct idl_member *instance = component->components; instance != NULL;
         instance = instance->next) {
        most = arenas_max(most, size_component_arenas(instance->file->component));
    }
    return most;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/sizes.h"

#include "gen/scratch.h"

/* nk_ptr_t: two words of 32 bits. */
#define POINTER_BYTES 8
#define POINTER_ALIGN 4

/* nk_handle_desc_t */
#define HANDLE_BYTES 16
#define HANDLE_ALIGN 8

/* tag_ of a union */
#define TAG_BYTES 4

static const uint8_t scalar_bytes[] = {
    [IDL_UINT8] = 1,    [IDL_UINT16] = 2, [IDL_UINT32] = 4, [IDL_UINT64] = 8, [IDL_UINT_SIZE] = 8,
    [IDL_UINT_PTR] = 8, [IDL_SINT8] = 1,  [IDL_SINT16] = 2, [IDL_SINT32] = 4, [IDL_SINT64] = 8,
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

/* union_layout() - of a tag and, behind it, any of these members */
static struct size_layout union_layout(const struct idl_field *members)
{
    struct size_layout most = {0, TAG_BYTES};

    for (const struct idl_field *member = members; member != NULL; member = member->next) {
        struct size_layout layout = size_layout(member->type);
        most.size = size_max(most.size, layout.size);
        most.align = size_max(most.align, layout.align);
    }
    most.size = round_up(TAG_BYTES, most.align) + round_up(most.size, most.align);
    return most;
}

/* size_layout() - sizeof and alignment of the C type of @type */
struct size_layout size_layout(const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind < IDL_STRING) {
        return (struct size_layout){scalar_bytes[type->kind], scalar_bytes[type->kind]};
    }
    if (type->kind == IDL_HANDLE) {
        return (struct size_layout){HANDLE_BYTES, HANDLE_ALIGN};
    }
    if (type->kind == IDL_NAMED) {
        const struct idl_declaration *record = type->declaration;
        return record->kind == IDL_UNION ? union_layout(record->fields)
                                         : struct_layout(record->fields);
    }
    if (type->kind == IDL_ARRAY) {
        struct size_layout layout = size_layout(type->element);
        layout.size *= type->bound;
        return layout;
    }
    return (struct size_layout){POINTER_BYTES, POINTER_ALIGN};
}

/* An amount that one value of a type can take. */
typedef uint64_t amount_fn(const struct idl_type *type);

/* sum() - for one value of each field */
static uint64_t sum(amount_fn *amount, const struct idl_field *fields)
{
    uint64_t total = 0;

    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        total += amount(field->type);
    }
    return total;
}

/* most() - for one value of any of the members */
static uint64_t most(amount_fn *amount, const struct idl_field *members)
{
    uint64_t result = 0;

    for (const struct idl_field *member = members; member != NULL; member = member->next) {
        result = size_max(result, amount(member->type));
    }
    return result;
}

/* record_amount() - for one value of a struct or union */
static uint64_t record_amount(amount_fn *amount, const struct idl_declaration *record)
{
    return record->kind == IDL_UNION ? most(amount, record->fields) : sum(amount, record->fields);
}

/* count_handles() - in one value at most */
static uint64_t count_handles(const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind == IDL_SEQUENCE || type->kind == IDL_ARRAY) {
        return type->bound * count_handles(type->element);
    }
    if (type->kind == IDL_NAMED) {
        return record_amount(count_handles, type->declaration);
    }
    return type->kind == IDL_HANDLE ? 1 : 0;
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
    return type->kind == IDL_NAMED ? record_amount(size_arena, type->declaration) : 0;
}

/* either() - room for both, one at a time */
static struct size_limits either(struct size_limits a, struct size_limits b)
{
    return (struct size_limits){
        .req_arena = size_max(a.req_arena, b.req_arena),
        .res_arena = size_max(a.res_arena, b.res_arena),
        .req_handles = size_max(a.req_handles, b.req_handles),
        .res_handles = size_max(a.res_handles, b.res_handles),
        .err_handles = size_max(a.err_handles, b.err_handles),
    };
}

/* size_method_limits() - of one method */
struct size_limits size_method_limits(const struct idl_method *method)
{
    return (struct size_limits){
        .req_arena = sum(size_arena, method->in),
        .res_arena = size_max(sum(size_arena, method->out), sum(size_arena, method->error)),
        .req_handles = sum(count_handles, method->in),
        .res_handles = sum(count_handles, method->out),
        .err_handles = sum(count_handles, method->error),
    };
}

/* size_interface_limits() - enough for every method */
struct size_limits size_interface_limits(const struct idl_interface *interface)
{
    struct size_limits limits = {0};

    for (const struct idl_method *method = interface->methods; method != NULL;
         method = method->next) {
        limits = either(limits, size_method_limits(method));
    }
    return limits;
}

/* The interfaces and classes that were looked at, by name. */
struct seen {
    struct idl_table interfaces;
    struct idl_table components;
};

/* component_limits() - size_component_limits() for what was not seen yet; the rest is in @limits */
static struct size_limits component_limits(struct scratch *scratch, struct seen *seen,
                                           const struct idl_component *component,
                                           struct size_limits limits)
{
    for (const struct idl_member *endpoint = component->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        if (scratch_claim(scratch, &seen->interfaces, endpoint->file->name)) {
            limits = either(limits, size_interface_limits(endpoint->file->interface));
        }
    }
    for (const struct idl_member *instance = component->components; instance != NULL;
         instance = instance->next) {
        if (scratch_claim(scratch, &seen->components, instance->file->name)) {
            limits = component_limits(scratch, seen, instance->file->component, limits);
        }
    }
    return limits;
}

/* size_component_limits() - enough for every endpoint, nested ones included */
struct size_limits size_component_limits(struct scratch *scratch,
                                         const struct idl_component *component)
{
    struct seen seen = {.interfaces = {0}};

    return component_limits(scratch, &seen, component, (struct size_limits){0});
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares generated tables with protoc-c's descriptors; test_compile.c links it with the generated
 * code of all golden cases, and it fills in for the library. Exit status 0: every table fits.
 */
#include <capchan/stub.h>
#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>

#include <nk/transport.h>

static unsigned n_interfaces;
static unsigned n_entities;
static unsigned n_bad;

static void expect(int condition, const char *where, const char *what)
{
    if (!condition) {
        fprintf(stderr, "%s: %s\n", where, what);
        n_bad++;
    }
}

static int is_list(const struct capchan_type *type)
{
    return type->kind == CAPCHAN_SEQUENCE || type->kind == CAPCHAN_ARRAY;
}

static int is_octets(const struct capchan_type *type)
{
    return is_list(type) &&
           (type->element->kind == CAPCHAN_UINT8 || type->element->kind == CAPCHAN_SINT8);
}

static ProtobufCType scalar_type(const struct capchan_type *type)
{
    switch (type->kind) {
    case CAPCHAN_UINT64:
        return PROTOBUF_C_TYPE_UINT64;
    case CAPCHAN_SINT64:
        return PROTOBUF_C_TYPE_SINT64;
    case CAPCHAN_SINT8:
    case CAPCHAN_SINT16:
    case CAPCHAN_SINT32:
        return PROTOBUF_C_TYPE_SINT32;
    case CAPCHAN_STRING:
        return PROTOBUF_C_TYPE_STRING;
    case CAPCHAN_BYTES:
        return PROTOBUF_C_TYPE_BYTES;
    default:
        return PROTOBUF_C_TYPE_UINT32;
    }
}

static void check_record(const struct capchan_record *record, int is_oneof, const char *where);

/* check_field() - a type and the field that carries it, inside wrappers too */
static void check_field(const struct capchan_type *type, const ProtobufCFieldDescriptor *field,
                        const char *where)
{
    int is_oneof = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    int is_repeated = is_list(type) && !is_octets(type) && !is_oneof;

    expect((field->label == PROTOBUF_C_LABEL_REPEATED) == is_repeated, where, "label");
    if (is_repeated) {
        type = type->element;
    }
    if (type->kind == CAPCHAN_STRUCT || type->kind == CAPCHAN_UNION) {
        expect(field->type == PROTOBUF_C_TYPE_MESSAGE, where, "struct");
        expect(field->descriptor == type->record->proto, where, "message of a struct or union");
        check_record(type->record, type->kind == CAPCHAN_UNION, where);
    } else if (is_octets(type)) {
        expect(field->type == PROTOBUF_C_TYPE_BYTES, where, "octets");
    } else if (is_list(type)) {
        const ProtobufCMessageDescriptor *wrapper = field->descriptor;
        expect(field->type == PROTOBUF_C_TYPE_MESSAGE && wrapper->n_fields == 1, where, "wrapper");
        check_field(type, &wrapper->fields[0], where);
    } else {
        expect(field->type == scalar_type(type), where, "scalar");
    }
}

static void check_record(const struct capchan_record *record, int is_oneof, const char *where)
{
    expect(record->n_fields == record->proto->n_fields, where, "number of fields");
    for (nk_uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        expect(record->proto->fields[i].id == i + 1, field->name, "field number");
        expect(((record->proto->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) == is_oneof,
               field->name, "oneof");
        expect(field->offset + field->type->size <= record->size, field->name, "offset");
        check_field(field->type, &record->proto->fields[i], field->name);
    }
}

void capchan_announce_interface(const struct capchan_interface *interface)
{
    n_interfaces++;
    for (nk_uint32_t i = 0; i < interface->n_methods; i++) {
        const struct capchan_method *method = &interface->methods[i];
        check_record(method->req, 0, method->name);
        check_record(method->res, 0, method->name);
        check_record(method->err, 0, method->name);
        expect(method->invoke != NULL, method->name, "invoke");
    }
}

void capchan_announce_entity(const struct capchan_component *entity)
{
    n_entities++;
    for (nk_uint32_t i = 0; i < entity->n_endpoints; i++) {
        const struct capchan_endpoint *endpoint = &entity->endpoints[i];
        expect(endpoint->iid == i, endpoint->name, "RIID");
        expect(endpoint->n_hops > 0, endpoint->name, "hops");
    }
}

nk_err_t capchan_interface_dispatch(const struct capchan_interface *interface, void *implementation,
                                    const struct nk_message *req, const struct nk_arena *req_arena,
                                    struct nk_message *res, struct nk_arena *res_arena)
{
    (void)interface, (void)implementation;
    (void)req, (void)req_arena, (void)res, (void)res_arena;
    return NK_ENOENT;
}

nk_err_t capchan_component_dispatch(const struct capchan_component *component, void *object,
                                    nk_iid_t iid_offset, const struct nk_message *req,
                                    const struct nk_arena *req_arena, struct nk_message *res,
                                    struct nk_arena *res_arena)
{
    (void)component, (void)object, (void)iid_offset;
    (void)req, (void)req_arena, (void)res, (void)res_arena;
    return NK_ENOENT;
}

int main(void)
{
    printf("%u interfaces, %u entities, %u problems\n", n_interfaces, n_entities, n_bad);
    return n_bad == 0 && n_interfaces > 0 && n_entities > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

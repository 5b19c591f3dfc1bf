/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/proto_model.h"

#include <string.h>

#include "gen/scratch.h"

static const char *const scalar_types[] = {
    [IDL_UINT8] = "uint32",  [IDL_UINT16] = "uint32",    [IDL_UINT32] = "uint32",
    [IDL_UINT64] = "uint64", [IDL_SINT8] = "sint32",     [IDL_SINT16] = "sint32",
    [IDL_SINT32] = "sint32", [IDL_SINT64] = "sint64",    [IDL_STRING] = "string",
    [IDL_BYTES] = "bytes",   [IDL_UINT_SIZE] = "uint64", [IDL_UINT_PTR] = "uint64",
    [IDL_HANDLE] = "uint32", /* its place among the handles of the message, from 1; 0 is none */
};

/* One file while its messages are made. */
struct builder {
    struct proto_set *set;
    struct proto_file *proto;
};

const struct proto_message *proto_file_record(const struct proto_file *proto,
                                              const struct idl_declaration *record)
{
    return idl_table_find(&proto->records, record->name);
}

/* add_message() - a message without fields at the end of the file; NULL without memory */
static struct proto_message *add_message(struct builder *builder, const char *name)
{
    struct proto_file *proto = builder->proto;
    struct proto_message *message = scratch_alloc(builder->set->scratch, sizeof(*message));

    if (message != NULL) {
        message->name = pb_name_message(builder->set->scratch, &proto->scope, name);
        *proto->messages_tail = message;
        proto->messages_tail = &message->next;
    }
    return message;
}

/* add_import() - the file is used, unless it is this one or known already */
static void add_import(struct builder *builder, const struct proto_file *used)
{
    struct proto_file *proto = builder->proto;
    struct scratch *scratch = builder->set->scratch;

    if (used == proto || !scratch_claim(scratch, &proto->imported, used->file->name)) {
        return;
    }
    struct proto_import *import = scratch_alloc(scratch, sizeof(*import));
    if (import != NULL) {
        import->file = used;
        *proto->imports_tail = import;
        proto->imports_tail = &import->next;
    }
}

/* record_type() - the full name of the message of a struct or union */
static const char *record_type(struct builder *builder, const struct idl_declaration *record)
{
    const struct proto_file *proto = proto_set_get(builder->set, record->file);

    if (proto == NULL) {
        return "";
    }
    add_import(builder, proto);
    return scratch_format(builder->set->scratch, ".%s.%s", record->file->name,
                          proto_file_record(proto, record)->name);
}

/* is_octets() - whether a sequence or array is `bytes` in protobuf */
static bool is_octets(const struct idl_type *type)
{
    enum idl_type_kind element = idl_type_resolve(type->element)->kind;

    return element == IDL_UINT8 || element == IDL_SINT8;
}

static void fill_field(struct builder *builder, struct proto_field *field, const char *path,
                       const struct idl_type *type);

/* wrapper_type() - a new message with the one repeated field that a `repeated` may not hold itself
 */
static const char *wrapper_type(struct builder *builder, const char *path,
                                const struct idl_type *type)
{
    struct scratch *scratch = builder->set->scratch;
    struct proto_message *message = add_message(builder, path);
    struct proto_field *field = scratch_alloc(scratch, sizeof(*field));

    if (message == NULL || field == NULL) {
        return "";
    }
    field->name = "item";
    message->fields = field;
    fill_field(builder, field, path, type);
    return scratch_format(scratch, ".%s.%s", builder->proto->file->name, message->name);
}

/* single_type() - the protobuf type of one value where there may be several */
static const char *single_type(struct builder *builder, const char *path,
                               const struct idl_type *type)
{
    type = idl_type_resolve(type);
    if (type->kind == IDL_NAMED) {
        return record_type(builder, type->declaration);
    }
    if (type->kind != IDL_SEQUENCE && type->kind != IDL_ARRAY) {
        return scalar_types[type->kind];
    }
    return is_octets(type) ? "bytes" : wrapper_type(builder, path, type);
}

/**
 * fill_field() - type and label of a field
 * @builder: may get wrappers
 * @field:   to be completed
 * @path:    what wrappers are named after: message and field
 * @type:    of the value
 */
static void fill_field(struct builder *builder, struct proto_field *field, const char *path,
                       const struct idl_type *type)
{
    type = idl_type_resolve(type);
    field->is_repeated =
        (type->kind == IDL_SEQUENCE || type->kind == IDL_ARRAY) && !is_octets(type);
    if (field->is_repeated) {
        path = scratch_format(builder->set->scratch, "%s_elem", path);
        field->type = single_type(builder, path, type->element);
    } else {
        field->type = single_type(builder, path, type);
    }
}

/* fill_member() - the same for a member of a union; protobuf allows nothing repeated there */
static void fill_member(struct builder *builder, struct proto_field *field, const char *path,
                        const struct idl_type *type)
{
    field->type = single_type(builder, path, type);
}

/* fill_message() - the fields of a struct or union, or the parameters of one direction */
static void fill_message(struct builder *builder, struct proto_message *message,
                         const struct idl_field *fields)
{
    struct scratch *scratch = builder->set->scratch;
    struct proto_field **tail = &message->fields;
    struct pb_scope scope = {0};
    bool is_union = message->record != NULL && message->record->kind == IDL_UNION;

    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        const char *path = scratch_format(scratch, "%s_%s", message->name, field->name);
        struct proto_field *proto_field = scratch_alloc(scratch, sizeof(*proto_field));
        if (proto_field == NULL) {
            return;
        }
        (is_union ? fill_member : fill_field)(builder, proto_field, path, field->type);
        proto_field->name = pb_name_field(scratch, &scope, field->name, proto_field->is_repeated);
        *tail = proto_field;
        tail = &proto_field->next;
    }
    message->oneof = is_union ? pb_name_oneof(scratch, &scope, "value") : NULL;
}

/* add_methods() - a message per method and direction, still without fields */
static void add_methods(struct builder *builder, const struct idl_interface *interface)
{
    static const char *const suffixes[] = {"req", "res", "err"};
    struct scratch *scratch = builder->set->scratch;
    struct proto_method **tail = &builder->proto->methods;
    struct pb_scope rpcs = {0};

    for (const struct idl_method *method = interface->methods; method != NULL;
         method = method->next) {
        struct proto_method *proto_method = scratch_alloc(scratch, sizeof(*proto_method));
        if (proto_method == NULL) {
            return;
        }
        proto_method->method = method;
        proto_method->rpc = pb_name_rpc(scratch, &rpcs, method->name);
        for (size_t i = 0; i < PROTO_N_DIRECTIONS; i++) {
            const char *name = scratch_format(scratch, "%s_%s", method->name, suffixes[i]);
            proto_method->messages[i] = add_message(builder, name);
        }
        *tail = proto_method;
        tail = &proto_method->next;
    }
}

/* add_records() - a message per struct and union, still without fields */
static void add_records(struct builder *builder)
{
    for (const struct idl_declaration *declaration = builder->proto->file->declarations;
         declaration != NULL; declaration = declaration->next) {
        struct proto_message *message =
            idl_declaration_is_record(declaration) ? add_message(builder, declaration->name) : NULL;
        if (message != NULL) {
            message->record = declaration;
            scratch_keep(builder->set->scratch, &builder->proto->records, declaration->name,
                         message);
        }
    }
}

/* add_service() - named like the last part of the package */
static void add_service(struct builder *builder)
{
    struct proto_file *proto = builder->proto;
    const char *dot = strrchr(proto->file->name, '.');

    if (proto->methods != NULL) {
        proto->service = pb_name_message(builder->set->scratch, &proto->scope,
                                         dot == NULL ? proto->file->name : dot + 1);
    }
}

/* fill_file() - the fields of all messages, once all that IDL knows have their names */
static void fill_file(struct builder *builder)
{
    for (struct proto_message *message = builder->proto->messages; message != NULL;
         message = message->next) {
        if (message->record != NULL) {
            fill_message(builder, message, message->record->fields);
        }
    }
    for (struct proto_method *method = builder->proto->methods; method != NULL;
         method = method->next) {
        fill_message(builder, method->messages[PROTO_REQ], method->method->in);
        fill_message(builder, method->messages[PROTO_RES], method->method->out);
        fill_message(builder, method->messages[PROTO_ERR], method->method->error);
    }
}

/**
 * proto_set_get() - the protobuf side of an IDL file
 * @set:  where it is kept
 * @file: an IDL file
 *
 * Methods have the first choice of names, then structs and unions, then the service; wrappers take
 * what is left.
 *
 * Return: the model, which lives as long as the set's scratch; NULL without memory.
 */
const struct proto_file *proto_set_get(struct proto_set *set, const struct idl_file *file)
{
    struct proto_file *proto = idl_table_find(&set->by_name, file->name);

    if (proto != NULL) {
        return proto;
    }
    proto = scratch_alloc(set->scratch, sizeof(*proto));
    if (proto == NULL) {
        return NULL;
    }
    scratch_keep(set->scratch, &set->by_name, file->name, proto);
    struct builder builder = {.set = set, .proto = proto};
    proto->file = file;
    proto->imports_tail = &proto->imports;
    proto->messages_tail = &proto->messages;
    proto->next = set->files;
    set->files = proto;
    if (file->interface != NULL) {
        add_methods(&builder, file->interface);
    }
    add_records(&builder);
    add_service(&builder);
    if (set->scratch->error == 0) {
        fill_file(&builder);
    }
    return set->scratch->error == 0 ? proto : NULL;
}

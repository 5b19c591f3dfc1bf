/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record.h"

#include <handle/handletype.h>
#include <string.h>

/* type_is_bytes() - whether values of @type are `bytes` in protobuf */
bool type_is_bytes(const struct capchan_type *type)
{
    if (type->kind == CAPCHAN_BYTES) {
        return true;
    }
    return (type->kind == CAPCHAN_SEQUENCE || type->kind == CAPCHAN_ARRAY) &&
           (type->element->kind == CAPCHAN_UINT8 || type->element->kind == CAPCHAN_SINT8);
}

/* type_is_chunk() - whether a value of @type is a chunk descriptor */
bool type_is_chunk(const struct capchan_type *type)
{
    return type->kind == CAPCHAN_STRING || type->kind == CAPCHAN_BYTES ||
           type->kind == CAPCHAN_SEQUENCE;
}

uint32_t union_tag(const void *value)
{
    uint32_t tag;

    memcpy(&tag, value, sizeof(tag));
    return tag;
}

/* type_is_number() - whether there is nothing to visit in values of @type, however many */
static bool type_is_number(const struct capchan_type *type)
{
    while (type->kind == CAPCHAN_ARRAY) {
        type = type->element;
    }
    return type->kind < CAPCHAN_STRING;
}

static void visit_type(const struct capchan_type *type, void *value, record_visitor *visit,
                       void *data);

static void visit_field(const struct capchan_field *field, void *object, record_visitor *visit,
                        void *data)
{
    if (!type_is_number(field->type)) {
        visit_type(field->type, (char *)object + field->offset, visit, data);
    }
}

/* visit_union() - the union, then whatever member it has after that */
static void visit_union(const struct capchan_type *type, void *value, record_visitor *visit,
                        void *data)
{
    visit(type, value, data);
    uint32_t tag = union_tag(value);
    if (tag > 0 && tag <= type->record->n_fields) {
        visit_field(&type->record->fields[tag - 1], value, visit, data);
    }
}

static void visit_type(const struct capchan_type *type, void *value, record_visitor *visit,
                       void *data)
{
    char *bytes = value;

    if (type->kind == CAPCHAN_STRUCT) {
        record_visit(type->record, value, visit, data);
    } else if (type->kind == CAPCHAN_UNION) {
        visit_union(type, value, visit, data);
    } else if (type->kind == CAPCHAN_ARRAY) {
        for (uint32_t i = 0; i < type->bound; i++) {
            visit_type(type->element, bytes + (size_t)i * type->element->size, visit, data);
        }
    } else if (type_is_chunk(type) || type->kind == CAPCHAN_HANDLE) {
        visit(type, value, data);
    }
}

/*
 * record_visit() - call @visit for each chunk descriptor, handle and union in place in an object,
 * in the order of the IDL
 * @object: of @record; only changed if @visit does so
 *
 * A union is visited before its member; what @visit makes of the tag decides which one that is.
 */
void record_visit(const struct capchan_record *record, void *object, record_visitor *visit,
                  void *data)
{
    for (uint32_t i = 0; i < record->n_fields; i++) {
        visit_field(&record->fields[i], object, visit, data);
    }
}

static void count_chunk(const struct capchan_type *type, void *value, void *data)
{
    size_t *count = data;

    (void)value;
    *count += type_is_chunk(type) ? 1 : 0;
}

/* record_count_chunks() - chunk descriptors in place in an object */
size_t record_count_chunks(const struct capchan_record *record, const void *object)
{
    size_t count = 0;

    record_visit(record, (void *)object, count_chunk, &count);
    return count;
}

static void clear_value(const struct capchan_type *type, void *value, void *data)
{
    const nk_handle_desc_t none = {INVALID_HANDLE, 0, 0};

    (void)data;
    if (type->kind == CAPCHAN_HANDLE) {
        memcpy(value, &none, sizeof(none));
    } else {
        memset(value, 0, type->kind == CAPCHAN_UNION ? sizeof(uint32_t) : sizeof(nk_ptr_t));
    }
}

/* record_clear() - make all chunks empty, all handles invalid, all unions hold nothing; numbers
 * stay */
void record_clear(const struct capchan_record *record, void *object)
{
    record_visit(record, object, clear_value, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/json_value.h"

#include <inttypes.h>

static void print_value(FILE *file, const struct capchan_type *type, const void *value,
                        const struct nk_arena *arena);

/* chunk_at() - the bytes of the chunk that @value describes, and how many */
static const unsigned char *chunk_at(const struct nk_arena *arena, const void *value,
                                     size_t *ret_size)
{
    nk_ptr_t chunk;

    memcpy(&chunk, value, sizeof(chunk));
    return nk_arena_get_(arena, &chunk, 1, ret_size);
}

/* load() - a number of @size bytes, whatever its sign */
static uint64_t load(const void *value, size_t size)
{
    uint8_t narrow;
    uint16_t half;
    uint32_t word;
    uint64_t number;

    switch (size) {
    case sizeof(narrow):
        memcpy(&narrow, value, sizeof(narrow));
        return narrow;
    case sizeof(half):
        memcpy(&half, value, sizeof(half));
        return half;
    case sizeof(word):
        memcpy(&word, value, sizeof(word));
        return word;
    default:
        memcpy(&number, value, sizeof(number));
        return number;
    }
}

static void print_number(FILE *file, const struct capchan_type *type, const void *value)
{
    uint64_t number = load(value, type->size);
    uint64_t sign = UINT64_C(1) << (8 * type->size - 1);

    if (type->kind >= CAPCHAN_SINT8 && type->kind <= CAPCHAN_SINT64) {
        fprintf(file, "%" PRId64, (int64_t)((number ^ sign) - sign));
    } else {
        fprintf(file, "%" PRIu64, number);
    }
}

/* print_string() - up to its NUL */
static void print_string(FILE *file, const void *value, const struct nk_arena *arena)
{
    size_t size;
    const unsigned char *text = chunk_at(arena, value, &size);

    fputc('"', file);
    for (size_t i = 0; i < size && text[i] != '\0'; i++) {
        if (text[i] < ' ' || text[i] == '"' || text[i] == '\\') {
            fprintf(file, "\\u%04x", text[i]);
        } else {
            fputc(text[i], file);
        }
    }
    fputc('"', file);
}

static void print_hexadecimal(FILE *file, const unsigned char *bytes, size_t size)
{
    fputc('"', file);
    for (size_t i = 0; i < size; i++) {
        fprintf(file, "%02x", bytes[i]);
    }
    fputc('"', file);
}

/* print_elements() - octets in one, others one by one */
static void print_elements(FILE *file, const struct capchan_type *element,
                           const unsigned char *elements, size_t count,
                           const struct nk_arena *arena)
{
    if (element == NULL || element->kind == CAPCHAN_UINT8 || element->kind == CAPCHAN_SINT8) {
        print_hexadecimal(file, elements, count);
        return;
    }
    fputc('[', file);
    for (size_t i = 0; i < count; i++) {
        fputs(i == 0 ? "" : ", ", file);
        print_value(file, element, elements + i * element->size, arena);
    }
    fputc(']', file);
}

/* print_sequence() - BYTES too */
static void print_sequence(FILE *file, const struct capchan_type *type, const void *value,
                           const struct nk_arena *arena)
{
    size_t size;
    const unsigned char *bytes = chunk_at(arena, value, &size);

    print_elements(file, type->element, bytes,
                   type->element == NULL ? size : size / type->element->size, arena);
}

static void print_struct(FILE *file, const struct capchan_record *record, const void *object,
                         const struct nk_arena *arena)
{
    fputs("{\"struct\": [", file);
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        fprintf(file, "%s[\"%s\", ", i == 0 ? "" : ", ", field->name);
        print_value(file, field->type, (const char *)object + field->offset, arena);
        fputc(']', file);
    }
    fputs("]}", file);
}

static void print_union(FILE *file, const struct capchan_record *record, const void *value,
                        const struct nk_arena *arena)
{
    nk_uint32_t tag;

    memcpy(&tag, value, sizeof(tag));
    if (tag == 0) {
        fputs("{\"union\": null}", file);
        return;
    }
    const struct capchan_field *member = &record->fields[tag - 1];
    fprintf(file, "{\"union\": [%" PRIu32 ", \"%s\", ", tag, member->name);
    print_value(file, member->type, (const char *)value + member->offset, arena);
    fputs("]}", file);
}

/* print_value() - a handle is the 0 that stands for none */
static void print_value(FILE *file, const struct capchan_type *type, const void *value,
                        const struct nk_arena *arena)
{
    switch (type->kind) {
    case CAPCHAN_STRING:
        print_string(file, value, arena);
        return;
    case CAPCHAN_BYTES:
    case CAPCHAN_SEQUENCE:
        print_sequence(file, type, value, arena);
        return;
    case CAPCHAN_ARRAY:
        print_elements(file, type->element, value, type->bound, arena);
        return;
    case CAPCHAN_STRUCT:
        print_struct(file, type->record, value, arena);
        return;
    case CAPCHAN_UNION:
        print_union(file, type->record, value, arena);
        return;
    case CAPCHAN_HANDLE:
        fputc('0', file);
        return;
    default:
        print_number(file, type, value);
        return;
    }
}

/* json_value_print() - a request or response, as a struct; borrowed */
void json_value_print(FILE *file, const struct capchan_record *record, const void *object,
                      const struct nk_arena *arena)
{
    print_struct(file, record, object, arena);
}

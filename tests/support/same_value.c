/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/same_value.h"

#include <handle/handletype.h>
#include <stdarg.h>
#include <stdio.h>

/*
 * @path: of the first difference, "tree.leaves[2].name"; made from its end, on the way back
 */
struct comparison {
    const struct nk_arena *arenas[2];
    char *path;
};

/* The bytes that a chunk descriptor leads to. */
struct view {
    const char *bytes;
    size_t size;
};

static bool compare(struct comparison *comparison, const struct capchan_type *type, const void *a,
                    const void *b);

/* differs() - put what holds the difference in front of the path. Return: false. */
static bool differs(struct comparison *comparison, const char *format, ...)
{
    char path[SAME_VALUE_PATH_MAX];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(path, sizeof(path), format, arguments);
    va_end(arguments);
    snprintf(path + length, sizeof(path) - (size_t)length, "%s", comparison->path);
    strcpy(comparison->path, path);
    return false;
}

/* look() - at the chunk that @value describes. Return: false if it is not in the arena. */
static bool look(const struct nk_arena *arena, const void *value, struct view *ret_view)
{
    nk_ptr_t chunk;

    memcpy(&chunk, value, sizeof(chunk));
    ret_view->bytes = nk_arena_get_(arena, &chunk, 1, &ret_view->size);
    return ret_view->bytes != NULL || chunk.size == 0;
}

/* look_at_both() - Return: false if either is not in its arena */
static bool look_at_both(const struct comparison *comparison, const void *a, const void *b,
                         struct view *ret_a, struct view *ret_b)
{
    return look(comparison->arenas[0], a, ret_a) && look(comparison->arenas[1], b, ret_b);
}

static bool is_same_view(struct view a, struct view b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* compare_strings() - an empty string is the same as none */
static bool compare_strings(struct comparison *comparison, const void *a, const void *b)
{
    struct view texts[2];

    if (!look_at_both(comparison, a, b, &texts[0], &texts[1])) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        texts[i].size = texts[i].size == 0 ? 0 : strnlen(texts[i].bytes, texts[i].size);
    }
    return is_same_view(texts[0], texts[1]);
}

static bool compare_bytes(struct comparison *comparison, const void *a, const void *b)
{
    struct view views[2];

    return look_at_both(comparison, a, b, &views[0], &views[1]) && is_same_view(views[0], views[1]);
}

static bool compare_elements(struct comparison *comparison, const struct capchan_type *element,
                             const char *a, const char *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!compare(comparison, element, a + i * element->size, b + i * element->size)) {
            return differs(comparison, "[%zu]", i);
        }
    }
    return true;
}

static bool compare_sequences(struct comparison *comparison, const struct capchan_type *element,
                              const void *a, const void *b)
{
    struct view views[2];

    return look_at_both(comparison, a, b, &views[0], &views[1]) && views[0].size == views[1].size &&
           compare_elements(comparison, element, views[0].bytes, views[1].bytes,
                            views[0].size / element->size);
}

static bool compare_fields(struct comparison *comparison, const struct capchan_field *field,
                           const char *a, const char *b)
{
    return compare(comparison, field->type, a + field->offset, b + field->offset) ||
           differs(comparison, ".%s", field->name);
}

static bool compare_structs(struct comparison *comparison, const struct capchan_record *record,
                            const void *a, const void *b)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        if (!compare_fields(comparison, &record->fields[i], a, b)) {
            return false;
        }
    }
    return true;
}

static bool compare_unions(struct comparison *comparison, const struct capchan_record *record,
                           const void *a, const void *b)
{
    nk_uint32_t tags[2];

    memcpy(&tags[0], a, sizeof(tags[0]));
    memcpy(&tags[1], b, sizeof(tags[1]));
    if (tags[0] != tags[1] || tags[0] > record->n_fields) {
        return false;
    }
    return tags[0] == 0 || compare_fields(comparison, &record->fields[tags[0] - 1], a, b);
}

/* compare_handles() - a received handle has another number than the one that was sent; only whether
 * there is one can be the same */
static bool compare_handles(const void *a, const void *b)
{
    nk_handle_desc_t descs[2];

    memcpy(&descs[0], a, sizeof(descs[0]));
    memcpy(&descs[1], b, sizeof(descs[1]));
    return (descs[0].handle == INVALID_HANDLE) == (descs[1].handle == INVALID_HANDLE);
}

/* compare() - two values of one type, neither of which need be aligned */
static bool compare(struct comparison *comparison, const struct capchan_type *type, const void *a,
                    const void *b)
{
    switch (type->kind) {
    case CAPCHAN_STRING:
        return compare_strings(comparison, a, b);
    case CAPCHAN_BYTES:
        return compare_bytes(comparison, a, b);
    case CAPCHAN_SEQUENCE:
        return compare_sequences(comparison, type->element, a, b);
    case CAPCHAN_ARRAY:
        return compare_elements(comparison, type->element, a, b, type->bound);
    case CAPCHAN_STRUCT:
        return compare_structs(comparison, type->record, a, b);
    case CAPCHAN_UNION:
        return compare_unions(comparison, type->record, a, b);
    case CAPCHAN_HANDLE:
        return compare_handles(a, b);
    default:
        return memcmp(a, b, type->size) == 0;
    }
}

/*
 * same_value() - compare two objects, field by field
 * @a, @b:    of the same record, or of a request and the response that mirrors it: fields of the
 * same types in the same order, whatever their names
 * @ret_path: SAME_VALUE_PATH_MAX bytes; where the first difference is, "" if there is none
 */
bool same_value(const struct typed_object *a, const struct typed_object *b, char *ret_path)
{
    struct comparison comparison = {.arenas = {a->arena, b->arena}, .path = ret_path};

    ret_path[0] = '\0';
    for (size_t i = 0; i < a->record->n_fields && i < b->record->n_fields; i++) {
        const struct capchan_field *fields[] = {&a->record->fields[i], &b->record->fields[i]};
        if (fields[0]->type->kind != fields[1]->type->kind ||
            !compare(&comparison, fields[0]->type, (const char *)a->object + fields[0]->offset,
                     (const char *)b->object + fields[1]->offset)) {
            return differs(&comparison, "%s", fields[0]->name);
        }
    }
    return a->record->n_fields == b->record->n_fields;
}

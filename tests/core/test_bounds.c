/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every bound of an IDL, at N and at N + 1, at the sender and at the receiver. The tests walk the
 * tables of an interface that has all types; a *site* is a way through them to a value that has a
 * bound.
 */
#include <nk/errno.h>
#include <stdlib.h>
#include <string.h>

#include <mirror/IMirror.idl.h>

#include "core/decode.h"
#include "core/encode.h"
#include "core/error.h"
#include "core/record.h"
#include "tests/support/check_main.h"

#define STEPS_MAX 24
#define ELEMENT UINT32_MAX
#define ARENA_BYTES 65536

/*
 * @steps: which field of a struct or member of a union to take; ELEMENT: the first element of a
 * sequence or array
 * @type:  of the value at the end, which has a bound
 */
struct site {
    const struct capchan_record *record;
    uint32_t steps[STEPS_MAX];
    size_t n_steps;
    const struct capchan_type *type;
};

typedef void site_fn(const struct site *site);

/* Where a value is in protobuf-c's structures. */
struct place {
    ProtobufCMessage *message;
    const ProtobufCFieldDescriptor *field;
    void *slot; /* NULL where it is the field as a whole, repeated or not */
};

static char object_bytes[2][sizeof(mirror_IMirror_res)] __attribute__((aligned(16)));
static char arena_bytes[2][ARENA_BYTES] __attribute__((aligned(16)));
static struct nk_arena arenas[2];
static size_t n_sites;

/* step_type() - where one step leads to */
static const struct capchan_type *step_type(const struct capchan_type *type, uint32_t step)
{
    return step == ELEMENT ? type->element : type->record->fields[step].type;
}

/* walk_from() - call @visit for each site from where @site is now */
static void walk_from(struct site *site, site_fn *visit)
{
    const struct capchan_type *type = site->type;
    uint32_t n_fields = type->record != NULL ? type->record->n_fields : 0;

    ck_assert_uint_lt(site->n_steps, STEPS_MAX);
    if (type->kind >= CAPCHAN_STRING && type->kind <= CAPCHAN_ARRAY) {
        n_sites++;
        visit(site);
    }
    for (uint32_t i = 0; i < n_fields + (type->element != NULL); i++) {
        uint32_t step = i < n_fields ? i : ELEMENT;
        site->steps[site->n_steps++] = step;
        site->type = step_type(type, step);
        walk_from(site, visit);
        site->n_steps--;
    }
    site->type = type;
}

/* walk() - call @visit for all sites of all methods */
static void walk(site_fn *visit)
{
    n_sites = 0;
    for (size_t mid = 0; mid < mirror_IMirror_mid_max; mid++) {
        const struct capchan_method *method = &mirror_IMirror_interface_stub_.methods[mid];
        const struct capchan_record *const records[] = {method->req, method->res, method->err};
        for (size_t i = 0; i < 3; i++) {
            const struct capchan_type whole = {.kind = CAPCHAN_STRUCT, .record = records[i]};
            struct site site = {.record = records[i], .type = &whole};
            walk_from(&site, visit);
        }
    }
}

/* build_end() - @count elements, or characters, at the end of the way; an array has all of its own
 */
static void build_end(const struct capchan_type *type, void *value, size_t count)
{
    nk_ptr_t chunk = {0, 0};

    if (type->kind == CAPCHAN_STRING) {
        memset(nk_arena_alloc(nk_char_t, &arenas[0], &chunk, count + 1), 'a', count);
    } else if (type->kind == CAPCHAN_BYTES) {
        (void)nk_arena_alloc(nk_uint8_t, &arenas[0], &chunk, count);
    } else if (type->kind == CAPCHAN_SEQUENCE) {
        (void)nk_arena_alloc_(&arenas[0], &chunk, type->element->size, type->element->align, count);
    }
    if (type->kind != CAPCHAN_ARRAY) {
        memcpy(value, &chunk, sizeof(chunk));
    }
}

/* build_step() - make the value that @step leads to from @value. Return: it. */
static char *build_step(const struct capchan_type *type, uint32_t step, char *value)
{
    const nk_uint32_t tag = step + 1;
    nk_ptr_t chunk;
    char *element;

    switch (type->kind) {
    case CAPCHAN_ARRAY:
        return value;
    case CAPCHAN_SEQUENCE:
        element = nk_arena_alloc_(&arenas[0], &chunk, type->element->size, type->element->align, 1);
        memcpy(value, &chunk, sizeof(chunk));
        return element;
    case CAPCHAN_UNION:
        memcpy(value, &tag, sizeof(tag));
        return value + type->record->fields[step].offset;
    default:
        return value + type->record->fields[step].offset;
    }
}

/* build() - an object that is empty but for the way to the site and @count elements there */
static void build(const struct site *site, size_t count)
{
    const struct capchan_type whole = {.kind = CAPCHAN_STRUCT, .record = site->record};
    const struct capchan_type *type = &whole;
    char *value = memset(object_bytes[0], 0, sizeof(object_bytes[0]));

    nk_arena_init(&arenas[0], arena_bytes[0], arena_bytes[0] + ARENA_BYTES);
    for (size_t i = 0; i < site->n_steps; i++) {
        value = build_step(type, site->steps[i], value);
        type = step_type(type, site->steps[i]);
    }
    build_end(type, value, count);
}

/* send() - what a sender is told about the object. Return: NK_EOK, and then @ret_encoded borrows
 * from @pool. */
static nk_err_t send(const struct site *site, struct pool *pool, struct encoded *ret_encoded)
{
    pool_init(pool, SIZE_MAX);
    return error_to_nk(encode(site->record, object_bytes[0], &arenas[0], pool, ret_encoded));
}

/* receive() - what a receiver says to @message, packed by protobuf-c without our encoder */
static nk_err_t receive(const struct site *site, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    const struct frame_head head = {.body_bytes = (uint32_t)size};
    uint8_t *body = malloc(size + 1);
    struct frame frame;

    ck_assert_ptr_nonnull(body);
    protobuf_c_message_pack(message, body);
    frame_split(&head, body, &frame);
    nk_arena_init(&arenas[1], arena_bytes[1], arena_bytes[1] + ARENA_BYTES);
    int r = decode(site->record, &frame, object_bytes[1], &arenas[1]);
    free(body);
    return error_to_nk(r);
}

static void *slot_of(const struct place *place)
{
    return place->slot != NULL ? place->slot : (char *)place->message + place->field->offset;
}

/* message_at() - the message that is a slot's value */
static ProtobufCMessage *message_at(const struct place *place)
{
    ProtobufCMessage *message;

    memcpy(&message, slot_of(place), sizeof(message));
    return message;
}

/* list_at() - the repeated field of a sequence or array, which may be in a wrapper */
static struct place list_at(const struct place *place)
{
    if (place->slot == NULL && place->field->label == PROTOBUF_C_LABEL_REPEATED) {
        return *place;
    }
    ProtobufCMessage *wrapper = message_at(place);
    return (struct place){.message = wrapper, .field = &wrapper->descriptor->fields[0]};
}

static char *first_slot(const struct place *list)
{
    char *slots;

    memcpy(&slots, slot_of(list), sizeof(slots));
    return slots;
}

/* find() - where the site's value is in @message, which build() and encode() made */
static struct place find(const struct site *site, ProtobufCMessage *message)
{
    struct place place = {.slot = &message};

    for (size_t i = 0; i < site->n_steps; i++) {
        if (site->steps[i] == ELEMENT) {
            place = list_at(&place);
            place.slot = first_slot(&place);
        } else {
            place.message = message_at(&place);
            place.field = &place.message->descriptor->fields[site->steps[i]];
            place.slot = NULL;
        }
    }
    return place;
}

/* forge_octets() - @count of them in a string or in `bytes` */
static void forge_octets(const struct capchan_type *type, const struct place *place, size_t count,
                         struct pool *pool)
{
    uint8_t *bytes = pool_alloc(pool, count + 1);
    const ProtobufCBinaryData data = {.len = count, .data = bytes};

    ck_assert_ptr_nonnull(bytes);
    memset(bytes, 'a', count);
    bytes[count] = '\0';
    if (type->kind == CAPCHAN_STRING) {
        memcpy(slot_of(place), &bytes, sizeof(bytes));
    } else {
        memcpy(slot_of(place), &data, sizeof(data));
    }
}

/* forge_list() - @count elements in a repeated field, all of them the first one */
static void forge_list(const struct place *list, size_t count, struct pool *pool)
{
    size_t size = protobuf_slot_size(list->field);
    char *slots = pool_alloc(pool, (count + 1) * size);

    ck_assert_ptr_nonnull(slots);
    for (size_t i = 0; i < count; i++) {
        memcpy(slots + i * size, first_slot(list), size);
    }
    memcpy((char *)list->message + list->field->quantifier_offset, &count, sizeof(count));
    memcpy(slot_of(list), &slots, sizeof(slots));
}

/* message_of() - what encode() made as protobuf-c has it; lies in @pool */
static ProtobufCMessage *message_of(const struct site *site, const struct encoded *encoded,
                                    struct pool *pool)
{
    static uint8_t body[4 * ARENA_BYTES];

    if (encoded->message != NULL) {
        return (ProtobufCMessage *)encoded->message;
    }
    wire_flat_pack(&encoded->flat, body);
    ProtobufCMessage *message = pool_unpack(pool, site->record->proto, encoded->flat.size, body);
    ck_assert_ptr_nonnull(message);
    return message;
}

/* receive_forged() - what a receiver says to @count elements at the site */
static nk_err_t receive_forged(const struct site *site, size_t count)
{
    struct encoded encoded;
    struct pool pool;

    build(site, site->type->bound);
    ck_assert_int_eq(send(site, &pool, &encoded), NK_EOK);
    ProtobufCMessage *message = message_of(site, &encoded, &pool);
    struct place place = find(site, message);
    if (site->type->kind == CAPCHAN_STRING || type_is_bytes(site->type)) {
        forge_octets(site->type, &place, count, &pool);
    } else {
        const struct place list = list_at(&place);
        forge_list(&list, count, &pool);
    }
    nk_err_t result = receive(site, message);
    pool_deinit(&pool);
    return result;
}

/* describe() - the way to a site in words */
static const char *describe(const struct site *site)
{
    static char text[512];
    const struct capchan_type whole = {.kind = CAPCHAN_STRUCT, .record = site->record};
    const struct capchan_type *type = &whole;
    int n = snprintf(text, sizeof(text), "%s", strrchr(site->record->proto->name, '.') + 1);

    for (size_t i = 0; i < site->n_steps; i++) {
        uint32_t step = site->steps[i];
        n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%s", step == ELEMENT ? "[0]" : ".",
                      step == ELEMENT ? "" : type->record->fields[step].name);
        type = step_type(type, step);
    }
    return text;
}

static void expect_at_the_sender(const struct site *site)
{
    struct encoded encoded;
    struct pool pool;

    for (size_t surplus = 0; surplus < 2 && site->type->kind != CAPCHAN_ARRAY; surplus++) {
        build(site, site->type->bound + surplus);
        nk_err_t result = send(site, &pool, &encoded);
        pool_deinit(&pool);
        ck_assert_msg(result == (surplus == 0 ? NK_EOK : NK_EBADMSG), "%s, bound + %zu: %d",
                      describe(site), surplus, result);
    }
}

START_TEST(a_sender_may_fill_each_bound_and_not_exceed_it)
{
    walk(expect_at_the_sender);
    ck_assert_uint_gt(n_sites, 500);
}
END_TEST

static void expect_at_the_receiver(const struct site *site)
{
    for (size_t surplus = 0; surplus < 2; surplus++) {
        nk_err_t result = receive_forged(site, site->type->bound + surplus);
        ck_assert_msg(result == (surplus == 0 ? NK_EOK : NK_EBADMSG), "%s, bound + %zu: %d",
                      describe(site), surplus, result);
    }
}

START_TEST(a_receiver_takes_each_bound_and_no_more)
{
    walk(expect_at_the_receiver);
    ck_assert_uint_gt(n_sites, 500);
}
END_TEST

static void pack_chunk(const struct capchan_type *type, void *value, void *data)
{
    uint8_t **at = data;

    if (type_is_chunk(type)) {
        *at = (uint8_t *)mempcpy(*at, value, sizeof(nk_ptr_t));
    }
}

/* receive_verbatim() - what a receiver says when the body is within the bounds, and the arena that
 * comes along as it is has @count elements at the site */
static nk_err_t receive_verbatim(const struct site *site, size_t count)
{
    static uint8_t payload[4 * ARENA_BYTES];
    struct encoded encoded;
    struct frame frame;
    struct pool pool;

    build(site, site->type->bound);
    ck_assert_int_eq(send(site, &pool, &encoded), NK_EOK);
    struct frame_head head = {.body_bytes = encoded.head.body_bytes};
    uint8_t *at = payload + protobuf_c_message_pack(message_of(site, &encoded, &pool), payload);
    pool_deinit(&pool);

    build(site, count);
    head.n_pointers = (uint32_t)record_count_chunks(site->record, object_bytes[0]);
    head.arena_bytes = (uint32_t)((char *)arenas[0].current - arena_bytes[0]);
    record_visit(site->record, object_bytes[0], pack_chunk, &at);
    memcpy(at, arena_bytes[0], head.arena_bytes);
    frame_split(&head, payload, &frame);
    nk_arena_init(&arenas[1], arena_bytes[1], arena_bytes[1] + ARENA_BYTES);
    return error_to_nk(decode(site->record, &frame, object_bytes[1], &arenas[1]));
}

static void expect_of_arenas(const struct site *site)
{
    for (size_t surplus = 0; surplus < 2 && site->type->kind != CAPCHAN_ARRAY; surplus++) {
        nk_err_t result = receive_verbatim(site, site->type->bound + surplus);
        ck_assert_msg(result == (surplus == 0 ? NK_EOK : NK_EBADMSG), "%s, bound + %zu: %d",
                      describe(site), surplus, result);
    }
}

START_TEST(a_receiver_holds_an_arena_that_comes_as_it_is_to_the_same_bounds)
{
    walk(expect_of_arenas);
    ck_assert_uint_gt(n_sites, 500);
}
END_TEST

static void expect_short_arrays_refused(const struct site *site)
{
    if (site->type->kind == CAPCHAN_ARRAY) {
        nk_err_t result = receive_forged(site, site->type->bound - 1);
        ck_assert_msg(result == NK_EBADMSG, "%s, one too few: %d", describe(site), result);
    }
}

START_TEST(a_receiver_takes_no_array_that_lacks_an_element)
{
    walk(expect_short_arrays_refused);
    ck_assert_uint_gt(n_sites, 500);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bounds");
    TCase *cases = tcase_create("bounds");

    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, a_sender_may_fill_each_bound_and_not_exceed_it);
    tcase_add_test(cases, a_receiver_takes_each_bound_and_no_more);
    tcase_add_test(cases, a_receiver_holds_an_arena_that_comes_as_it_is_to_the_same_bounds);
    tcase_add_test(cases, a_receiver_takes_no_array_that_lacks_an_element);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

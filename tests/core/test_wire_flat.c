/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of a few numbers, strings and bytes: what is written and read without protobuf-c is what
 * it would write and read. Runs alone: one thread rewrites what another one reads. */
#include "core/wire_flat.h"

#include <protobuf-c/protobuf-c.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mirror/IMirror.idl.h>
#include <types/IAll.idl.h>

#include "core/utf8.h"
#include "tests/support/check_main.h"
#include "tests/support/random_value.h"
#include "tests/support/same_value.h"
#include "tests/support/scalar_ends.h"

#define MESSAGES 20000
#define MESSAGE_BYTES ((size_t)1 << 20)

static const struct capchan_record *scalars;
static const struct capchan_record *strings;

static void setup(void)
{
    scalars = types_IAll_interface_stub_.methods[types_IAll_Scalars_mid].req;
    strings = types_IAll_interface_stub_.methods[types_IAll_Strings_mid].req;
}

/* write_flat() - all that is in @arena belongs to @object */
static bool write_flat(const struct capchan_record *record, const void *object,
                       const struct nk_arena *arena, struct wire_flat *ret_flat)
{
    size_t used = (size_t)((char *)arena->current - (char *)arena->start);

    return wire_flat_write(record, object, arena->start, used, ret_flat);
}

static size_t write_scalars(const types_IAll_Scalars_req *req,
                            uint8_t bytes[WIRE_NUMBERS_BYTES_MAX])
{
    struct wire_flat flat;

    ck_assert(wire_flat_write(scalars, req, NULL, 0, &flat));
    ck_assert_uint_le(flat.size, WIRE_NUMBERS_BYTES_MAX);
    wire_flat_pack(&flat, bytes);
    return flat.size;
}

/* read_flat() - into an object that is all zeros */
static bool read_flat(const void *bytes, size_t size, types_IAll_Scalars_req *req)
{
    memset(req, 0, sizeof(*req));
    return wire_flat_read(scalars, bytes, size, req, NULL);
}

/* check_against_protobuf_c() - that it reads @size bytes, and would write the same */
static void check_against_protobuf_c(const struct capchan_record *record, const uint8_t *bytes,
                                     size_t size)
{
    static uint8_t theirs[MESSAGE_BYTES];
    ProtobufCMessage *message = protobuf_c_message_unpack(record->proto, NULL, size, bytes);

    ck_assert_ptr_nonnull(message);
    ck_assert_uint_eq(protobuf_c_message_get_packed_size(message), size);
    ck_assert_uint_eq(protobuf_c_message_pack(message, theirs), size);
    ck_assert_mem_eq(bytes, theirs, size);
    protobuf_c_message_free_unpacked(message, NULL);
}

START_TEST(protobuf_c_reads_what_is_written_and_would_write_the_same)
{
    struct random_source source = {.state = random_seed(), .is_orderly = true};
    static mirror_IMirror_req req;
    static mirror_IMirror_req again;
    static char room[2][MESSAGE_BYTES];
    static uint8_t bytes[MESSAGE_BYTES];
    struct nk_arena arenas[2];
    char path[SAME_VALUE_PATH_MAX];
    unsigned n_flat = 0;

    for (unsigned i = 0; i < check_rounds(MESSAGES); i++) {
        nk_mid_t mid = (nk_mid_t)(random_next(&source) % mirror_IMirror_mid_max);
        const struct capchan_record *record = mirror_IMirror_interface_stub_.methods[mid].req;
        struct wire_flat flat;
        nk_arena_init(&arenas[0], room[0], room[0] + sizeof(room[0]));
        nk_arena_init(&arenas[1], room[1], room[1] + sizeof(room[1]));
        random_fill(&source, record, &req, &arenas[0]);
        ck_assert(write_flat(record, &req, &arenas[0], &flat) == wire_is_flat(record));
        if (!wire_is_flat(record)) {
            continue;
        }
        n_flat++;
        wire_flat_pack(&flat, bytes);
        check_against_protobuf_c(record, bytes, flat.size);
        memset(&again, 0, sizeof(again));
        ck_assert(wire_flat_read(record, bytes, flat.size, &again, &arenas[1]));
        const struct typed_object there = {record, &req, &arenas[0]};
        const struct typed_object here = {record, &again, &arenas[1]};
        ck_assert_msg(same_value(&there, &here, path), "%s differs", path);
    }
    ck_assert_uint_gt(n_flat, 0);
}
END_TEST

START_TEST(the_ends_of_every_range_pass)
{
    const types_IAll_Scalars_req ends[] = {
        {.u8 = UINT8_MAX, .u16 = UINT16_MAX, .u32 = UINT32_MAX, .u64 = UINT64_MAX},
        {.s8 = INT8_MAX, .s16 = INT16_MAX, .s32 = INT32_MAX, .s64 = INT64_MAX},
        {.s8 = INT8_MIN, .s16 = INT16_MIN, .s32 = INT32_MIN, .s64 = INT64_MIN},
        SCALARS_LARGEST,
    };
    types_IAll_Scalars_req req;
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX];

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        ck_assert(read_flat(bytes, write_scalars(&ends[i], bytes), &req));
        ck_assert_mem_eq(&req, &ends[i], sizeof(req));
    }
}
END_TEST

START_TEST(numbers_beyond_their_range_are_left_to_others)
{
    types_IAll_Scalars_req req;

    ck_assert(read_flat("\x08\xff\x01", 3, &req));
    ck_assert(!read_flat("\x08\x80\x02", 3, &req));
    ck_assert(read_flat("\x10\xff\xff\x03", 4, &req));
    ck_assert(!read_flat("\x10\x80\x80\x04", 4, &req));
    ck_assert(read_flat("\x18\xff\xff\xff\xff\x0f", 6, &req));
    ck_assert(!read_flat("\x18\x80\x80\x80\x80\x10", 6, &req));
    ck_assert(read_flat("\x28\xff\x01", 3, &req));
    ck_assert_int_eq(req.s8, INT8_MIN);
    ck_assert(!read_flat("\x28\x80\x02", 3, &req));
    ck_assert(!read_flat("\x28\x81\x02", 3, &req));
    ck_assert(!read_flat("\x30\x80\x80\x04", 4, &req));
    ck_assert(!read_flat("\x38\x80\x80\x80\x80\x10", 6, &req));
}
END_TEST

START_TEST(whatever_is_unusual_is_left_to_others)
{
    types_IAll_Scalars_req req;

    ck_assert(read_flat("", 0, &req));
    ck_assert(read_flat("\x08\x01\x10\x02", 4, &req));
    ck_assert(!read_flat("\x10\x02\x08\x01", 4, &req)); /* out of order */
    ck_assert(!read_flat("\x08\x01\x08\x01", 4, &req)); /* twice */
    ck_assert(!read_flat("\x48\x01", 2, &req));         /* unknown */
    ck_assert(!read_flat("\x88\x01\x01", 3, &req));
    ck_assert(!read_flat("\x0d\x01\x00\x00\x00", 5, &req)); /* of another wire type */
    ck_assert(!read_flat("\x0a\x01\x01", 3, &req));
    ck_assert(!read_flat("\x08", 1, &req)); /* cut off */
    ck_assert(!read_flat("\x08\x80", 2, &req));
    ck_assert(!read_flat("\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, &req)); /* too long */
    ck_assert(!read_flat("\x08\x01\x00", 3, &req)); /* more than a message */
}
END_TEST

/* Two strings, and where they lie. */
struct placed {
    const char *what;
    nk_ptr_t a;
    nk_ptr_t b;
};

START_TEST(an_arena_that_the_receiver_could_not_rebuild_is_left_to_others)
{
    static const struct placed cases[] = {
        {"the second one first", {3, 3}, {0, 3}},
        {"a hole", {0, 3}, {4, 2}},
        {"one that both share", {0, 6}, {0, 6}},
        {"a rest that is nobody's", {0, 3}, {3, 2}},
        {"beyond the arena", {0, 3}, {3, 4}},
        {"no string at all", {0, 0}, {0, 6}},
        {"no NUL", {0, 2}, {2, 4}},
        {"two of them", {0, 3}, {3, 3}},
        {"empty, but somewhere", {0, 6}, {6, 0}},
    };
    char room[] = "ab\0d\0";
    const struct nk_arena arena = {.start = room, .current = room + 6, .end = room + 6};
    struct wire_flat flat;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        types_IAll_Strings_req req = {.a = cases[i].a, .b = cases[i].b};
        ck_assert_msg(!write_flat(strings, &req, &arena, &flat), "%s", cases[i].what);
    }
    memcpy(room, "ab\0de", sizeof(room));
    types_IAll_Strings_req req = {.a = {0, 3}, .b = {3, 3}};
    ck_assert(write_flat(strings, &req, &arena, &flat));
    memcpy(room, "\xff", 1);
    ck_assert(!write_flat(strings, &req, &arena, &flat)); /* not UTF-8 */
}
END_TEST

START_TEST(a_string_may_be_as_long_as_the_idl_says_and_no_longer)
{
    char room[] = "12345678\0name\0";
    const struct nk_arena arena = {.start = room, .current = room + 14, .end = room + 14};
    types_IAll_Strings_req req = {.a = {0, 9}, .b = {9, 5}};
    struct wire_flat flat;

    ck_assert(write_flat(strings, &req, &arena, &flat));
    char longer[] = "123456789\0name\0";
    const struct nk_arena other = {.start = longer, .current = longer + 15, .end = longer + 15};
    req = (types_IAll_Strings_req){.a = {0, 10}, .b = {10, 5}};
    ck_assert(!write_flat(strings, &req, &other, &flat));
}
END_TEST

START_TEST(a_few_numbers_strings_and_bytes_are_flat_and_nothing_else_is)
{
    const struct capchan_method *methods = types_IAll_interface_stub_.methods;

    ck_assert(wire_is_flat(methods[types_IAll_Scalars_mid].req));
    ck_assert(wire_is_flat(methods[types_IAll_Strings_mid].req));
    ck_assert(wire_is_flat(methods[types_IAll_Quiet_mid].req));
    ck_assert(!wire_is_flat(methods[types_IAll_Buffers_mid].req)); /* of UInt32 */
    ck_assert(!wire_is_flat(methods[types_IAll_Arrays_mid].req));
    ck_assert(!wire_is_flat(methods[types_IAll_Structs_mid].req));
    ck_assert(!wire_is_flat(methods[types_IAll_Nested_mid].req));
}
END_TEST

/* Two strings, as a peer sends them, and what it makes of them meanwhile. */
#define TEXT                                                                                       \
    "\x0a\x08"                                                                                     \
    "abcdefgh"                                                                                     \
    "\x12\x10"                                                                                     \
    "ijklmnopqrstuvwx"
#define TEXT_BYTES (sizeof(TEXT) - 1)
static uint8_t *text;
static atomic_bool is_over;

static void *rewrite(void *unused)
{
    static const uint8_t bytes[] = {0, 0xff, 0x80, 0xc3, 'x', 8, 9, 16, 17, 0x12};
    uint32_t word = 1;

    while (!atomic_load(&is_over)) {
        word = word * 1664525 + 1013904223;
        size_t at = (word >> 8) % TEXT_BYTES;
        __atomic_store_n(&text[at], bytes[(word >> 20) % sizeof(bytes)], __ATOMIC_RELAXED);
        sched_yield();
        __atomic_store_n(&text[at], (uint8_t)TEXT[at], __ATOMIC_RELAXED);
    }
    return unused;
}

/* check_string() - the promises about every string that a program is given */
static void check_string(const struct nk_arena *arena, const nk_ptr_t *chunk, size_t bound)
{
    nk_size_t size;
    const char *string = nk_arena_get(nk_char_t, arena, chunk, &size);

    ck_assert_ptr_nonnull(string);
    ck_assert_uint_le(size, bound + 1);
    ck_assert_uint_eq(strnlen(string, size), size - 1);
    ck_assert(utf8_is_valid(string, size - 1));
}

START_TEST(whatever_a_peer_writes_meanwhile_what_is_read_is_as_promised)
{
    char bytes[64];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    const unsigned n_rounds = check_rounds(200000);
    pthread_t thread;
    unsigned n_read = 0;

    /* Each end has a mapping of its own, as in life. */
    int memfd = memfd_create("text", MFD_CLOEXEC);
    ck_assert_int_eq(pwrite(memfd, TEXT, TEXT_BYTES, 0), TEXT_BYTES);
    text = mmap(NULL, TEXT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
    const uint8_t *seen = mmap(NULL, TEXT_BYTES, PROT_READ, MAP_SHARED, memfd, 0);
    ck_assert(text != MAP_FAILED && seen != MAP_FAILED);
    close(memfd);
    pthread_create(&thread, NULL, rewrite, NULL);
    for (unsigned i = 0; i < n_rounds || n_read == 0; i++) {
        types_IAll_Strings_req req = {0};
        nk_arena_reset(&arena);
        if (wire_flat_read(strings, seen, TEXT_BYTES, &req, &arena)) {
            check_string(&arena, &req.a, 8);
            check_string(&arena, &req.b, types_Common_NameLength);
            n_read++;
        }
        if (i % 64 == 0) {
            sched_yield();
        }
    }
    atomic_store(&is_over, true);
    pthread_join(thread, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire_flat");
    TCase *cases = tcase_create("wire_flat");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, protobuf_c_reads_what_is_written_and_would_write_the_same);
    tcase_add_test(cases, the_ends_of_every_range_pass);
    tcase_add_test(cases, numbers_beyond_their_range_are_left_to_others);
    tcase_add_test(cases, whatever_is_unusual_is_left_to_others);
    tcase_add_test(cases, an_arena_that_the_receiver_could_not_rebuild_is_left_to_others);
    tcase_add_test(cases, a_string_may_be_as_long_as_the_idl_says_and_no_longer);
    tcase_add_test(cases, a_few_numbers_strings_and_bytes_are_flat_and_nothing_else_is);
    tcase_add_test(cases, whatever_a_peer_writes_meanwhile_what_is_read_is_as_promised);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* encode.c and decode.c against generated tables: what goes in comes out, and nothing else gets in.
 */
#include "core/decode.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <types/IAll.idl.h>
#include <types/IChoices.idl.h>

#include "core/encode.h"
#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/codec.h"

static void setup(void)
{
    codec_setup(&types_IAll_interface_stub_);
}

/* text_at() - the string that a chunk holds */
static const char *text_at(const nk_ptr_t *chunk)
{
    nk_size_t n;

    return nk_arena_get(nk_char_t, &codec.received, chunk, &n);
}

START_TEST(scalars_arrive_at_their_extremes)
{
    const types_IAll_Scalars_req cases[] = {
        {.u8 = UINT8_MAX,
         .u16 = UINT16_MAX,
         .u32 = UINT32_MAX,
         .u64 = UINT64_MAX,
         .s8 = INT8_MAX,
         .s16 = INT16_MAX,
         .s32 = INT32_MAX,
         .s64 = INT64_MAX},
        {.s8 = INT8_MIN, .s16 = INT16_MIN, .s32 = INT32_MIN, .s64 = INT64_MIN},
        {.u8 = 1, .s8 = -1, .u64 = 1ull << 63}};
    types_IAll_Scalars_req received;

    memset(&received, 0xaa, sizeof(received));
    ck_assert_int_eq(codec_send(types_IAll_Scalars_mid, &cases[_i]), 0);
    ck_assert_int_eq(codec_receive(types_IAll_Scalars_mid, &received), 0);
    ck_assert(received.u8 == cases[_i].u8 && received.u16 == cases[_i].u16 &&
              received.u32 == cases[_i].u32 && received.u64 == cases[_i].u64);
    ck_assert(received.s8 == cases[_i].s8 && received.s16 == cases[_i].s16 &&
              received.s32 == cases[_i].s32 && received.s64 == cases[_i].s64);
}
END_TEST

START_TEST(strings_arrive_with_their_nul_and_at_the_same_offsets)
{
    types_IAll_Strings_req sent = {0};
    types_IAll_Strings_req received;

    nk_arena_store(nk_char_t, &codec.sent, &sent.a, "12345678", 9);
    nk_arena_store(nk_char_t, &codec.sent, &sent.b, "", 1);
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), 0);
    ck_assert(!codec_is_verbatim());
    ck_assert_int_eq(codec_receive(types_IAll_Strings_mid, &received), 0);
    ck_assert_str_eq(text_at(&received.a), "12345678");
    ck_assert_str_eq(text_at(&received.b), "");
    ck_assert_mem_eq(&received.a, &sent.a, sizeof(sent.a));
    ck_assert_mem_eq(&received.b, &sent.b, sizeof(sent.b));
}
END_TEST

START_TEST(a_string_holds_n_bytes_and_not_n_plus_1)
{
    types_IAll_Strings_req sent = {0};

    nk_arena_store(nk_char_t, &codec.sent, &sent.a, "123456789", 10);
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_string_must_end_with_a_nul_and_be_utf8)
{
    types_IAll_Strings_req sent = {0};

    nk_arena_store(nk_char_t, &codec.sent, &sent.a, "1234", 4);
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), ERROR_BAD_MESSAGE);
    nk_arena_store(nk_char_t, &codec.sent, &sent.a, "\xff\xff", 3);
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(unset_strings_stay_unset)
{
    types_IAll_Strings_req sent = {0};
    types_IAll_Strings_req received;

    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IAll_Strings_mid, &received), 0);
    ck_assert_uint_eq(received.a.size, 0);
    ck_assert_uint_eq(received.b.size, 0);
}
END_TEST

START_TEST(buffers_arrive)
{
    types_IAll_Buffers_req sent = {0};
    types_IAll_Buffers_req received;
    const nk_uint32_t words[] = {1, UINT32_MAX, 0, 7};
    nk_size_t n;

    nk_arena_store(nk_uint8_t, &codec.sent, &sent.data, (const nk_uint8_t *)"\0\1\2\xff", 4);
    nk_arena_store(nk_uint32_t, &codec.sent, &sent.words, words, 4);
    ck_assert_int_eq(codec_send(types_IAll_Buffers_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IAll_Buffers_mid, &received), 0);
    ck_assert_mem_eq(nk_arena_get(nk_uint8_t, &codec.received, &received.data, &n), "\0\1\2\xff",
                     4);
    ck_assert_uint_eq(n, 4);
    ck_assert_uint_eq(received.octets.size, 0);
    ck_assert_mem_eq(nk_arena_get(nk_uint32_t, &codec.received, &received.words, &n), words,
                     sizeof(words));
    ck_assert_uint_eq(n, 4);
    ck_assert_mem_eq(&received.words, &sent.words, sizeof(sent.words));
}
END_TEST

START_TEST(a_sequence_holds_n_elements_and_not_n_plus_1)
{
    types_IAll_Buffers_req sent = {0};
    const nk_uint32_t words[5] = {0};

    nk_arena_store(nk_uint32_t, &codec.sent, &sent.words, words, 5);
    ck_assert_int_eq(codec_send(types_IAll_Buffers_mid, &sent), ERROR_BAD_MESSAGE);
    sent.words.size = 4 * 4;
    ck_assert_int_eq(codec_send(types_IAll_Buffers_mid, &sent), 0);
    sent.words.size = 4 * 4 - 1;
    ck_assert_int_eq(codec_send(types_IAll_Buffers_mid, &sent), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(arrays_arrive_in_place)
{
    const types_IAll_Arrays_req sent = {
        .quad = {1, 2, 3, 255}, .triple = {0, 65535, 1}, .pair = {{-1, 2}, {3, INT32_MIN}}};
    types_IAll_Arrays_req received;

    ck_assert_int_eq(codec_send(types_IAll_Arrays_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IAll_Arrays_mid, &received), 0);
    ck_assert_mem_eq(received.quad, sent.quad, sizeof(sent.quad));
    ck_assert_mem_eq(received.triple, sent.triple, sizeof(sent.triple));
    ck_assert_mem_eq(received.pair, sent.pair, sizeof(sent.pair));
}
END_TEST

START_TEST(structs_and_sequences_of_structs_with_strings_arrive)
{
    types_IAll_Structs_req sent = {.item = {.kind = 3, .where = {-5, 5}, .serial = 1ull << 40}};
    types_IAll_Structs_req received;
    nk_size_t n;

    nk_arena_store(nk_char_t, &codec.sent, &sent.item.name, "first", 6);
    types_IAll_Item *items = nk_arena_alloc(types_IAll_Item, &codec.sent, &sent.items, 2);
    items[0].kind = 1;
    items[1].kind = 2;
    nk_arena_store(nk_char_t, &codec.sent, &items[0].name, "second", 7);
    nk_arena_store(nk_char_t, &codec.sent, &items[1].name, "third", 6);
    types_Common_Point *path = nk_arena_alloc(types_Common_Point, &codec.sent, &sent.path, 8);
    path[7].x = 77;
    ck_assert_int_eq(codec_send(types_IAll_Structs_mid, &sent), 0);
    ck_assert(!codec_is_verbatim());
    ck_assert_int_eq(codec_receive(types_IAll_Structs_mid, &received), 0);
    ck_assert_str_eq(text_at(&received.item.name), "first");
    ck_assert(received.item.where.x == -5 && received.item.serial == 1ull << 40);
    items = nk_arena_get(types_IAll_Item, &codec.received, &received.items, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(text_at(&items[1].name), "third");
    path = nk_arena_get(types_Common_Point, &codec.received, &received.path, &n);
    ck_assert_uint_eq(n, 8);
    ck_assert_int_eq(path[7].x, 77);
    ck_assert_mem_eq(&received.path, &sent.path, sizeof(sent.path));
}
END_TEST

START_TEST(sequences_in_sequences_and_arrays_arrive)
{
    types_IAll_Nested_req sent = {0};
    types_IAll_Nested_req received;
    const nk_uint32_t row[] = {5, 6};
    const nk_uint16_t lane[] = {9};
    nk_size_t n;

    nk_ptr_t *rows = nk_arena_alloc(nk_ptr_t, &codec.sent, &sent.rows, 2);
    nk_arena_store(nk_uint32_t, &codec.sent, &rows[1], row, 2);
    nk_ptr_t *names = nk_arena_alloc(nk_ptr_t, &codec.sent, &sent.names, 1);
    nk_arena_store(nk_char_t, &codec.sent, &names[0], "name", 5);
    nk_arena_store(nk_uint16_t, &codec.sent, &sent.lanes[1], lane, 1);
    ck_assert_int_eq(codec_send(types_IAll_Nested_mid, &sent), 0);
    ck_assert(!codec_is_verbatim());
    ck_assert_int_eq(codec_receive(types_IAll_Nested_mid, &received), 0);
    rows = nk_arena_get(nk_ptr_t, &codec.received, &received.rows, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(rows[0].size, 0);
    ck_assert_mem_eq(nk_arena_get(nk_uint32_t, &codec.received, &rows[1], &n), row, sizeof(row));
    names = nk_arena_get(nk_ptr_t, &codec.received, &received.names, &n);
    ck_assert_str_eq(text_at(&names[0]), "name");
    ck_assert_mem_eq(nk_arena_get(nk_uint16_t, &codec.received, &received.lanes[1], &n), lane, 2);
}
END_TEST

START_TEST(an_opaque_arena_arrives_verbatim)
{
    types_IAll_Buffers_req sent = {0};
    types_IAll_Buffers_req received;
    nk_ptr_t hidden;
    nk_size_t n;

    nk_ptr_t *inside = nk_arena_alloc(nk_ptr_t, &codec.sent, &sent.octets, 2);
    nk_arena_store(nk_char_t, &codec.sent, &inside[1], "behind typed data", 18);
    nk_arena_store(nk_uint8_t, &codec.sent, &hidden, (const nk_uint8_t *)"z", 1);
    ck_assert_int_eq(codec_send(types_IAll_Buffers_mid, &sent), 0);
    ck_assert(codec_is_verbatim());
    ck_assert_int_eq(codec_receive(types_IAll_Buffers_mid, &received), 0);
    inside = nk_arena_get(nk_ptr_t, &codec.received, &received.octets, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(text_at(&inside[1]), "behind typed data");
    ck_assert_mem_eq(codec.received_bytes, codec.sent_bytes, 16 + 18 + 1);
}
END_TEST

START_TEST(chunks_in_another_order_or_shared_keep_their_offsets)
{
    types_IAll_Strings_req sent = {0};
    types_IAll_Strings_req received;

    nk_arena_store(nk_char_t, &codec.sent, &sent.b, "later", 6);
    if (_i == 0) {
        nk_arena_store(nk_char_t, &codec.sent, &sent.a, "early", 6);
    } else {
        sent.a = sent.b;
    }
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), 0);
    ck_assert(codec_is_verbatim());
    ck_assert_int_eq(codec_receive(types_IAll_Strings_mid, &received), 0);
    ck_assert_mem_eq(&received.a, &sent.a, sizeof(sent.a));
    ck_assert_mem_eq(&received.b, &sent.b, sizeof(sent.b));
    ck_assert_str_eq(text_at(&received.b), "later");
}
END_TEST

START_TEST(chunks_outside_the_senders_arena_are_refused)
{
    types_IAll_Strings_req sent = {.a = {.offset = 0, .size = 4}};

    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), ERROR_BAD_MESSAGE);
    sent.a.offset = UINT32_MAX;
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_receiver_without_room_is_told)
{
    types_IAll_Strings_req sent = {0};
    types_IAll_Strings_req received;
    struct nk_arena zero = {0};

    nk_arena_store(nk_char_t, &codec.sent, &sent.a, "12345678", 9);
    nk_arena_store(nk_char_t, &codec.sent, &sent.b, "", 1);
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), 0);
    ck_assert_int_eq(decode(codec_record(types_IAll_Strings_mid), &codec.frame, &received, NULL),
                     ERROR_NO_ROOM);
    ck_assert_int_eq(decode(codec_record(types_IAll_Strings_mid), &codec.frame, &received, &zero),
                     ERROR_NO_ROOM);
}
END_TEST

START_TEST(a_forged_arena_is_held_to_the_same_rules)
{
    types_IAll_Strings_req sent = {0};
    types_IAll_Strings_req received;
    nk_ptr_t forged = {.offset = 0, .size = 18};

    nk_arena_store(nk_char_t, &codec.sent, &sent.b, "later", 6);
    nk_arena_store(nk_char_t, &codec.sent, &sent.a, "early", 6);
    ck_assert_int_eq(codec_send(types_IAll_Strings_mid, &sent), 0);
    memcpy((uint8_t *)codec.frame.pointers, &forged,
           sizeof(forged)); /* a: beyond its bound of 8 + 1 */
    ck_assert_int_eq(codec_receive(types_IAll_Strings_mid, &received), ERROR_BAD_MESSAGE);
    codec.frame.head.n_pointers = 1;
    ck_assert_int_eq(codec_receive(types_IAll_Strings_mid, &received), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_hundred_thousand_zero_structs_are_no_attack)
{
    types_IAll_Swarm_req sent = {0};
    types_IAll_Swarm_req received;

    nk_arena_alloc(types_Common_Point, &codec.sent, &sent.points, 100000);
    ck_assert_int_eq(codec_send(types_IAll_Swarm_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IAll_Swarm_mid, &received), 0);
    ck_assert_uint_eq(received.points.size, 100000 * sizeof(types_Common_Point));
}
END_TEST

START_TEST(one_struct_too_many_on_the_wire_is_refused)
{
    types_IAll_Swarm_req received;
    size_t n = 100001;

    codec.payload = malloc(2 * n);
    for (size_t i = 0; i < n; i++) {
        memcpy(codec.payload + 2 * i, "\x0a", 2);
    }
    const struct frame_head head = {.body_bytes = (uint32_t)(2 * n)};
    frame_split(&head, codec.payload, &codec.frame);
    ck_assert_int_eq(codec_receive(types_IAll_Swarm_mid, &received), ERROR_BAD_MESSAGE);
    codec.frame.head.body_bytes = (uint32_t)(2 * (n - 1));
    ck_assert_int_eq(codec_receive(types_IAll_Swarm_mid, &received), 0);
}
END_TEST

START_TEST(scalars_that_do_not_fit_are_refused)
{
    static const char *const bodies[] = {
        "\x08\x80\x02" /* u8 = 256 */, "\x10\x80\x80\x04" /* u16 = 65536 */,
        "\x28\x80\x02" /* s8 = 128 */, "\x30\x80\x80\x04" /* s16 = 32768 */};
    types_IAll_Scalars_req received;
    const struct frame_head head = {.body_bytes = (uint32_t)strlen(bodies[_i])};

    frame_split(&head, (const uint8_t *)bodies[_i], &codec.frame);
    ck_assert_int_eq(codec_receive(types_IAll_Scalars_mid, &received), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(an_array_of_another_length_is_refused)
{
    static const char *const bodies[] = {
        "\x0a\x03xyz\x12\x03\x01\x01\x01\x1a\x02\x08\x01\x1a\x02\x08\x01",
        "\x0a\x04wxyz\x12\x02\x01\x01\x1a\x02\x08\x01\x1a\x02\x08\x01",
        "\x0a\x04wxyz\x12\x03\x01\x01\x01\x1a\x02\x08\x01",
        "\x0a\x04wxyz\x12\x03\x01\x01\x01\x1a\x02\x08\x01\x1a\x02\x08\x01"};
    types_IAll_Arrays_req received;
    const struct frame_head head = {.body_bytes = (uint32_t)strlen(bodies[_i])};

    frame_split(&head, (const uint8_t *)bodies[_i], &codec.frame);
    ck_assert_int_eq(codec_receive(types_IAll_Arrays_mid, &received),
                     _i == 3 ? 0 : ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(every_truncation_of_a_message_is_harmless)
{
    types_IAll_Structs_req sent = {.item = {.kind = 3, .where = {-5, 5}, .serial = 1ull << 40}};
    types_IAll_Structs_req received;

    nk_arena_store(nk_char_t, &codec.sent, &sent.item.name, "first", 6);
    nk_arena_alloc(types_IAll_Item, &codec.sent, &sent.items, 4);
    ck_assert_int_eq(codec_send(types_IAll_Structs_mid, &sent), 0);
    for (uint32_t size = codec.frame.head.body_bytes; size-- > 0;) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, codec.payload, size);
        const struct frame_head head = {.body_bytes = size};
        frame_split(&head, copy, &codec.frame);
        (void)codec_receive(types_IAll_Structs_mid, &received);
        free(copy);
    }
}
END_TEST

START_TEST(each_member_of_a_union_arrives)
{
    types_IChoices_Choice cases[] = {
        {.tag_ = 0},
        {.tag_ = types_IChoices_Choice_octet_tag, .octet = 0},
        {.tag_ = types_IChoices_Choice_octet_tag, .octet = 255},
        {.tag_ = types_IChoices_Choice_point_tag, .point = {-1, INT32_MAX}},
        {.tag_ = types_IChoices_Choice_triple_tag, .triple = {1, 2, UINT16_MAX}},
        {.tag_ = types_IChoices_Choice_class_tag, .class_ = INT64_MIN},
        {.tag_ = types_IChoices_Choice_handle_tag, .handle = {INVALID_HANDLE, 0, 0}},
    };
    types_IChoices_Choose_req sent = {.choice = cases[_i]};
    types_IChoices_Choose_req received;

    codec.interface = &types_IChoices_interface_stub_;
    memset(&received, 0xaa, sizeof(received));
    ck_assert_int_eq(codec_send(types_IChoices_Choose_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IChoices_Choose_mid, &received), 0);
    ck_assert_mem_eq(&received.choice, &sent.choice, sizeof(sent.choice));
}
END_TEST

START_TEST(a_union_leads_to_its_chunks_and_to_no_others)
{
    types_IChoices_Choose_req sent = {.choice = {.tag_ = types_IChoices_Choice_words_tag}};
    types_IChoices_Choose_req received;
    nk_ptr_t *words;
    nk_size_t n;

    codec.interface = &types_IChoices_interface_stub_;
    words = nk_arena_alloc(nk_ptr_t, &codec.sent, &sent.choice.words, 2);
    nk_arena_store(nk_char_t, &codec.sent, &words[0], "a", 2);
    nk_arena_store(nk_char_t, &codec.sent, &words[1], "bc", 3);
    nk_arena_store(nk_char_t, &codec.sent, &sent.behind, "end", 4);
    ck_assert_int_eq(codec_send(types_IChoices_Choose_mid, &sent), 0);
    ck_assert(!codec_is_verbatim());
    ck_assert_int_eq(codec_receive(types_IChoices_Choose_mid, &received), 0);
    words = nk_arena_get(nk_ptr_t, &codec.received, &received.choice.words, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(text_at(&words[1]), "bc");
    ck_assert_str_eq(text_at(&received.behind), "end");
}
END_TEST

START_TEST(unions_may_nest_in_anything)
{
    types_IChoices_Deep_req sent = {0};
    types_IChoices_Deep_req received;
    struct types_IChoices_Choice *choices;
    nk_size_t n;

    codec.interface = &types_IChoices_interface_stub_;
    sent.both.first.tag_ = types_IChoices_Choice_raw_tag;
    nk_arena_store(nk_uint8_t, &codec.sent, &sent.both.first.raw, (const nk_uint8_t *)"xyz", 3);
    sent.both.rest[1].tag_ = types_IChoices_Outer_choices_tag;
    choices =
        nk_arena_alloc(struct types_IChoices_Choice, &codec.sent, &sent.both.rest[1].choices, 2);
    choices[1].tag_ = types_IChoices_Choice_name_tag;
    nk_arena_store(nk_char_t, &codec.sent, &choices[1].name, "deep", 5);
    ck_assert_int_eq(codec_send(types_IChoices_Deep_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IChoices_Deep_mid, &received), 0);
    ck_assert_uint_eq(received.both.rest[0].tag_, 0);
    choices = nk_arena_get(struct types_IChoices_Choice, &codec.received,
                           &received.both.rest[1].choices, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(choices[0].tag_, 0);
    ck_assert_str_eq(text_at(&choices[1].name), "deep");
}
END_TEST

START_TEST(a_verbatim_arena_works_with_unions_too)
{
    types_IChoices_Deep_req sent = {0};
    types_IChoices_Deep_req received;
    nk_ptr_t hidden;

    codec.interface = &types_IChoices_interface_stub_;
    sent.both.first.tag_ = types_IChoices_Choice_octet_tag;
    sent.both.rest[0].tag_ = types_IChoices_Outer_choice_tag;
    sent.both.rest[0].choice.tag_ = types_IChoices_Choice_name_tag;
    nk_arena_store(nk_char_t, &codec.sent, &hidden, "hidden", 7);
    nk_arena_store(nk_char_t, &codec.sent, &sent.both.rest[0].choice.name, "seen", 5);
    ck_assert_int_eq(codec_send(types_IChoices_Deep_mid, &sent), 0);
    ck_assert(codec_is_verbatim());
    ck_assert_uint_eq(codec.frame.head.n_pointers, 3);
    ck_assert_int_eq(codec_receive(types_IChoices_Deep_mid, &received), 0);
    ck_assert_str_eq(text_at(&hidden), "hidden");
    ck_assert_str_eq(text_at(&received.both.rest[0].choice.name), "seen");

    codec.frame.head.n_pointers--;
    ck_assert_int_eq(codec_receive(types_IChoices_Deep_mid, &received), ERROR_BAD_MESSAGE);
    codec.frame.head.n_pointers += 2;
    ck_assert_int_eq(codec_receive(types_IChoices_Deep_mid, &received), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_union_has_no_members_but_its_own)
{
    types_IChoices_Choose_req sent = {.choice = {.tag_ = types_IChoices_Choice_handle_tag + 1}};

    codec.interface = &types_IChoices_interface_stub_;
    ck_assert_int_eq(codec_send(types_IChoices_Choose_mid, &sent), ERROR_BAD_MESSAGE);
    sent.choice.tag_ = UINT32_MAX;
    ck_assert_int_eq(codec_send(types_IChoices_Choose_mid, &sent), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(platform_words_arrive_whole)
{
    types_IChoices_Words_req sent = {.size = SIZE_MAX, .address = UINTPTR_MAX - 1};
    types_IChoices_Words_req received;

    codec.interface = &types_IChoices_interface_stub_;
    ck_assert_int_eq(codec_send(types_IChoices_Words_mid, &sent), 0);
    ck_assert_int_eq(codec_receive(types_IChoices_Words_mid, &received), 0);
    ck_assert(received.size == SIZE_MAX && received.address == UINTPTR_MAX - 1);
}
END_TEST

START_TEST(no_handle_arrives_as_none)
{
    types_IChoices_Words_req sent = {.any = nk_handle_desc(INVALID_HANDLE)};
    types_IChoices_Words_req received;

    codec.interface = &types_IChoices_interface_stub_;
    ck_assert_int_eq(codec_send(types_IChoices_Words_mid, &sent), 0);
    ck_assert_uint_eq(codec.frame.head.n_handles, 0);
    ck_assert_int_eq(codec_receive(types_IChoices_Words_mid, &received), 0);
    ck_assert_uint_eq(nk_get_handle(&received.any), INVALID_HANDLE);
    ck_assert_uint_eq(nk_get_handle(&received.all), INVALID_HANDLE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codec");
    TCase *cases = tcase_create("codec");

    tcase_add_checked_fixture(cases, setup, codec_teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, scalars_arrive_at_their_extremes, 0, 3);
    tcase_add_test(cases, strings_arrive_with_their_nul_and_at_the_same_offsets);
    tcase_add_test(cases, a_string_holds_n_bytes_and_not_n_plus_1);
    tcase_add_test(cases, a_string_must_end_with_a_nul_and_be_utf8);
    tcase_add_test(cases, unset_strings_stay_unset);
    tcase_add_test(cases, buffers_arrive);
    tcase_add_test(cases, a_sequence_holds_n_elements_and_not_n_plus_1);
    tcase_add_test(cases, arrays_arrive_in_place);
    tcase_add_test(cases, structs_and_sequences_of_structs_with_strings_arrive);
    tcase_add_test(cases, sequences_in_sequences_and_arrays_arrive);
    tcase_add_test(cases, an_opaque_arena_arrives_verbatim);
    tcase_add_loop_test(cases, chunks_in_another_order_or_shared_keep_their_offsets, 0, 2);
    tcase_add_test(cases, chunks_outside_the_senders_arena_are_refused);
    tcase_add_test(cases, a_receiver_without_room_is_told);
    tcase_add_test(cases, a_forged_arena_is_held_to_the_same_rules);
    tcase_add_test(cases, a_hundred_thousand_zero_structs_are_no_attack);
    tcase_add_test(cases, one_struct_too_many_on_the_wire_is_refused);
    tcase_add_loop_test(cases, scalars_that_do_not_fit_are_refused, 0, 4);
    tcase_add_loop_test(cases, an_array_of_another_length_is_refused, 0, 4);
    tcase_add_test(cases, every_truncation_of_a_message_is_harmless);
    tcase_add_loop_test(cases, each_member_of_a_union_arrives, 0, 7);
    tcase_add_test(cases, a_union_leads_to_its_chunks_and_to_no_others);
    tcase_add_test(cases, unions_may_nest_in_anything);
    tcase_add_test(cases, a_verbatim_arena_works_with_unions_too);
    tcase_add_test(cases, a_union_has_no_members_but_its_own);
    tcase_add_test(cases, platform_words_arrive_whole);
    tcase_add_test(cases, no_handle_arrives_as_none);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

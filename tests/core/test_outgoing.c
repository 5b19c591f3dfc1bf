/* SPDX-License-Identifier: Apache-2.0 */
/* outgoing.c and incoming.c: a frame through a socket, in a datagram or in a memfd; and the pool.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/incoming.h"
#include "core/limits.h"
#include "core/outgoing.h"
#include "core/pool.h"
#include "tests/support/check_main.h"

static int ends[2];

static void setup(void)
{
    ck_assert_int_eq(fd_pair(ends), 0);
}

static void teardown(void)
{
    fd_close(ends[0]);
    fd_close(ends[1]);
}

static void send_frame(size_t size)
{
    struct outgoing outgoing;
    struct frame_head head = {.call = 5, .body_bytes = (uint32_t)size};

    ck_assert_int_eq(outgoing_init(&outgoing, size), 0);
    for (size_t i = 0; i < size; i++) {
        outgoing.payload[i] = (uint8_t)(i * 31);
    }
    ck_assert_int_eq(outgoing_seal(&outgoing), 0);
    ck_assert_int_eq(outgoing_send(&outgoing, ends[0], &head, 0), 0);
    outgoing_deinit(&outgoing);
}

static int receive_frame(struct incoming *incoming)
{
    size_t room = sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX;
    uint8_t *datagram = malloc(room);
    struct fd_list fds;
    size_t size;

    ck_assert_int_eq(fd_receive(ends[1], datagram, room, 0, &size, &fds), 0);
    return incoming_init(incoming, datagram, size, &fds);
}

START_TEST(a_payload_of_any_size_arrives_whole)
{
    static const size_t sizes[] = {
        0, 1, MESSAGE_INLINE_BYTES_MAX, MESSAGE_INLINE_BYTES_MAX + 1, 1 << 20, MESSAGE_BYTES_MAX};
    struct incoming incoming;

    send_frame(sizes[_i]);
    ck_assert_int_eq(receive_frame(&incoming), 0);
    ck_assert_uint_eq(incoming.frame.head.body_bytes, sizes[_i]);
    ck_assert_int_eq((incoming.frame.head.flags & FRAME_MEMFD) != 0,
                     sizes[_i] > MESSAGE_INLINE_BYTES_MAX);
    for (size_t i = 0; i < sizes[_i]; i += 997) {
        ck_assert_uint_eq(incoming.frame.body[i], (uint8_t)(i * 31));
    }
    incoming_deinit(&incoming);
}
END_TEST

START_TEST(the_memfd_of_a_payload_cannot_be_changed_by_its_sender)
{
    uint8_t datagram[64];
    struct fd_list fds;
    size_t size;

    send_frame(MESSAGE_INLINE_BYTES_MAX + 1);
    ck_assert_int_eq(fd_receive(ends[1], datagram, sizeof(datagram), 0, &size, &fds), 0);
    ck_assert_int_eq(fds.n_fds, 1);
    ck_assert_int_lt(write(fds.fds[0], "x", 1), 0);
    ck_assert_int_lt(ftruncate(fds.fds[0], 0), 0);
    ck_assert_ptr_eq(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fds.fds[0], 0),
                     MAP_FAILED);
    fd_list_deinit(&fds);
}
END_TEST

START_TEST(a_payload_that_no_memfd_is_left_for_is_an_error_and_nothing_is_sent)
{
    struct rlimit before, limit;
    struct outgoing outgoing;
    char byte;

    int next = dup(0);
    fd_close(next);
    ck_assert_int_eq(outgoing_init(&outgoing, MESSAGE_INLINE_BYTES_MAX + 1), 0);
    memset(outgoing.payload, 1, outgoing.payload_bytes);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    int r = outgoing_seal(&outgoing);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    ck_assert_int_eq(r, -EMFILE);
    ck_assert_int_lt(recv(ends[1], &byte, 1, MSG_DONTWAIT), 0);
    ck_assert_int_eq(outgoing_seal(&outgoing), 0);
    outgoing_deinit(&outgoing);
    int after = dup(0);
    fd_close(after);
    ck_assert_int_eq(after, next);
}
END_TEST

START_TEST(a_frame_to_a_closed_end_is_not_connected)
{
    struct outgoing outgoing;
    struct frame_head head = {0};

    ends[1] = fd_close(ends[1]);
    ck_assert_int_eq(outgoing_init(&outgoing, 0), 0);
    ck_assert_int_eq(outgoing_seal(&outgoing), 0);
    ck_assert_int_eq(outgoing_send(&outgoing, ends[0], &head, 0), ERROR_NOT_CONNECTED);
    outgoing_deinit(&outgoing);
}
END_TEST

START_TEST(surplus_descriptors_are_counted_and_closed)
{
    int fds[FD_PER_MESSAGE_MAX + 2];
    char control[CMSG_SPACE(sizeof(fds))] __attribute__((aligned(8))) = {0};
    struct frame_head head = {.magic = FRAME_MAGIC};
    struct iovec part = {&head, sizeof(head)};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    struct incoming incoming;
    int before = dup(0);

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(fds));
    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
        fds[i] = before;
    }
    memcpy(CMSG_DATA(header), fds, sizeof(fds));
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(sendmsg(ends[0], &message, 0), sizeof(head));
        ck_assert_int_eq(receive_frame(&incoming), ERROR_BAD_MESSAGE);
        incoming_deinit(&incoming);
    }
    int after = dup(0);
    ck_assert_int_eq(after, before + 1);
    fd_close(before);
    fd_close(after);
}
END_TEST

START_TEST(a_pool_hands_out_its_cap_and_not_one_byte_more)
{
    struct pool pool;

    pool_init(&pool, 100000);
    ck_assert_ptr_nonnull(pool_alloc(&pool, 16));
    ck_assert_ptr_nonnull(pool_alloc(&pool, 99984));
    ck_assert_ptr_null(pool_alloc(&pool, 1));
    ck_assert_ptr_null(pool_alloc(&pool, SIZE_MAX));
    pool_deinit(&pool);
}
END_TEST

START_TEST(pieces_of_a_pool_are_aligned_and_do_not_overlap)
{
    char *pieces[200];
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = pool_alloc(&pool, i * 7);
        ck_assert_uint_eq((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)i, i * 7);
    }
    for (size_t i = 0; i < 200; i++) {
        for (size_t j = 0; j < i * 7; j++) {
            ck_assert_uint_eq((unsigned char)pieces[i][j], i);
        }
    }
    pool_deinit(&pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("frame_buffers");
    TCase *cases = tcase_create("frame_buffers");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, a_payload_of_any_size_arrives_whole, 0, 6);
    tcase_add_test(cases, the_memfd_of_a_payload_cannot_be_changed_by_its_sender);
    tcase_add_test(cases, a_payload_that_no_memfd_is_left_for_is_an_error_and_nothing_is_sent);
    tcase_add_test(cases, a_frame_to_a_closed_end_is_not_connected);
    tcase_add_test(cases, surplus_descriptors_are_counted_and_closed);
    tcase_add_test(cases, a_pool_hands_out_its_cap_and_not_one_byte_more);
    tcase_add_test(cases, pieces_of_a_pool_are_aligned_and_do_not_overlap);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls through shared memory: both halves of a channel in one process, and either half against one
 * that does what it should not. Runs alone: threads must meet in the middle of things.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <types/IAll.idl.h>

#include "core/client.h"
#include "core/control.h"
#include "core/decode.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"
#include "core/listener.h"
#include "core/request.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"
#include "tests/support/halves.h"

#define ARENA_BYTES (64u << 10)
#define DATAGRAM_BYTES (sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX)

extern const struct capchan_interface types_IAll_interface_stub_;

static struct listener *listener;
static struct client *client;
static int inbox;
static pthread_t server;

/* echo() - answer a request with what it brought */
static void echo(struct request *request)
{
    const struct frame_head *head = &request->incoming.frame.head;
    const struct capchan_record *record = types_IAll_interface_stub_.methods[head->mid].req;
    char *bytes = malloc(ARENA_BYTES);
    void *object = calloc(1, record->size);
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + ARENA_BYTES);
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    int r = incoming_decode(&request->incoming, record, object, &arena);
    r = r == 0 ? encode(record, object, &arena, &pool, &encoded) : r;
    (void)(r == 0 ? request_reply(request, &encoded, false) : request_fail(request, NK_EBADMSG));
    pool_deinit(&pool);
    free(object);
    free(bytes);
}

static void *serve(void *unused)
{
    struct request *request;

    while (listener_receive(listener, NULL, &request) == 0) {
        echo(request);
    }
    return unused;
}

/* new_client() - what the broker does for a connection. Return: the client's end. */
static int new_client(void)
{
    struct session_inbox_post post = {.magic = SESSION_MAGIC};
    struct iovec part = {&post, sizeof(post)};
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(fd_send(inbox, &part, 1, ends[1], 0), 0);
    fd_close(ends[1]);
    return ends[0];
}

static void setup(void)
{
    int inboxes[2];

    ck_assert_int_eq(fd_pair(inboxes), 0);
    inbox = inboxes[0];
    ck_assert_int_eq(listener_new(inboxes[1], control_word(0), &listener), 0);
    ck_assert_int_eq(client_new(new_client(), 0, "", &client), 0);
    pthread_create(&server, NULL, serve, NULL);
}

static void teardown(void)
{
    listener_class.shut((struct object *)listener);
    pthread_join(server, NULL);
    object_unref((struct object *)client);
    object_unref((struct object *)listener);
    inbox = fd_close(inbox);
}

/* call() - send @size bytes and compare what comes back. Return: as client_call(). */
static int call(size_t size, unsigned seed)
{
    const struct capchan_record *record =
        types_IAll_interface_stub_.methods[types_IAll_Swarm_mid].req;
    size_t n = size / sizeof(struct types_Common_Point);
    char *bytes = malloc(size + 1);
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + size);
    types_IAll_Swarm_req req = {0};
    struct incoming reply;
    struct encoded encoded;
    struct pool pool;

    struct types_Common_Point *points =
        nk_arena_alloc(struct types_Common_Point, &arena, &req.points, n);
    for (size_t i = 0; i < n; i++) {
        points[i].x = points[i].y = -1 - (int)((seed + i) % 60); /* a byte each */
    }
    pool_init(&pool, SIZE_MAX);
    int r = encode(record, &req, &arena, &pool, &encoded);
    r = r == 0 ? client_call(client, 0, types_IAll_Swarm_mid, &encoded, NULL, &reply) : r;
    if (r == 0) {
        uint8_t *packed = malloc(frame_payload_bytes(&encoded.head) + 1);
        encoded_pack(&encoded, packed);
        ck_assert_uint_eq(reply.frame.head.flags & ~FRAME_MEMFD, FRAME_REPLY);
        ck_assert_uint_eq(reply.frame.head.body_bytes, encoded.head.body_bytes);
        ck_assert_int_eq(incoming_own(&reply), 0);
        ck_assert_mem_eq(reply.frame.body, packed, encoded.head.body_bytes);
        free(packed);
        incoming_deinit(&reply);
    }
    pool_deinit(&pool);
    free(bytes);
    return r;
}

START_TEST(messages_of_every_size_arrive_whichever_way_they_take)
{
    static const size_t sizes[] = {0,    8,    16,    32,    40,    64,    256,
                                   1024, 4096, 10000, 10400, 10448, 16000, 48000};

    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            ck_assert_int_eq(call(sizes[i], round), 0);
        }
    }
}
END_TEST

static void *call_often(void *number)
{
    size_t failures = 0;

    for (unsigned i = 0; i < check_rounds(300); i++) {
        failures += call(i % 7 == 0 ? 20000 : (i % 5) * 40, i * (unsigned)(size_t)number) != 0;
    }
    return (void *)failures;
}

START_TEST(more_threads_than_slots_call_at_once)
{
    pthread_t threads[3 * SHARED_SLOTS];

    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        pthread_create(&threads[i], NULL, call_often, (void *)(i + 1));
    }
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        void *failures;
        pthread_join(threads[i], &failures);
        ck_assert_ptr_null(failures);
    }
}
END_TEST

static void *serve_too(void *unused)
{
    return serve(unused);
}

START_TEST(several_threads_serve_what_several_threads_ask)
{
    pthread_t servers[3];
    pthread_t callers[6];

    for (int i = 0; i < 3; i++) {
        pthread_create(&servers[i], NULL, serve_too, NULL);
    }
    for (size_t i = 0; i < 6; i++) {
        pthread_create(&callers[i], NULL, call_often, (void *)(i + 1));
    }
    for (int i = 0; i < 6; i++) {
        void *failures;
        pthread_join(callers[i], &failures);
        ck_assert_ptr_null(failures);
    }
    listener_class.shut((struct object *)listener);
    for (int i = 0; i < 3; i++) {
        pthread_join(servers[i], NULL);
    }
}
END_TEST

static void *shut_client(void *unused)
{
    client_class.shut((struct object *)client);
    return unused;
}

START_TEST(a_closed_client_calls_no_more)
{
    pthread_t thread;

    ck_assert_int_eq(call(8, 1), 0);
    ck_assert_int_eq(call(8, 2), 0);
    pthread_create(&thread, NULL, shut_client, NULL);
    pthread_join(thread, NULL);
    ck_assert_int_eq(call(8, 3), ERROR_NOT_CONNECTED);
}
END_TEST

START_TEST(when_the_listener_is_shut_callers_are_told)
{
    ck_assert_int_eq(call(8, 1), 0);
    ck_assert_int_eq(call(8, 2), 0);
    listener_class.shut((struct object *)listener);
    pthread_join(server, NULL);
    ck_assert_int_eq(call(8, 3), ERROR_NOT_CONNECTED);
    pthread_create(&server, NULL, serve, NULL); /* for teardown() */
}
END_TEST

START_TEST(memory_in_use_can_neither_be_cut_nor_punched_nor_mapped_again)
{
    struct shared_client half;
    struct shared_server other;
    int memfd = halves_offer(&half);

    ck_assert_int_eq(shared_server_accept(&other, memfd), 0);
    ck_assert_int_eq(ftruncate(memfd, 0), -1);
    ck_assert_int_eq(ftruncate(memfd, 2 * sizeof(struct shared)), -1);
    ck_assert_int_eq(fallocate(memfd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), -1);
    ck_assert_int_eq(errno, EPERM);
    /* Judged by what it does, since an emulator that ignores it reports success. */
    atomic_store(&half.memory->others, 1);
    (void)madvise(half.memory, 4096, MADV_REMOVE);
    ck_assert_uint_eq(atomic_load(&half.memory->others), 1);
    ck_assert_ptr_eq(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0), MAP_FAILED);
    ck_assert_int_eq(pwrite(memfd, "x", 1, 0), -1);
    ck_assert_int_eq(fcntl(memfd, F_ADD_SEALS, F_SEAL_WRITE), -1);
    shared_server_deinit(&other);
    shared_client_deinit(&half);
}
END_TEST

/* Descriptors that no client of ours offers. */
static int strange_descriptor(int i)
{
    int fd = memfd_create("strange", MFD_ALLOW_SEALING);

    switch (i) {
    case 0: /* nothing in it */
        (void)fcntl(fd, F_ADD_SEALS, SHARED_SEALS_FIRST);
        return fd;
    case 1: /* too small */
        (void)ftruncate(fd, sizeof(struct shared) - 4096);
        (void)fcntl(fd, F_ADD_SEALS, SHARED_SEALS_FIRST);
        return fd;
    case 2: /* too large */
        (void)ftruncate(fd, sizeof(struct shared) + 1);
        (void)fcntl(fd, F_ADD_SEALS, SHARED_SEALS_FIRST);
        return fd;
    case 3: /* could still shrink */
        (void)ftruncate(fd, sizeof(struct shared));
        (void)fcntl(fd, F_ADD_SEALS, F_SEAL_GROW);
        return fd;
    case 4: /* nobody can write it */
        (void)ftruncate(fd, sizeof(struct shared));
        (void)fcntl(fd, F_ADD_SEALS, SHARED_SEALS_FIRST | F_SEAL_WRITE);
        return fd;
    default: /* no memory at all */
        fd_close(fd);
        return open("/dev/zero", O_RDWR | O_CLOEXEC);
    }
}

START_TEST(a_client_that_dies_before_its_offer_is_answered_costs_no_other_one_anything)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = SHARED_OFFER_NUMBER, .flags = FRAME_OFFER};
    struct iovec part = {.iov_base = &head, .iov_len = sizeof(head)};
    struct shared_client half;

    for (unsigned i = 0; i < 20; i++) {
        ck_assert_int_eq(call(0, i), 0);
        int memfd = halves_offer(&half);
        int end = new_client();
        ck_assert_int_eq(fd_send(end, &part, 1, memfd, 0), 0);
        fd_close(end);
        ck_assert_int_eq(call(0, i), 0);
        ck_assert_int_eq(call(64, i), 0);
        shared_client_deinit(&half);
    }
}
END_TEST

START_TEST(a_server_takes_no_other_memory)
{
    struct shared_server half;
    int fd = strange_descriptor(_i);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(shared_server_accept(&half, fd), ERROR_BAD_MESSAGE);
    fd_close(fd);
}
END_TEST

START_TEST(a_client_uses_no_memory_that_was_not_sealed)
{
    struct shared_client half;
    int pipe_ends[2];

    (void)halves_offer(&half);
    ck_assert_int_eq(pipe(pipe_ends), 0);
    ck_assert(!shared_client_accept(&half, pipe_ends[1]));
    ck_assert_int_eq(shared_client_take(&half, 0), -1);
    fd_close(pipe_ends[0]);
    shared_client_deinit(&half);
}
END_TEST

/* put() - what a client may write into a slot's request line */
static void put(unsigned slot, struct frame_head head)
{
    struct shared_line *line = &front.memory->slots[slot].request;

    shared_line_write(line, &head);
    atomic_fetch_add(&line->sequence, 1);
    atomic_fetch_add(&front.memory->others, slot > 0 ? 1 : 0);
}

/* bytes_behind() - what a file in memory takes */
static size_t bytes_behind(int memfd)
{
    struct stat status;

    ck_assert_int_eq(fstat(memfd, &status), 0);
    return (size_t)status.st_blocks * 512;
}

/* can_back() - whether madvise() does here what it is asked to; qemu's says so and does nothing */
static bool can_back(void)
{
    int memfd = memfd_create("probe", MFD_CLOEXEC);

    ck_assert_int_eq(ftruncate(memfd, 4096), 0);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
    ck_assert_ptr_ne(page, MAP_FAILED);
    ck_assert_int_eq(madvise(page, 4096, MADV_POPULATE_WRITE), 0);
    bool has_backed = bytes_behind(memfd) > 0;
    (void)munmap(page, 4096);
    fd_close(memfd);
    return has_backed;
}

START_TEST(a_channel_takes_12_kib_and_8_for_each_further_call_at_a_time)
{
    struct shared_client half;
    struct shared_server other;

    if (!can_back()) {
        return;
    }
    int memfd = dup(halves_offer(&half));
    ck_assert_int_eq(shared_server_accept(&other, memfd), 0);
    ck_assert(shared_client_accept(&half, dup(other.bell)));
    ck_assert_uint_eq(bytes_behind(memfd), 12u << 10);
    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        ck_assert_int_eq(shared_client_take(&half, 0), (int)i);
        ck_assert_uint_eq(bytes_behind(memfd), (12u + 8 * i) << 10);
        memset(half.memory->slots[i].payload, 1, SHARED_PAYLOAD_BYTES);
        ck_assert_uint_eq(bytes_behind(memfd), (12u + 8 * i) << 10); /* nothing was missing */
    }
    shared_server_deinit(&other);
    shared_client_deinit(&half);
    fd_close(memfd);
}
END_TEST

START_TEST(a_slot_takes_one_request_at_a_time)
{
    struct incoming request;

    ck_assert_int_eq(shared_server_find(&back), -1);
    put(0, (struct frame_head){.mid = 1});
    put(5, (struct frame_head){.mid = 2});
    ck_assert_int_eq(shared_server_find(&back), 0);
    ck_assert_int_eq(shared_server_take(&back, 0, &request), 0);
    ck_assert_uint_eq(request.frame.head.mid, 1);
    put(0, (struct frame_head){.mid = 3}); /* before the reply: not yet */
    ck_assert_int_eq(shared_server_find(&back), 5);
    ck_assert_int_eq(shared_server_take(&back, 5, &request), 0);
    ck_assert_int_eq(shared_server_find(&back), -1);
    (void)shared_server_reply(&back, 0, &(struct frame_head){.flags = FRAME_REPLY}, NULL);
    ck_assert_int_eq(shared_server_find(&back), 0);
}
END_TEST

START_TEST(sequence_numbers_may_wrap)
{
    struct incoming request;

    for (unsigned i = 0; i < 4; i++) {
        atomic_store(&front.memory->slots[0].request.sequence, UINT32_MAX - 2);
    }
    ck_assert_int_eq(shared_server_find(&back), 0);
    ck_assert_int_eq(shared_server_take(&back, 0, &request), 0);
    (void)shared_server_reply(&back, 0, &(struct frame_head){.flags = FRAME_REPLY}, NULL);
    for (unsigned i = 0; i < 6; i++) {
        put(0, (struct frame_head){.mid = (nk_mid_t)i});
        ck_assert_int_eq(shared_server_find(&back), 0);
        ck_assert_int_eq(shared_server_take(&back, 0, &request), 0);
        ck_assert_uint_eq(request.frame.head.mid, i);
        (void)shared_server_reply(&back, 0, &(struct frame_head){.flags = FRAME_REPLY}, NULL);
        ck_assert_uint_eq(atomic_load(&front.memory->slots[0].reply.sequence),
                          atomic_load(&front.memory->slots[0].request.sequence));
    }
}
END_TEST

START_TEST(a_line_that_lies_is_refused)
{
    const struct frame_head lies[] = {
        {.body_bytes = SHARED_PAYLOAD_BYTES + 1},
        {.body_bytes = UINT32_MAX},
        {.body_bytes = UINT32_MAX, .n_pointers = UINT32_MAX, .arena_bytes = UINT32_MAX},
        {.n_pointers = SHARED_PAYLOAD_BYTES / 8 + 1},
        {.arena_bytes = SHARED_PAYLOAD_BYTES + 1},
        {.n_handles = HANDLES_PER_MESSAGE_MAX + 1},
        {.flags = 0x8000},
        {.flags = FRAME_MEMFD},
        {.flags = FRAME_OFFER},
        {.flags = FRAME_STATUS},
    };
    struct incoming request;

    put(0, lies[_i]);
    ck_assert_int_eq(shared_server_find(&back), 0);
    ck_assert_int_eq(shared_server_take(&back, 0, &request), ERROR_BAD_MESSAGE);
    incoming_deinit(&request);
}
END_TEST

START_TEST(a_claim_that_is_not_open_is_a_request_that_was_taken_back)
{
    const uint32_t claims[] = {1, 0, 2, SHARED_CLAIM_SERVED, SHARED_CLAIM_WITHDRAWN};
    struct incoming request;

    atomic_store(&front.memory->slots[0].client.claim, claims[_i]);
    put(0, (struct frame_head){.mid = 1, .flags = FRAME_CLAIM});
    ck_assert_int_eq(shared_server_find(&back), 0);
    ck_assert_int_eq(shared_server_take(&back, 0, &request), _i == 0 ? 0 : ERROR_INTERRUPTED);
    incoming_deinit(&request);
    ck_assert_uint_eq(atomic_load(&front.memory->slots[0].client.claim),
                      _i == 0 ? SHARED_CLAIM_SERVED : claims[_i]);
}
END_TEST

/* give_up_in_front() - a call without time, in a slot, whose server does what it likes */
static void give_up_in_front(void)
{
    struct incoming reply;
    struct encoded encoded;
    struct until until;
    struct pool pool;

    ck_assert_int_eq(until_init(&until, 0, INVALID_HANDLE), 0);
    halves_encode(&pool, &encoded);
    int slot = shared_client_take(&front, 0);
    ck_assert_int_ge(slot, 0);
    ck_assert_int_eq(shared_client_call(&front, (unsigned)slot, &encoded, &until, &reply),
                     ERROR_TIMEOUT);
    incoming_deinit(&reply);
    until_deinit(&until);
    pool_deinit(&pool);
}

/* come_late() - have the reply to the call in @slot come. */
static void come_late(unsigned slot, uint16_t flags)
{
    front.memory->slots[slot].reply.flags = flags;
    atomic_store(&front.memory->slots[slot].reply.sequence, 1);
}

START_TEST(a_slot_that_was_given_up_is_used_again_when_its_own_reply_has_come)
{
    struct incoming late;

    for (int i = 0; i < SHARED_SLOTS; i++) {
        give_up_in_front();
    }
    ck_assert_int_eq(shared_client_take(&front, 0), -1);
    ck_assert(!shared_client_take_late(&front, 5, &late));
    atomic_store(&front.memory->slots[5].reply.sequence, 7); /* to nothing that was asked */
    ck_assert(!shared_client_take_late(&front, 5, &late));
    come_late(5, FRAME_REPLY);
    ck_assert(!shared_client_take_late(&front, 4, &late));
    ck_assert(shared_client_take_late(&front, 5, &late));
    ck_assert(!shared_client_take_late(&front, 5, &late)); /* it is ours already */
    ck_assert_uint_eq(late.frame.head.flags, FRAME_REPLY);
    incoming_deinit(&late);
    ck_assert_int_eq(shared_client_take(&front, 0), -1);
    shared_client_give_back(&front, 5);
    ck_assert_int_eq(shared_client_take(&front, 0), 5);
    ck_assert(shared_client_has_given_up(&front));
}
END_TEST

START_TEST(a_late_reply_may_say_that_it_is_in_the_socket)
{
    struct incoming late;

    give_up_in_front();
    come_late(0, FRAME_REPLY | FRAME_ELSEWHERE);
    for (int i = 0; i < 2; i++) {
        ck_assert(shared_client_take_late(&front, 0, &late));
        ck_assert_uint_eq(late.frame.head.flags, FRAME_REPLY | FRAME_ELSEWHERE);
        ck_assert_uint_eq(late.frame.head.call, shared_elsewhere(1, 0));
        shared_client_give_up(&front, 0); /* where it is not yet */
    }
}
END_TEST

START_TEST(nothing_is_taken_of_a_late_reply_that_is_malformed)
{
    struct incoming late;

    give_up_in_front();
    front.memory->slots[0].reply.n_handles = HANDLES_PER_MESSAGE_MAX + 1;
    come_late(0, FRAME_REPLY);
    ck_assert(shared_client_take_late(&front, 0, &late));
    ck_assert_uint_eq(late.frame.head.n_handles, 0);
    incoming_deinit(&late);
}
END_TEST

START_TEST(a_caller_is_told_when_its_server_closes_the_channel)
{
    pthread_t thread;
    void *r;

    pthread_create(&thread, NULL, halves_call, NULL);
    halves_await_request();
    shared_server_close(&back);
    pthread_join(thread, &r);
    ck_assert_int_eq((int)(intptr_t)r, ERROR_NOT_CONNECTED);
}
END_TEST

START_TEST(a_caller_is_told_that_no_reply_can_come_any_more)
{
    pthread_t thread;
    void *r;

    pthread_create(&thread, NULL, halves_call, NULL);
    halves_await_request();
    shared_client_shut(&front);
    while (!shared_client_wake(&front)) {
        sched_yield(); /* it was about to sleep */
    }
    pthread_join(thread, &r);
    ck_assert_int_eq((int)(intptr_t)r, ERROR_NOT_CONNECTED);
}
END_TEST

static atomic_bool stop;

/* rewrite() - what a hostile client's second thread does all the time */
static void *rewrite(void *unused)
{
    uint32_t word = 1;

    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        for (size_t i = 0; i < sizeof(struct shared) / sizeof(uint32_t); i += word % 97 + 1) {
            word = word * 1664525 + 1013904223;
            __atomic_store_n((uint32_t *)front.memory + i, word, __ATOMIC_RELAXED);
        }
    }
    return unused;
}

START_TEST(whatever_is_written_meanwhile_a_copy_stays_what_was_checked)
{
    const struct capchan_record *record =
        types_IAll_interface_stub_.methods[types_IAll_Strings_mid].req;
    const unsigned n_rounds = check_rounds(200000);
    pthread_t thread;
    unsigned n_taken = 0;

    pthread_create(&thread, NULL, rewrite, NULL);
    for (unsigned round = 0; round < n_rounds; round++) {
        struct incoming request;
        int slot = shared_server_find(&back);
        if (slot < 0) {
            continue;
        }
        if (shared_server_take(&back, (unsigned)slot, &request) == 0) {
            types_IAll_Strings_req object;
            char bytes[256];
            struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
            (void)incoming_decode(&request, record, &object, &arena);
            n_taken++;
        }
        incoming_deinit(&request);
        (void)shared_server_reply(&back, (unsigned)slot, &(struct frame_head){.flags = FRAME_REPLY},
                                  NULL);
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    ck_assert_uint_le(n_taken, n_rounds);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shared");
    TCase *calls = tcase_create("calls");
    TCase *memory = tcase_create("memory");
    TCase *halves = tcase_create("halves");

    tcase_add_checked_fixture(calls, setup, teardown);
    tcase_set_timeout(calls, 120);
    tcase_add_test(calls, messages_of_every_size_arrive_whichever_way_they_take);
    tcase_add_test(calls, more_threads_than_slots_call_at_once);
    tcase_add_test(calls, several_threads_serve_what_several_threads_ask);
    tcase_add_test(calls, a_closed_client_calls_no_more);
    tcase_add_test(calls, when_the_listener_is_shut_callers_are_told);
    tcase_add_test(calls,
                   a_client_that_dies_before_its_offer_is_answered_costs_no_other_one_anything);
    suite_add_tcase(suite, calls);
    tcase_add_test(memory, memory_in_use_can_neither_be_cut_nor_punched_nor_mapped_again);
    tcase_add_loop_test(memory, a_server_takes_no_other_memory, 0, 6);
    tcase_add_test(memory, a_client_uses_no_memory_that_was_not_sealed);
    tcase_add_test(memory, a_channel_takes_12_kib_and_8_for_each_further_call_at_a_time);
    suite_add_tcase(suite, memory);
    tcase_add_checked_fixture(halves, halves_setup, halves_teardown);
    tcase_set_timeout(halves, 120);
    tcase_add_test(halves, a_slot_takes_one_request_at_a_time);
    tcase_add_test(halves, sequence_numbers_may_wrap);
    tcase_add_loop_test(halves, a_line_that_lies_is_refused, 0, 10);
    tcase_add_loop_test(halves, a_claim_that_is_not_open_is_a_request_that_was_taken_back, 0, 5);
    tcase_add_test(halves, a_slot_that_was_given_up_is_used_again_when_its_own_reply_has_come);
    tcase_add_test(halves, a_late_reply_may_say_that_it_is_in_the_socket);
    tcase_add_test(halves, nothing_is_taken_of_a_late_reply_that_is_malformed);
    tcase_add_test(halves, a_caller_is_told_when_its_server_closes_the_channel);
    tcase_add_test(halves, a_caller_is_told_that_no_reply_can_come_any_more);
    tcase_add_test(halves, whatever_is_written_meanwhile_a_copy_stays_what_was_checked);
    suite_add_tcase(suite, halves);
    return check_main(suite);
}

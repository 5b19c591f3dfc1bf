/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls and waits that are broken off, or whose time is over: both ends of a channel in one
 * process, and a server that answers when the test wants it to. Runs alone: deadlines are short.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <coresrv/time/timeout.h>

#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"
#include "tests/stress/parcel.h"
#include "tests/support/channels.h"
#include "tests/support/check_main.h"

#define SYNC ((Handle)0x10001)
#define AUTOMATIC ((Handle)0x10002)
#define LONG_MS 60000
#define SHORT_MS 20
#define THREADS 8
#define ROUNDS 300 /* more than calls may be in flight */

static struct listener *listener;
static struct client *client;
static int inbox;
static struct parcel_room server_room;

/* One thread that calls, or that waits for a request. */
struct waiter {
    pthread_t thread;
    struct parcel parcel;
    rtl_uint32_t timeout_ms;
    Handle sync;
    atomic_int tid;
    atomic_bool is_done;
    int result;
    struct request *request;
};

static struct sync_object *add_sync(Handle handle, bool is_automatic)
{
    struct sync_object *sync;

    ck_assert_int_eq(sync_object_new(is_automatic, &sync), 0);
    ck_assert_int_eq(object_table_add(handle, &sync->object), 0);
    return sync;
}

static struct sync_object *level;
static struct sync_object *automatic;

static void setup(void)
{
    int inboxes[2];

    ck_assert_int_eq(fd_pair(inboxes), 0);
    inbox = inboxes[0];
    ck_assert_int_eq(listener_new(inboxes[1], control_word(0), &listener), 0);
    client = channel_client(channel_open(inbox));
    level = add_sync(SYNC, false);
    automatic = add_sync(AUTOMATIC, true);
    parcel_room_init(&server_room);
}

/* close_sync() - KnHandleClose(), but for the broker */
static void close_sync(Handle handle)
{
    struct object *object = object_table_remove(handle);

    if (object != NULL) {
        object->class->shut(object);
        object_unref(object);
    }
}

static void teardown(void)
{
    listener_class.shut((struct object *)listener);
    object_unref((struct object *)client);
    object_unref((struct object *)listener);
    close_sync(SYNC);
    close_sync(AUTOMATIC);
    inbox = fd_close(inbox);
    parcel_room_deinit(&server_room);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void *call(void *argument)
{
    struct waiter *waiter = argument;
    struct parcel_room room;
    struct until until;

    parcel_room_init(&room);
    ck_assert_int_eq(until_init(&until, waiter->timeout_ms, waiter->sync), 0);
    atomic_store(&waiter->tid, (int)syscall(SYS_gettid));
    waiter->result = until_enter(&until);
    if (waiter->result == 0) {
        waiter->result = parcel_call_until(&room, client, &waiter->parcel, until_or_null(&until));
    }
    until_deinit(&until);
    parcel_room_deinit(&room);
    atomic_store(&waiter->is_done, true);
    return NULL;
}

static void *receive(void *argument)
{
    struct waiter *waiter = argument;
    struct until until;

    ck_assert_int_eq(until_init(&until, waiter->timeout_ms, waiter->sync), 0);
    atomic_store(&waiter->tid, (int)syscall(SYS_gettid));
    waiter->result = listener_receive(listener, until_or_null(&until), &waiter->request);
    until_deinit(&until);
    atomic_store(&waiter->is_done, true);
    return NULL;
}

static void begin(struct waiter *waiter, void *(*run)(void *), rtl_uint32_t timeout_ms, Handle sync)
{
    waiter->timeout_ms = timeout_ms;
    waiter->sync = sync;
    atomic_store(&waiter->tid, 0);
    atomic_store(&waiter->is_done, false);
    ck_assert_int_eq(pthread_create(&waiter->thread, NULL, run, waiter), 0);
}

static int end(struct waiter *waiter)
{
    pthread_join(waiter->thread, NULL);
    return waiter->result;
}

/* is_asleep() - whether a thread of ours waits in the kernel for what may end a wait */
static bool is_asleep(const struct waiter *waiter)
{
    char path[64];
    long number = -1;

    snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", atomic_load(&waiter->tid));
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%ld", &number) != 1) {
            number = -1;
        }
        fclose(file);
    }
    return number == SYS_futex_waitv || number == SYS_ppoll || number == SYS_futex ||
           number == SYS_epoll_wait;
}

/* await_sleep() - its request is on its way by then, if it has one */
static void await_sleep(const struct waiter *waiter)
{
    while (atomic_load(&waiter->tid) == 0 ||
           (!is_asleep(waiter) && !atomic_load(&waiter->is_done))) {
        sched_yield();
    }
}

static struct request *take(void)
{
    struct request *request;

    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    return request;
}

static void answer(struct request *request)
{
    ck_assert_int_eq(parcel_answer(&server_room, request), 0);
}

static struct waiter new_call(uint32_t number, uint32_t bytes)
{
    return (struct waiter){
        .parcel = {.caller = 1, .number = number, .bytes = bytes, .reply_bytes = bytes}};
}

/* take_in_time() - a call that the server receives before its time is over, however slow the
 * machine is. Return: its request. */
static struct request *take_in_time(struct waiter *waiter)
{
    struct waiter server = {0};

    for (;;) {
        begin(waiter, call, SHORT_MS, SYNC);
        begin(&server, receive, 50 * SHORT_MS, INVALID_HANDLE);
        if (end(&server) == 0) {
            return server.request;
        }
        ck_assert_int_eq(end(waiter), ERROR_TIMEOUT);
    }
}

/* call_plainly() - a call that is answered, of which the server must see no other before */
static void call_plainly(uint32_t number, uint32_t bytes)
{
    struct waiter waiter = new_call(number, bytes);

    begin(&waiter, call, INFINITE_TIMEOUT, INVALID_HANDLE);
    answer(take()); /* a reply to another request would be PARCEL_DIFFERENT */
    ck_assert_int_eq(end(&waiter), 0);
}

/* The ways that a request may take. */
static const struct way {
    bool has_memory;
    bool is_bulk_taken;
    uint32_t bytes;
} ways[] = {
    {false, false, 16},  {false, false, 4096},  {false, false, 100000}, {true, false, 16},
    {true, false, 4096}, {true, false, 100000}, {true, true, 100000},
};

#define N_WAYS (int)(sizeof(ways) / sizeof(ways[0]))

/* What has the bulk, and its request, which is answered in the end. */
static struct waiter bulky;
static struct request *bulky_request;

static void open_way(const struct way *way)
{
    for (uint32_t i = 0; way->has_memory && i < 3; i++) {
        call_plainly(1000 + i, 16);
    }
    if (way->is_bulk_taken) {
        bulky = new_call(2000, 50000);
        begin(&bulky, call, INFINITE_TIMEOUT, INVALID_HANDLE);
        bulky_request = take();
    }
}

static void close_way(const struct way *way)
{
    if (way->is_bulk_taken) {
        answer(bulky_request);
        ck_assert_int_eq(end(&bulky), 0);
    }
}

START_TEST(a_request_that_is_broken_off_before_the_server_has_it_never_gets_there)
{
    const struct way *way = &ways[_i];

    open_way(way);
    for (uint32_t i = 0; i < 3; i++) {
        struct waiter waiter = new_call(i, way->bytes);
        begin(&waiter, call, LONG_MS, SYNC);
        await_sleep(&waiter);
        sync_object_set(level);
        ck_assert_int_eq(end(&waiter), ERROR_INTERRUPTED);
        sync_object_clear(level);
    }
    call_plainly(7, 16);
    close_way(way);
}
END_TEST

START_TEST(a_request_whose_time_is_over_before_the_server_has_it_never_gets_there)
{
    const struct way *way = &ways[_i];

    open_way(way);
    for (uint32_t i = 0; i < 3; i++) {
        struct waiter waiter = new_call(i, way->bytes);
        int64_t before = now_ms();
        begin(&waiter, call, SHORT_MS, SYNC);
        ck_assert_int_eq(end(&waiter), ERROR_TIMEOUT);
        ck_assert_int_ge(now_ms() - before, SHORT_MS);
    }
    call_plainly(7, 16);
    close_way(way);
}
END_TEST

START_TEST(nothing_breaks_off_a_call_that_the_server_has)
{
    const struct way *way = &ways[_i];

    open_way(way);
    struct waiter waiter = new_call(1, way->bytes);
    begin(&waiter, call, LONG_MS, SYNC);
    struct request *request = take();
    sync_object_set(level);
    await_sleep(&waiter);
    ck_assert(!atomic_load(&waiter.is_done));
    answer(request);
    ck_assert_int_eq(end(&waiter), 0);
    close_way(way);
}
END_TEST

START_TEST(time_ends_a_call_that_the_server_has_and_its_reply_goes_to_nobody)
{
    const struct way *way = &ways[_i];

    open_way(way);
    for (uint32_t i = 0; i < 3; i++) {
        struct waiter waiter = new_call(i, way->bytes);
        struct request *request = take_in_time(&waiter);
        ck_assert_int_eq(end(&waiter), ERROR_TIMEOUT);
        struct waiter next = new_call(100 + i, way->bytes);
        begin(&next, call, LONG_MS, SYNC);
        answer(request);
        answer(take());
        ck_assert_int_eq(end(&next), 0);
    }
    close_way(way);
}
END_TEST

START_TEST(what_was_given_up_can_be_used_again)
{
    const struct way *way = &ways[_i];

    open_way(way);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct waiter waiter = new_call(i, way->bytes);
        begin(&waiter, call, i % 2 == 0 ? 0 : 1, SYNC);
        int r = end(&waiter);
        ck_assert_int_eq(r, ERROR_TIMEOUT);
        if (i % 3 == 2) {
            call_plainly(i, way->bytes); /* the same way, so that the server sees those before */
        }
    }
    close_way(way);
}
END_TEST

START_TEST(a_sync_object_that_is_set_breaks_off_what_begins_later)
{
    struct waiter waiter = new_call(1, 16);

    sync_object_set(level);
    begin(&waiter, call, LONG_MS, SYNC);
    ck_assert_int_eq(end(&waiter), ERROR_INTERRUPTED);
    begin(&waiter, receive, LONG_MS, SYNC);
    ck_assert_int_eq(end(&waiter), ERROR_INTERRUPTED);
    sync_object_clear(level);
    begin(&waiter, receive, 1, SYNC);
    ck_assert_int_eq(end(&waiter), ERROR_TIMEOUT);
}
END_TEST

START_TEST(all_threads_that_name_a_sync_object_are_broken_off)
{
    const struct way *way = &ways[_i];
    struct waiter waiters[THREADS];

    open_way(way);
    for (uint32_t i = 0; i < THREADS; i++) {
        waiters[i] = new_call(i, way->bytes);
        begin(&waiters[i], call, LONG_MS, SYNC);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        await_sleep(&waiters[i]);
    }
    sync_object_set(level);
    for (uint32_t i = 0; i < THREADS; i++) {
        ck_assert_int_eq(end(&waiters[i]), ERROR_INTERRUPTED);
    }
    call_plainly(7, 16);
    close_way(way);
}
END_TEST

static int n_done(struct waiter *waiters)
{
    int n = 0;

    for (int i = 0; i < THREADS; i++) {
        n += atomic_load(&waiters[i].is_done);
    }
    return n;
}

START_TEST(one_that_clears_itself_breaks_off_one_thread_each_time)
{
    const struct way *way = &ways[_i];
    struct waiter waiters[THREADS];

    open_way(way);
    for (uint32_t i = 0; i < THREADS; i++) {
        waiters[i] = new_call(i, way->bytes);
        begin(&waiters[i], call, LONG_MS, AUTOMATIC);
    }
    for (int n = 1; n <= THREADS; n++) {
        sync_object_set(automatic);
        while (sync_object_is_set(automatic)) {
            sched_yield();
        }
        while (n_done(waiters) < n) {
            sched_yield();
        }
        for (int i = 0; i < THREADS; i++) {
            await_sleep(&waiters[i]);
        }
        ck_assert_int_eq(n_done(waiters), n);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        ck_assert_int_eq(end(&waiters[i]), ERROR_INTERRUPTED);
    }
    call_plainly(7, 16);
    close_way(way);
}
END_TEST

START_TEST(one_that_clears_itself_stays_set_if_it_came_too_late)
{
    const struct way *way = &ways[_i];

    open_way(way);
    struct waiter waiter = new_call(1, way->bytes);
    begin(&waiter, call, LONG_MS, AUTOMATIC);
    struct request *request = take();
    sync_object_set(automatic);
    await_sleep(&waiter);
    answer(request);
    ck_assert_int_eq(end(&waiter), 0);
    ck_assert(sync_object_is_set(automatic));
    begin(&waiter, call, LONG_MS, AUTOMATIC);
    ck_assert_int_eq(end(&waiter), ERROR_INTERRUPTED);
    ck_assert(!sync_object_is_set(automatic));
    close_way(way);
}
END_TEST

START_TEST(closing_a_sync_object_breaks_off_who_names_it)
{
    struct waiter waiter = new_call(1, 16);
    struct waiter server = {0};
    struct until until;

    begin(&server, receive, LONG_MS, AUTOMATIC);
    await_sleep(&server);
    close_sync(AUTOMATIC);
    ck_assert_int_eq(end(&server), ERROR_INTERRUPTED);
    begin(&waiter, call, LONG_MS, SYNC);
    await_sleep(&waiter);
    close_sync(SYNC);
    ck_assert_int_eq(end(&waiter), ERROR_INTERRUPTED);
    ck_assert_int_eq(until_init(&until, LONG_MS, SYNC), ERROR_BAD_HANDLE);
}
END_TEST

START_TEST(a_wait_for_requests_ends_in_time_or_when_it_is_broken_off)
{
    struct waiter server = {0};

    if (_i > 0) {
        open_way(&ways[3]);
    }
    for (int i = 0; i < 3; i++) {
        int64_t before = now_ms();
        begin(&server, receive, SHORT_MS, i == 0 ? INVALID_HANDLE : SYNC);
        ck_assert_int_eq(end(&server), ERROR_TIMEOUT);
        ck_assert_int_ge(now_ms() - before, SHORT_MS);
        begin(&server, receive, i == 0 ? INFINITE_TIMEOUT : LONG_MS, SYNC);
        await_sleep(&server);
        sync_object_set(level);
        ck_assert_int_eq(end(&server), ERROR_INTERRUPTED);
        sync_object_clear(level);
    }
    call_plainly(7, 16);
}
END_TEST

START_TEST(a_poll_takes_a_request_that_is_there_and_no_other)
{
    const struct way *way = &ways[_i];
    struct waiter waiter = new_call(1, way->bytes);
    struct waiter server = {0};

    open_way(way);
    for (int i = 0; i < 5; i++) {
        begin(&server, receive, 0, INVALID_HANDLE);
        ck_assert_int_eq(end(&server), ERROR_TIMEOUT);
        begin(&waiter, call, LONG_MS, INVALID_HANDLE);
        await_sleep(&waiter);
        int r = ERROR_TIMEOUT;
        for (int n = 0; r == ERROR_TIMEOUT && n < 3;
             n++) { /* the channel, the offer, the request */
            begin(&server, receive, 0, INVALID_HANDLE);
            r = end(&server);
        }
        ck_assert_int_eq(r, 0);
        answer(server.request);
        ck_assert_int_eq(end(&waiter), 0);
    }
    close_way(way);
}
END_TEST

START_TEST(who_is_broken_off_while_it_watches_hands_that_on)
{
    struct waiter servers[2] = {0};

    open_way(&ways[3]);
    for (uint32_t i = 0; i < 50; i++) {
        begin(&servers[0], receive, i % 2 == 0 ? LONG_MS : 2, i % 2 == 0 ? SYNC : INVALID_HANDLE);
        await_sleep(&servers[0]);
        begin(&servers[1], receive, LONG_MS, INVALID_HANDLE);
        await_sleep(&servers[1]);
        sync_object_set(level);
        ck_assert_int_ne(end(&servers[0]), 0);
        sync_object_clear(level);
        struct waiter waiter = new_call(i, 16);
        begin(&waiter, call, LONG_MS, INVALID_HANDLE);
        ck_assert_int_eq(end(&servers[1]), 0);
        answer(servers[1].request);
        ck_assert_int_eq(end(&waiter), 0);
    }
}
END_TEST

START_TEST(calls_that_wait_end_when_the_channel_does)
{
    const struct way *way = &ways[_i];
    struct waiter waiters[2] = {new_call(1, way->bytes), new_call(2, way->bytes)};

    open_way(way);
    begin(&waiters[0], call, LONG_MS, SYNC);
    struct request *request = take();
    begin(&waiters[1], call, LONG_MS, SYNC);
    await_sleep(&waiters[1]);
    listener_class.shut((struct object *)listener);
    ck_assert_int_eq(end(&waiters[0]), ERROR_NOT_CONNECTED);
    ck_assert_int_eq(end(&waiters[1]), ERROR_NOT_CONNECTED);
    (void)request_fail(request, NK_EPERM);
    if (way->is_bulk_taken) {
        ck_assert_int_eq(end(&bulky), ERROR_NOT_CONNECTED);
        (void)request_fail(bulky_request, NK_EPERM);
    }
}
END_TEST

START_TEST(calls_that_were_given_up_count_until_they_are_answered)
{
    struct waiter waiter = new_call(1, 16);

    if (_i > 0) {
        open_way(&ways[3]);
    }
    for (uint32_t i = 0; i < CALLS_PER_CHANNEL_MAX; i++) {
        begin(&waiter, call, 0, INVALID_HANDLE);
        ck_assert_int_eq(end(&waiter), ERROR_TIMEOUT);
    }
    begin(&waiter, call, LONG_MS, INVALID_HANDLE);
    ck_assert_int_eq(end(&waiter), ERROR_QUOTA);
    struct waiter server = {0};
    begin(&server, receive, SHORT_MS,
          INVALID_HANDLE); /* says of each that it need not be answered */
    ck_assert_int_eq(end(&server), ERROR_TIMEOUT);
    call_plainly(7, 16);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interrupt");
    TCase *cases = tcase_create("interrupt");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(
        cases, a_request_that_is_broken_off_before_the_server_has_it_never_gets_there, 0, N_WAYS);
    tcase_add_loop_test(
        cases, a_request_whose_time_is_over_before_the_server_has_it_never_gets_there, 0, N_WAYS);
    tcase_add_loop_test(cases, nothing_breaks_off_a_call_that_the_server_has, 0, N_WAYS);
    tcase_add_loop_test(cases, time_ends_a_call_that_the_server_has_and_its_reply_goes_to_nobody, 0,
                        N_WAYS);
    tcase_add_loop_test(cases, what_was_given_up_can_be_used_again, 0, N_WAYS);
    tcase_add_test(cases, a_sync_object_that_is_set_breaks_off_what_begins_later);
    tcase_add_loop_test(cases, all_threads_that_name_a_sync_object_are_broken_off, 0, N_WAYS);
    tcase_add_loop_test(cases, one_that_clears_itself_breaks_off_one_thread_each_time, 0, N_WAYS);
    tcase_add_loop_test(cases, one_that_clears_itself_stays_set_if_it_came_too_late, 0, N_WAYS);
    tcase_add_test(cases, closing_a_sync_object_breaks_off_who_names_it);
    tcase_add_loop_test(cases, a_wait_for_requests_ends_in_time_or_when_it_is_broken_off, 0, 2);
    tcase_add_loop_test(cases, a_poll_takes_a_request_that_is_there_and_no_other, 0, N_WAYS);
    tcase_add_test(cases, who_is_broken_off_while_it_watches_hands_that_on);
    tcase_add_loop_test(cases, calls_that_wait_end_when_the_channel_does, 0, N_WAYS);
    tcase_add_loop_test(cases, calls_that_were_given_up_count_until_they_are_answered, 0, 2);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

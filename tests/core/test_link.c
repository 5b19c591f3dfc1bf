/* SPDX-License-Identifier: Apache-2.0 */
#include "core/link.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "tests/support/check_main.h"

#define THREADS 8
#define ROUNDS 2000

static struct link link_under_test;
static int peer;

struct message {
    uint32_t magic;
    uint32_t number;
    uint32_t value;
};

static void setup(void)
{
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    link_init(&link_under_test, ends[0], sizeof(struct message), THREADS);
    peer = ends[1];
}

static void teardown(void)
{
    link_deinit(&link_under_test);
    peer = fd_close(peer);
}

/* request() - send a value and wait for the reply */
static int request(uint32_t value, uint32_t *ret_value)
{
    struct link_waiter waiter;
    int r = link_begin(&link_under_test, &waiter);

    if (r != 0) {
        return r;
    }
    struct message message = {.number = waiter.number, .value = value};
    struct iovec part = {&message, sizeof(message)};
    (void)fd_send(link_under_test.fd, &part, 1, -1, 0); /* a closed end is what link_wait() sees */
    r = link_wait(&link_under_test, &waiter);
    if (r == 0) {
        memcpy(&message, waiter.reply.bytes, sizeof(message));
        *ret_value = message.value;
    }
    link_end(&link_under_test, &waiter);
    return r;
}

static void *ask_many(void *failures)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t value = 0;
        *(unsigned *)failures += request(i, &value) != 0 || value != ~i;
    }
    return NULL;
}

/* answer() - the other end: answers requests two by two, the later one first */
static void *answer(void *unused)
{
    struct message messages[2];

    while (recv(peer, &messages[0], sizeof(messages[0]), 0) > 0) {
        bool two = recv(peer, &messages[1], sizeof(messages[1]), MSG_DONTWAIT) > 0;
        for (int i = two ? 1 : 0; i >= 0; i--) {
            messages[i].value = ~messages[i].value;
            (void)send(peer, &messages[i], sizeof(messages[i]), MSG_NOSIGNAL);
        }
    }
    return unused;
}

START_TEST(threads_get_their_own_replies_in_any_order)
{
    pthread_t threads[THREADS];
    pthread_t server;
    unsigned failures[THREADS] = {0};

    pthread_create(&server, NULL, answer, NULL);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, ask_many, &failures[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_uint_eq(failures[i], 0);
    }
    link_shut(&link_under_test);
    pthread_join(server, NULL);
}
END_TEST

START_TEST(a_reply_that_nobody_waits_for_reaches_nobody)
{
    struct message stale = {.number = 4711, .value = 1};
    struct message right = {.number = 1, .value = 2};
    uint32_t value = 0;

    ck_assert_int_eq(send(peer, &stale, sizeof(stale), 0), sizeof(stale));
    ck_assert_int_eq(send(peer, &right, sizeof(right), 0), sizeof(right));
    ck_assert_int_eq(request(0, &value), 0);
    ck_assert_uint_eq(value, 2);
}
END_TEST

START_TEST(a_reply_of_the_kind_that_is_kept_may_come_before_anybody_waits_for_it)
{
    const uint32_t early = LINK_KEPT | 3;
    struct message messages[] = {{.number = early, .value = 7},
                                 {.number = LINK_KEPT | 4, .value = 8},
                                 {.number = LINK_KEPT | 4 | LINK_KEPT_MAX, .value = 9}};
    struct link_message kept;
    struct link_waiter waiter;
    uint32_t value;
    pthread_t thread;

    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(send(peer, &messages[i], sizeof(messages[i]), 0), sizeof(messages[i]));
    }
    pthread_create(&thread, NULL, answer, NULL);
    ck_assert_int_eq(request(1, &value), 0); /* receives them on its way */
    ck_assert(!link_take_kept(&link_under_test, LINK_KEPT | 5, &kept));
    ck_assert(!link_take_kept(&link_under_test, LINK_KEPT | 4, &kept)); /* its place was taken */
    ck_assert(link_take_kept(&link_under_test, LINK_KEPT | 4 | LINK_KEPT_MAX, &kept));
    link_message_deinit(&kept);
    ck_assert_int_eq(link_collect(&link_under_test, early, &waiter), 0);
    ck_assert_int_eq(link_wait(&link_under_test, &waiter), 0);
    memcpy(&messages[0], waiter.reply.bytes, sizeof(messages[0]));
    ck_assert_uint_eq(messages[0].value, 7);
    link_end(&link_under_test, &waiter);
    (void)shutdown(peer, SHUT_RDWR);
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(a_closed_peer_ends_every_request)
{
    uint32_t value;

    peer = fd_close(peer);
    ck_assert_int_eq(request(0, &value), ERROR_NOT_CONNECTED);
    ck_assert_int_eq(request(0, &value), ERROR_NOT_CONNECTED);
}
END_TEST

START_TEST(a_message_that_is_too_short_or_too_long_ends_the_link)
{
    static const char bytes[64];
    uint32_t value;

    ck_assert_int_eq(send(peer, bytes, _i == 0 ? 7 : sizeof(bytes), 0), _i == 0 ? 7 : 64);
    ck_assert_int_eq(request(0, &value), ERROR_NOT_CONNECTED);
}
END_TEST

static void *shut_soon(void *unused)
{
    struct message message;

    (void)recv(peer, &message, sizeof(message), 0); /* the request is on its way: now it waits */
    link_shut(&link_under_test);
    return unused;
}

START_TEST(shutting_the_link_breaks_off_a_waiting_request)
{
    pthread_t thread;
    uint32_t value;

    pthread_create(&thread, NULL, shut_soon, NULL);
    ck_assert_int_eq(request(0, &value), ERROR_NOT_CONNECTED);
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(as_many_requests_as_allowed_and_not_one_more)
{
    struct link_waiter waiters[THREADS + 1];

    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(link_begin(&link_under_test, &waiters[i]), 0);
    }
    ck_assert_int_eq(link_begin(&link_under_test, &waiters[THREADS]), ERROR_QUOTA);
    for (int i = 0; i < THREADS; i++) {
        link_end(&link_under_test, &waiters[i]);
    }
    ck_assert_int_eq(link_begin(&link_under_test, &waiters[THREADS]), 0);
    link_end(&link_under_test, &waiters[THREADS]);
}
END_TEST

START_TEST(descriptors_with_stale_replies_are_closed)
{
    struct message message = {.number = 4711};
    struct message right = {.number = 1, .value = 3};
    struct iovec part = {&message, sizeof(message)};
    uint32_t value;
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(fd_send(peer, &part, 1, ends[0], 0), 0);
    ck_assert_int_eq(send(peer, &right, sizeof(right), 0), sizeof(right));
    fd_close(ends[0]);
    ck_assert_int_eq(request(0, &value), 0);
    ck_assert_int_eq(recv(ends[1], &message, sizeof(message), MSG_DONTWAIT), 0); /* closed */
    fd_close(ends[1]);
}
END_TEST

START_TEST(a_request_that_was_given_up_counts_until_its_reply_has_come)
{
    struct link_waiter *waiters[THREADS];
    struct link_waiter more;

    for (int i = 0; i < THREADS; i++) {
        waiters[i] = malloc(sizeof(*waiters[i]));
        ck_assert_int_eq(link_begin(&link_under_test, waiters[i]), 0);
    }
    uint32_t number = waiters[3]->number;
    for (int i = 0; i < THREADS; i++) {
        link_give_up(&link_under_test, waiters[i]);
    }
    ck_assert_int_eq(link_begin(&link_under_test, &more), ERROR_QUOTA);
    struct message late = {.number = number};
    ck_assert_int_eq(send(peer, &late, sizeof(late), 0), sizeof(late));
    ck_assert_int_eq(send(peer, &late, sizeof(late), 0), sizeof(late)); /* once is enough */
    struct link_message reply;
    ck_assert(link_take_late(&link_under_test, &reply));
    memcpy(&late, reply.bytes, sizeof(late));
    ck_assert_uint_eq(late.number, number);
    link_message_deinit(&reply);
    ck_assert(!link_take_late(&link_under_test, &reply));
    ck_assert_int_eq(link_begin(&link_under_test, &more), 0);
    struct link_waiter another;
    ck_assert_int_eq(link_begin(&link_under_test, &another), ERROR_QUOTA);
    link_end(&link_under_test, &more);
}
END_TEST

START_TEST(a_wait_that_ends_early_can_go_on)
{
    struct until until;
    struct link_waiter waiter;

    ck_assert_int_eq(until_init(&until, 1, INVALID_HANDLE), 0);
    ck_assert_int_eq(link_begin(&link_under_test, &waiter), 0);
    ck_assert_int_eq(link_wait_until(&link_under_test, &waiter, &until), ERROR_TIMEOUT);
    struct message message = {.number = waiter.number};
    ck_assert_int_eq(send(peer, &message, sizeof(message), 0), sizeof(message));
    ck_assert_int_eq(link_wait(&link_under_test, &waiter), 0);
    link_end(&link_under_test, &waiter);
    until_deinit(&until);
}
END_TEST

START_TEST(a_message_that_is_kept_can_be_had_once_it_is_here)
{
    struct message message = {.number = LINK_KEPT | 5};
    struct link_message kept;

    ck_assert(!link_receive_kept(&link_under_test, LINK_KEPT | 5, &kept));
    ck_assert_int_eq(send(peer, &message, sizeof(message), 0), sizeof(message));
    ck_assert(!link_receive_kept(&link_under_test, LINK_KEPT | 6, &kept));
    ck_assert(link_receive_kept(&link_under_test, LINK_KEPT | 5, &kept));
    link_message_deinit(&kept);
    ck_assert(!link_receive_kept(&link_under_test, LINK_KEPT | 5, &kept));
}
END_TEST

START_TEST(a_message_that_comes_just_when_its_wait_is_over_is_kept)
{
    struct message message = {.number = LINK_KEPT | 7};
    struct link_waiter waiter;
    struct link_message kept;

    ck_assert_int_eq(link_collect(&link_under_test, LINK_KEPT | 7, &waiter), 0);
    ck_assert_int_eq(send(peer, &message, sizeof(message), 0), sizeof(message));
    ck_assert(!link_receive_kept(&link_under_test, LINK_KEPT | 7, &kept)); /* the waiter has it */
    link_leave(&link_under_test, &waiter);
    ck_assert(link_take_kept(&link_under_test, LINK_KEPT | 7, &kept));
    link_message_deinit(&kept);
}
END_TEST

START_TEST(a_reply_that_comes_just_when_its_request_is_given_up_is_late)
{
    struct link_waiter *waiter = malloc(sizeof(*waiter));
    struct link_message reply;

    ck_assert_int_eq(link_begin(&link_under_test, waiter), 0);
    struct message message = {.number = waiter->number};
    ck_assert_int_eq(send(peer, &message, sizeof(message), 0), sizeof(message));
    ck_assert(!link_receive_kept(&link_under_test, LINK_KEPT | 1, &reply)); /* receives it */
    ck_assert(!link_take_late(&link_under_test, &reply));
    link_give_up(&link_under_test, waiter);
    ck_assert(link_take_late(&link_under_test, &reply));
    link_message_deinit(&reply);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link");
    TCase *cases = tcase_create("link");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, threads_get_their_own_replies_in_any_order);
    tcase_add_test(cases, a_reply_that_nobody_waits_for_reaches_nobody);
    tcase_add_test(cases, a_reply_of_the_kind_that_is_kept_may_come_before_anybody_waits_for_it);
    tcase_add_test(cases, a_closed_peer_ends_every_request);
    tcase_add_loop_test(cases, a_message_that_is_too_short_or_too_long_ends_the_link, 0, 2);
    tcase_add_test(cases, shutting_the_link_breaks_off_a_waiting_request);
    tcase_add_test(cases, as_many_requests_as_allowed_and_not_one_more);
    tcase_add_test(cases, descriptors_with_stale_replies_are_closed);
    tcase_add_test(cases, a_request_that_was_given_up_counts_until_its_reply_has_come);
    tcase_add_test(cases, a_wait_that_ends_early_can_go_on);
    tcase_add_test(cases, a_message_that_is_kept_can_be_had_once_it_is_here);
    tcase_add_test(cases, a_message_that_comes_just_when_its_wait_is_over_is_kept);
    tcase_add_test(cases, a_reply_that_comes_just_when_its_request_is_given_up_is_late);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

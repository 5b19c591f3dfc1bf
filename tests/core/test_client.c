/* SPDX-License-Identifier: Apache-2.0 */
/* The client's half of a channel, against servers that are raw sockets. */
#include "core/client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

extern const struct capchan_interface types_IAll_interface_stub_;

#define METHOD_QUIET 7 /* without parameters */

static struct client *client;
static int server;

static void setup(void)
{
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(client_new(ends[0], 0, "", &client), 0);
    server = ends[1];
}

static void teardown(void)
{
    object_unref((struct object *)client);
    server = fd_close(server);
}

static int call(int32_t *ret_status)
{
    const struct capchan_record *record = types_IAll_interface_stub_.methods[METHOD_QUIET].req;
    struct nk_message request = {0};
    struct incoming reply;
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    int r = encode(record, &request, NULL, &pool, &encoded);
    if (r == 0) {
        r = client_call(client, 0, METHOD_QUIET, &encoded, NULL, &reply);
    }
    if (r == 0) {
        *ret_status = reply.frame.head.status;
        incoming_deinit(&reply);
    }
    pool_deinit(&pool);
    return r;
}

/* What the server answers to the first request: `bytes` of them, after the number of the call was
 * put in. */
static struct {
    struct frame_head head;
    size_t size;
} answer;

/* receive_request() - the next one, past an offer of memory, which this server never answers */
static bool receive_request(struct frame_head *ret_request)
{
    do {
        if (recv(server, ret_request, sizeof(*ret_request), 0) != (ssize_t)sizeof(*ret_request)) {
            return false;
        }
    } while (ret_request->flags == FRAME_OFFER);
    return true;
}

static void *answer_once(void *unused)
{
    struct frame_head request;

    if (receive_request(&request)) {
        answer.head.call = request.call;
        (void)send(server, &answer.head, answer.size, MSG_NOSIGNAL);
    }
    return unused;
}

static int call_answered_with(struct frame_head head, size_t size, int32_t *ret_status)
{
    pthread_t thread;

    answer.head = head;
    answer.size = size;
    pthread_create(&thread, NULL, answer_once, NULL);
    int r = call(ret_status);
    pthread_join(thread, NULL);
    return r;
}

START_TEST(a_status_reaches_the_caller)
{
    const struct frame_head head = {
        .magic = FRAME_MAGIC, .flags = FRAME_REPLY | FRAME_STATUS, .status = -77};
    int32_t status = 0;

    ck_assert_int_eq(call_answered_with(head, sizeof(head), &status), 0);
    ck_assert_int_eq(status, -77);
}
END_TEST

START_TEST(a_malformed_reply_is_an_error_and_the_next_call_works)
{
    const struct frame_head bad[] = {
        {.magic = FRAME_MAGIC},                                        /* no reply */
        {.magic = 7, .flags = FRAME_REPLY},                            /* no frame of ours */
        {.magic = FRAME_MAGIC, .flags = FRAME_REPLY, .body_bytes = 9}, /* truncated */
        {.magic = FRAME_MAGIC, .flags = FRAME_REPLY | FRAME_MEMFD},    /* without its descriptor */
        {.magic = FRAME_MAGIC, .flags = FRAME_REPLY | FRAME_STATUS}, /* failure without a reason */
    };
    const struct frame_head good = {
        .magic = FRAME_MAGIC, .flags = FRAME_REPLY | FRAME_STATUS, .status = 3};
    int32_t status;

    ck_assert_int_eq(call_answered_with(bad[_i], sizeof(bad[_i]), &status), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(call_answered_with(good, sizeof(good), &status), 0);
    ck_assert_int_eq(status, 3);
}
END_TEST

START_TEST(a_server_that_is_gone_is_not_connected)
{
    int32_t status;

    server = fd_close(server);
    ck_assert_int_eq(call(&status), ERROR_NOT_CONNECTED);
}
END_TEST

static atomic_int results[2]; /* not connected, quota */

static void *call_and_count(void *unused)
{
    int32_t status;
    int r = call(&status);

    atomic_fetch_add(&results[r == ERROR_QUOTA], r == ERROR_NOT_CONNECTED || r == ERROR_QUOTA);
    return unused;
}

START_TEST(as_many_calls_in_flight_as_allowed_and_not_one_more)
{
    pthread_t threads[CALLS_PER_CHANNEL_MAX];
    struct frame_head request;
    int32_t status;

    for (int i = 0; i < CALLS_PER_CHANNEL_MAX; i++) {
        pthread_create(&threads[i], NULL, call_and_count, NULL);
    }
    for (int i = 0; i < CALLS_PER_CHANNEL_MAX; i++) {
        ck_assert(receive_request(&request));
    }
    ck_assert_int_eq(call(&status), ERROR_QUOTA);
    server = fd_close(server);
    for (int i = 0; i < CALLS_PER_CHANNEL_MAX; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert_int_eq(atomic_load(&results[0]), CALLS_PER_CHANNEL_MAX);
    ck_assert_int_eq(atomic_load(&results[1]), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client");
    TCase *cases = tcase_create("client");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_status_reaches_the_caller);
    tcase_add_loop_test(cases, a_malformed_reply_is_an_error_and_the_next_call_works, 0, 5);
    tcase_add_test(cases, a_server_that_is_gone_is_not_connected);
    tcase_add_test(cases, as_many_calls_in_flight_as_allowed_and_not_one_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

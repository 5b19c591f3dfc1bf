/* SPDX-License-Identifier: Apache-2.0 */
/* pending.c: what becomes of a thread's requests, and of what it keeps for them, when it ends. */
#include "core/pending.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/socket.h>

#include "core/control.h"
#include "core/fd.h"
#include "core/listener.h"
#include "core/request.h"
#include "tests/support/channels.h"
#include "tests/support/check_main.h"

#define HANDLE ((Handle)0x00010005)
#define THREADS 200

static struct listener *listener;
static int inbox;
static int client;

static void setup(void)
{
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    inbox = ends[0];
    ck_assert_int_eq(listener_new(ends[1], control_word(0), &listener), 0);
    ck_assert_int_eq(object_table_add(HANDLE, (struct object *)listener), 0);
    client = channel_open(inbox);
}

static void teardown(void)
{
    fd_close(client);
    object_unref(object_table_remove(HANDLE));
    fd_close(inbox);
}

/* take_one() - a request, which is this thread's from now on */
static void take_one(void)
{
    struct request *request;

    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_ptr_eq(object_table_find(HANDLE, OBJECT_LISTENER), listener);
    ck_assert_int_eq(pending_put(request), 0);
}

static void *take_and_end(void *unused)
{
    take_one();
    return unused;
}

static void *take_and_answer(void *unused)
{
    take_one();
    struct request *request = pending_take(HANDLE);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    object_unref((struct object *)listener);
    return unused;
}

/* call_thread() - make a call that a thread of its own deals with. Return: its status. */
static int32_t call_thread(void *(*deal)(void *unused))
{
    struct frame_head head = {.magic = FRAME_MAGIC, .call = 1, .mid = 3};
    pthread_t thread;

    ck_assert_int_eq(send(client, &head, sizeof(head), MSG_NOSIGNAL), sizeof(head));
    pthread_create(&thread, NULL, deal, NULL);
    pthread_join(thread, NULL);
    ck_assert_int_eq(recv(client, &head, sizeof(head), MSG_DONTWAIT), sizeof(head));
    return head.status;
}

START_TEST(the_requests_of_a_thread_that_ends_are_answered)
{
    ck_assert_int_eq(call_thread(take_and_end), NK_ENOMSG);
    ck_assert_ptr_null(pending_last());
}
END_TEST

START_TEST(what_a_thread_keeps_for_its_next_request_goes_with_it)
{
    ck_assert_int_eq(call_thread(take_and_answer), NK_EPERM);
    size_t before = mallinfo2().uordblks;
    for (unsigned i = 0; i < THREADS; i++) {
        ck_assert_int_eq(call_thread(take_and_answer), NK_EPERM);
    }
    ck_assert_uint_lt(mallinfo2().uordblks, before + THREADS * sizeof(struct request) / 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pending");
    TCase *cases = tcase_create("pending");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, the_requests_of_a_thread_that_ends_are_answered);
    tcase_add_test(cases, what_a_thread_keeps_for_its_next_request_goes_with_it);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The server's half of a channel, against clients that are raw sockets. */
#include "core/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/holder.h"
#include "core/limits.h"
#include "core/request.h"
#include "core/route.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"

static struct listener *listener;
static int inbox;
static atomic_int n_desertions;

static void setup(void)
{
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    inbox = ends[0];
    atomic_store(&n_desertions, 0);
    ck_assert_int_eq(listener_new(ends[1], control_word(0), &listener), 0);
}

static void teardown(void)
{
    object_unref((struct object *)listener);
    inbox = fd_close(inbox);
}

/* client_of() - what the broker does for a connection of @task. Return: the client's end. */
static int client_of(const char *task)
{
    struct session_inbox_post post = {.magic = SESSION_MAGIC};
    struct iovec part = {.iov_base = &post};
    int ends[2];

    strcpy(post.client, task);
    part.iov_len = session_post_bytes(&post);
    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(fd_send(inbox, &part, 1, ends[1], 0), 0);
    fd_close(ends[1]);
    return ends[0];
}

static int new_client(void)
{
    return client_of("Client");
}

static void send_request(int client, uint32_t call)
{
    struct frame_head head = {.magic = FRAME_MAGIC, .call = call, .mid = 3};

    ck_assert_int_eq(send(client, &head, sizeof(head), MSG_NOSIGNAL), sizeof(head));
}

static struct frame_head receive_reply(int client)
{
    struct frame_head head = {0};

    ck_assert_int_eq(recv(client, &head, sizeof(head), 0), sizeof(head));
    return head;
}

START_TEST(each_request_says_whose_channel_it_came_over)
{
    struct request *request;
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(listener_add(listener, ends[1], 1, "Added"), 0);
    const int clients[] = {client_of("First"), client_of(""), ends[0]};
    const char *const tasks[] = {"First", "", "Added"};
    for (int i = 0; i < 3; i++) {
        send_request(clients[i], 1);
        ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
        ck_assert_str_eq(request->served->client, tasks[i]);
        ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
        fd_close(clients[i]);
    }
}
END_TEST

START_TEST(requests_of_all_clients_arrive_and_replies_go_back)
{
    int clients[3];

    for (int i = 0; i < 3; i++) {
        clients[i] = new_client();
        send_request(clients[i], 10 + (uint32_t)i);
    }
    for (int i = 0; i < 3; i++) {
        struct request *request;
        ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
        ck_assert_uint_eq(request->incoming.frame.head.mid, 3);
        ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    }
    for (int i = 0; i < 3; i++) {
        struct frame_head reply = receive_reply(clients[i]);
        ck_assert_uint_eq(reply.call, 10 + (uint32_t)i);
        ck_assert_int_eq(reply.status, NK_EPERM);
        fd_close(clients[i]);
    }
}
END_TEST

/* named_client() - new_client(), whom the broker calls @handle to the server */
static int named_client(Handle handle)
{
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(listener_add(listener, ends[1], handle, ""), 0);
    return ends[0];
}

START_TEST(who_may_call_no_more_is_not_served_when_the_brokers_word_speaks_of_another)
{
    const struct capability end = {.kind = CAPABILITY_SERVED};
    struct holder *holder = holders_new(1);
    struct request *request;
    Handle handles[2];

    ck_assert_int_eq(control_map(holder->control.fd), 0);
    ck_assert_int_eq(holder_name(holder, end, &handles[0]), 0);
    int before = named_client(handles[0]);
    send_request(before, 1);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    ck_assert_int_eq(receive_reply(before).status, NK_EPERM);

    holder_take_away(holder, handles[0]);
    ck_assert_int_eq(holder_name(holder, end, &handles[1]), 0);
    ck_assert_uint_eq(handles[1] & 0xffff, handles[0] & 0xffff);
    int after = named_client(handles[1]);
    send_request(before, 2);
    send_request(after, 3);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_uint_eq(request->incoming.frame.head.call, 3);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    send_request(after, 4);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_uint_eq(request->incoming.frame.head.call, 4);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    ck_assert_int_eq(receive_reply(before).status, NK_ENOTCONN);
    fd_close(before);
    fd_close(after);
    holders_free(holder, 1);
}
END_TEST

START_TEST(a_reply_to_a_client_that_is_gone_fails_and_harms_nobody)
{
    int victim = new_client();
    int other = new_client();
    struct request *request;

    send_request(victim, 1);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    victim = fd_close(victim);
    ck_assert_int_eq(request_fail(request, NK_EPERM), ERROR_NOT_CONNECTED);
    send_request(other, 2);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    fd_close(other);
}
END_TEST

START_TEST(replies_of_as_many_calls_as_may_be_in_flight_fit_and_then_the_client_is_cut_off)
{
    int client = new_client();
    struct request *request;
    uint32_t answered = 0;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < 10000; i++) {
        send_request(client, i + 1);
        ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
        r = request_fail(request, NK_EPERM);
        answered += r == 0;
    }
    ck_assert_int_eq(r, ERROR_NOT_CONNECTED);
    ck_assert_uint_ge(answered, CALLS_PER_CHANNEL_MAX);
    fd_close(client);
}
END_TEST

static void *shut_it(void *unused)
{
    const struct object *object = (struct object *)listener;

    object->class->shut((struct object *)listener);
    return unused;
}

START_TEST(shutting_the_listener_wakes_who_waits_and_ends_its_channels)
{
    int client = new_client();
    struct request *request;
    pthread_t thread;
    char byte;

    send_request(client, 1);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    (void)receive_reply(client);
    pthread_create(&thread, NULL, shut_it, NULL);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), ERROR_NOT_CONNECTED);
    pthread_join(thread, NULL);
    ck_assert_int_eq(recv(client, &byte, 1, 0), 0);
    fd_close(client);
}
END_TEST

START_TEST(a_server_outlives_its_broker_as_long_as_it_has_clients)
{
    int client = new_client();
    struct request *request;

    inbox = fd_close(inbox);
    send_request(client, 1);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    fd_close(client);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), ERROR_NOT_CONNECTED);
}
END_TEST

START_TEST(rubbish_in_the_inbox_does_not_stop_the_server)
{
    int client = new_client();
    struct request *request;

    ck_assert_int_eq(send(inbox, "rubbish", 7, 0), 7);
    send_request(client, 1);
    ck_assert_int_eq(listener_receive(listener, NULL, &request), 0);
    ck_assert_int_eq(request_fail(request, NK_EPERM), 0);
    fd_close(client);
}
END_TEST

/* serve_until_shut() - and count how often nobody was left to serve */
static void *serve_until_shut(void *unused)
{
    struct request *request;

    for (;;) {
        if (listener_receive(listener, NULL, &request) == 0) {
            (void)request_fail(request, NK_EPERM);
        } else if (listener_can_receive(listener)) {
            atomic_fetch_add(&n_desertions, 1);
        } else {
            return unused;
        }
    }
}

START_TEST(one_thread_is_told_once_each_time_that_the_last_client_is_gone)
{
    pthread_t threads[3];

    listener_report_desertion(listener);
    for (int i = 0; i < 3; i++) {
        pthread_create(&threads[i], NULL, serve_until_shut, NULL);
    }
    for (int round = 0; round < 50; round++) {
        int clients[2] = {new_client(), new_client()};
        for (int i = 0; i < 2; i++) {
            send_request(clients[i], 1);
            ck_assert_int_eq(receive_reply(clients[i]).status, NK_EPERM);
        }
        ck_assert_int_eq(atomic_load(&n_desertions), round);
        fd_close(clients[0]);
        fd_close(clients[1]);
        while (atomic_load(&n_desertions) == round) {
            nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
        }
    }
    shut_it(NULL);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert_int_eq(atomic_load(&n_desertions), 50);
}
END_TEST

/* added_client() - served from now on, without the inbox. Return: the client's end. */
static int added_client(void)
{
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(listener_add(listener, ends[1], 1, ""), 0);
    return ends[0];
}

START_TEST(clients_that_are_added_while_threads_wait_are_served)
{
    pthread_t threads[2];

    listener_report_desertion(listener);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, serve_until_shut, NULL);
    }
    int stays = added_client();
    for (uint32_t round = 0; round < 200; round++) {
        int comes = added_client();
        send_request(comes, round + 1);
        ck_assert_uint_eq(receive_reply(comes).call, round + 1);
        fd_close(comes);
        send_request(stays, round + 1);
        ck_assert_uint_eq(receive_reply(stays).call, round + 1);
    }
    ck_assert_int_eq(atomic_load(&n_desertions), 0);
    fd_close(stays);
    while (atomic_load(&n_desertions) == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
    shut_it(NULL);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
}
END_TEST

START_TEST(a_client_that_is_added_too_late_is_cut_off)
{
    int ends[2];
    char byte;

    ck_assert_int_eq(fd_pair(ends), 0);
    shut_it(NULL);
    ck_assert_int_eq(listener_add(listener, ends[1], 1, ""), ERROR_NOT_CONNECTED);
    ck_assert_int_eq(recv(ends[0], &byte, 1, 0), 0);
    fd_close(ends[0]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("listener");
    TCase *cases = tcase_create("listener");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, each_request_says_whose_channel_it_came_over);
    tcase_add_test(cases, requests_of_all_clients_arrive_and_replies_go_back);
    tcase_add_test(cases, a_reply_to_a_client_that_is_gone_fails_and_harms_nobody);
    tcase_add_test(cases,
                   replies_of_as_many_calls_as_may_be_in_flight_fit_and_then_the_client_is_cut_off);
    tcase_add_test(cases, shutting_the_listener_wakes_who_waits_and_ends_its_channels);
    tcase_add_test(cases, a_server_outlives_its_broker_as_long_as_it_has_clients);
    tcase_add_test(cases, rubbish_in_the_inbox_does_not_stop_the_server);
    tcase_add_test(cases, clients_that_are_added_while_threads_wait_are_served);
    tcase_add_test(cases, a_client_that_is_added_too_late_is_cut_off);
    tcase_add_test(cases, one_thread_is_told_once_each_time_that_the_last_client_is_gone);
    /* From then on there is a broker. */
    tcase_add_test(cases,
                   who_may_call_no_more_is_not_served_when_the_brokers_word_speaks_of_another);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cm/deadlines.h"
#include "core/error.h"
#include "tests/support/check_main.h"

enum {
    CLIENT,
    OTHER,
    SERVER,
    _N_ENTITIES = 16,
};

#define NEVER DEADLINE_NEVER
#define STEPS 200000

static struct requests *requests;

static void setup(void)
{
    ck_assert_int_eq(requests_new(_N_ENTITIES, &requests), 0);
}

static void teardown(void)
{
    requests = requests_free(requests);
}

static int ask(size_t client, uint32_t number, const char *service, int64_t deadline_ns)
{
    return requests_connect(requests, client, number, SERVER, service, deadline_ns);
}

/* expect_answer() - the next one must be this */
static struct cm_answer expect_answer(enum cm_answer_kind kind, size_t entity, uint32_t number,
                                      int result)
{
    struct cm_answer answer;

    ck_assert(requests_take_answer(requests, &answer));
    ck_assert_int_eq(answer.kind, kind);
    ck_assert_uint_eq(answer.entity, entity);
    ck_assert_uint_eq(answer.number, number);
    ck_assert_int_eq(answer.result, result);
    return answer;
}

static void expect_no_answer(void)
{
    struct cm_answer answer;

    ck_assert(!requests_take_answer(requests, &answer));
}

/* hear() - listen, which must tell of this at once */
static void hear(size_t client, const char *service)
{
    ck_assert_int_eq(requests_listen(requests, SERVER, 99, 0), 0);
    struct cm_answer answer = expect_answer(ANSWER_LISTEN, SERVER, 99, 0);
    ck_assert_uint_eq(answer.client, client);
    ck_assert_str_eq(answer.service, service);
}

START_TEST(listening_peeks_and_rotates)
{
    ck_assert_int_eq(ask(CLIENT, 1, "a", NEVER), 0);
    hear(CLIENT, "a");
    hear(CLIENT, "a");
    ck_assert_int_eq(ask(OTHER, 2, "a", NEVER), 0);
    ck_assert_int_eq(ask(CLIENT, 3, "b", NEVER), 0);
    hear(CLIENT, "a");
    hear(OTHER, "a");
    hear(CLIENT, "b");
    hear(CLIENT, "a");
    requests_answer(requests, requests_find(requests, SERVER, OTHER, "a"), 0, 5, 6);
    struct cm_answer answer = expect_answer(ANSWER_CONNECT, OTHER, 2, 0);
    ck_assert_uint_eq(answer.handle, 5);
    ck_assert_uint_eq(answer.riid, 6);
    hear(CLIENT, "b");
    hear(CLIENT, "a");
    hear(CLIENT, "b");
    expect_no_answer();
}
END_TEST

START_TEST(each_waiting_listener_is_told_of_another_request)
{
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_int_eq(requests_listen(requests, SERVER, i, NEVER), 0);
    }
    expect_no_answer();
    ck_assert_int_eq(ask(CLIENT, 10, "a", NEVER), 0);
    ck_assert_int_eq(ask(CLIENT, 11, "b", NEVER), 0);
    ck_assert_str_eq(expect_answer(ANSWER_LISTEN, SERVER, 0, 0).service, "a");
    ck_assert_str_eq(expect_answer(ANSWER_LISTEN, SERVER, 1, 0).service, "b");
    expect_no_answer();
    hear(CLIENT, "a"); /* who asks later hears of what others were told */
}
END_TEST

START_TEST(a_request_is_known_by_client_and_service)
{
    ck_assert_int_eq(ask(CLIENT, 1, "a", NEVER), 0);
    ck_assert_int_eq(ask(CLIENT, 2, "a", NEVER), ERROR_EXISTS);
    ck_assert_int_eq(ask(OTHER, 3, "a", NEVER), 0);
    ck_assert_ptr_null(requests_find(requests, SERVER, CLIENT, "b"));
    ck_assert_ptr_null(requests_find(requests, OTHER, CLIENT, "a"));
    requests_answer(requests, requests_find(requests, SERVER, CLIENT, "a"), ERROR_DENIED, 0, 0);
    (void)expect_answer(ANSWER_CONNECT, CLIENT, 1, ERROR_DENIED);
    ck_assert_ptr_null(requests_find(requests, SERVER, CLIENT, "a"));
    ck_assert_int_eq(ask(CLIENT, 4, "a", NEVER), 0);
    expect_no_answer();
}
END_TEST

START_TEST(time_is_over_at_the_deadline_and_not_before)
{
    ck_assert_int_eq(requests_deadline_ns(requests), NEVER);
    ck_assert_int_eq(ask(CLIENT, 1, "a", 300), 0);
    ck_assert_int_eq(ask(CLIENT, 2, "b", 100), 0);
    ck_assert_int_eq(ask(CLIENT, 3, "c", NEVER), 0);
    ck_assert_int_eq(requests_listen(requests, OTHER, 4, 200), 0);
    ck_assert_int_eq(requests_deadline_ns(requests), 100);
    requests_expire(requests, 99);
    expect_no_answer();
    requests_expire(requests, 100);
    (void)expect_answer(ANSWER_CONNECT, CLIENT, 2, ERROR_TIMEOUT);
    ck_assert_ptr_null(requests_find(requests, SERVER, CLIENT, "b"));
    requests_expire(requests, 1000);
    (void)expect_answer(ANSWER_LISTEN, OTHER, 4, ERROR_TIMEOUT);
    (void)expect_answer(ANSWER_CONNECT, CLIENT, 1, ERROR_TIMEOUT);
    ck_assert_int_eq(requests_deadline_ns(requests), NEVER);
    expect_no_answer();
}
END_TEST

START_TEST(who_is_gone_is_asked_and_told_nothing)
{
    ck_assert_int_eq(ask(CLIENT, 1, "a", 100), 0);
    ck_assert_int_eq(requests_listen(requests, CLIENT, 2, 100), 0);
    ck_assert_int_eq(ask(OTHER, 3, "a", 100), 0);
    requests_gone(requests, CLIENT);
    hear(OTHER, "a");
    hear(OTHER, "a");
    ck_assert_int_eq(requests_connect(requests, OTHER, 4, CLIENT, "a", NEVER), ERROR_NOT_FOUND);
    ck_assert(requests_is_gone(requests, CLIENT) && !requests_is_gone(requests, SERVER));
    requests_gone(requests, SERVER);
    (void)expect_answer(ANSWER_CONNECT, OTHER, 3, ERROR_NOT_CONNECTED);
    requests_expire(requests, 1000);
    expect_no_answer();
    ck_assert_int_eq(ask(OTHER, 5, "a", NEVER), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(a_client_waits_for_so_much_and_not_more)
{
    char service[16];

    for (uint32_t i = 0; i <= CM_REQUESTS_PER_CLIENT_MAX; i++) {
        snprintf(service, sizeof(service), "%u", i);
        ck_assert_int_eq(ask(CLIENT, i, service, i),
                         i < CM_REQUESTS_PER_CLIENT_MAX ? 0 : ERROR_QUOTA);
    }
    ck_assert_int_eq(requests_connect(requests, CLIENT, 50, OTHER, "a", NEVER), ERROR_QUOTA);
    ck_assert_int_eq(requests_listen(requests, CLIENT, 51, NEVER), 0);
    requests_expire(requests, 0);
    (void)expect_answer(ANSWER_CONNECT, CLIENT, 0, ERROR_TIMEOUT);
    ck_assert_int_eq(requests_connect(requests, CLIENT, 50, OTHER, "a", NEVER), 0);
}
END_TEST

START_TEST(a_server_has_so_many_requests_and_listening_threads_and_not_more)
{
    char service[16];

    for (uint32_t i = 0; i < CM_REQUESTS_PER_SERVER_MAX; i++) {
        snprintf(service, sizeof(service), "%u", i);
        ck_assert_int_eq(ask(SERVER + 1 + i / CM_REQUESTS_PER_CLIENT_MAX, i, service, i), 0);
    }
    ck_assert_int_eq(ask(CLIENT, 999, "a", NEVER), ERROR_QUOTA);
    requests_expire(requests, 0);
    (void)expect_answer(ANSWER_CONNECT, SERVER + 1, 0, ERROR_TIMEOUT);
    ck_assert_int_eq(ask(CLIENT, 999, "a", NEVER), 0);
    for (uint32_t i = 0; i <= CM_LISTENS_PER_ENTITY_MAX; i++) {
        ck_assert_int_eq(requests_listen(requests, CLIENT, i, NEVER),
                         i < CM_LISTENS_PER_ENTITY_MAX ? 0 : ERROR_QUOTA);
    }
}
END_TEST

/* What is still to be answered in the random run, by number. */
static struct {
    size_t entity;
    bool is_open;
} waits[STEPS];

/* take_answers() - each must be one that is waited for, and comes once */
static size_t take_answers(void)
{
    struct cm_answer answer;
    size_t n = 0;

    while (requests_take_answer(requests, &answer)) {
        ck_assert(waits[answer.number].is_open);
        ck_assert_uint_eq(waits[answer.number].entity, answer.entity);
        waits[answer.number].is_open = false;
        n++;
    }
    return n;
}

/* step() - something at random. Return: how many waits it opened. */
static size_t step(uint32_t number, int64_t now_ns)
{
    static const char *const services[] = {"a", "b", "c", "d"};
    const char *service = services[rand() % 4];
    size_t entity = (size_t)rand() % 6;
    size_t server = 6 + (size_t)rand() % 3;
    int64_t deadline_ns = rand() % 4 == 0 ? NEVER : now_ns + rand() % 200;
    struct cm_request *request = requests_find(requests, server, entity, service);
    bool is_new = false;

    switch (rand() % 4) {
    case 0:
        is_new = requests_connect(requests, entity, number, server, service, deadline_ns) == 0;
        waits[number].entity = entity;
        break;
    case 1:
        is_new = requests_listen(requests, server, number, deadline_ns) == 0;
        waits[number].entity = server;
        break;
    case 2:
        if (request != NULL) {
            requests_answer(requests, request, rand() % 2 == 0 ? 0 : ERROR_DENIED, 1, 1);
        }
        break;
    default:
        requests_expire(requests, now_ns);
        break;
    }
    waits[number].is_open = is_new;
    return is_new ? 1 : 0;
}

START_TEST(every_wait_ends_once_whatever_happens)
{
    const uint32_t n_steps = check_rounds(STEPS);
    size_t n_opened = 0;
    size_t n_ended = 0;

    srand(1);
    for (uint32_t i = 0; i < n_steps; i++) {
        n_opened += step(i, i);
        n_ended += take_answers();
    }
    for (size_t server = 6; server < 9; server++) {
        requests_gone(requests, server);
    }
    n_ended += take_answers();
    for (uint32_t i = 0; i < n_steps; i++) {
        ck_assert(!waits[i].is_open || waits[i].entity >= 6); /* the servers' own listens */
        n_ended += waits[i].is_open;
    }
    ck_assert_uint_eq(n_ended, n_opened);
    ck_assert_int_eq(requests_deadline_ns(requests), NEVER);
}
END_TEST

START_TEST(who_may_not_ask_waits_and_the_server_does_not_hear_of_it)
{
    ck_assert_int_eq(requests_listen(requests, SERVER, 90, 5), 0);
    ck_assert_int_eq(requests_connect_unheard(requests, CLIENT, 1, SERVER, "a", 10), 0);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 2, "Nobody", "a", 20), 0);
    ck_assert_ptr_null(requests_find(requests, SERVER, CLIENT, "a"));
    requests_expire(requests, 9);
    expect_answer(ANSWER_LISTEN, SERVER, 90, ERROR_TIMEOUT);
    expect_no_answer();
    requests_expire(requests, 10);
    ck_assert(expect_answer(ANSWER_CONNECT, CLIENT, 1, ERROR_TIMEOUT).is_unheard);
    requests_expire(requests, 20);
    ck_assert(expect_answer(ANSWER_CONNECT, CLIENT, 2, ERROR_TIMEOUT).is_unheard);
    ck_assert_int_eq(requests_deadline_ns(requests), NEVER);
}
END_TEST

START_TEST(the_end_of_a_server_is_told_to_who_may_know_it_and_not_to_others)
{
    ck_assert_int_eq(requests_connect_unheard(requests, CLIENT, 1, SERVER, "a", NEVER), 0);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 2, "Server", "a", NEVER), 0);
    requests_gone(requests, SERVER);
    expect_answer(ANSWER_CONNECT, CLIENT, 1, ERROR_NOT_CONNECTED);
    expect_no_answer();
    ck_assert_int_eq(requests_connect_unheard(requests, CLIENT, 3, SERVER, "a", NEVER),
                     ERROR_NOT_FOUND);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 4, "Server", "b", NEVER), 0);
    requests_gone(requests, CLIENT);
    expect_no_answer();
}
END_TEST

START_TEST(the_same_twice_is_refused_whether_it_is_heard_or_not)
{
    ck_assert_int_eq(requests_connect_unheard(requests, CLIENT, 1, SERVER, "a", NEVER), 0);
    ck_assert_int_eq(requests_connect_unheard(requests, CLIENT, 2, SERVER, "a", NEVER),
                     ERROR_EXISTS);
    ck_assert_int_eq(ask(CLIENT, 3, "a", NEVER), ERROR_EXISTS);
    ck_assert_int_eq(ask(OTHER, 4, "a", NEVER), 0);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 5, "x", "a", NEVER), 0);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 6, "x", "a", NEVER), ERROR_EXISTS);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 7, "y", "a", NEVER), 0);
    ck_assert_int_eq(requests_connect_nobody(requests, CLIENT, 8, "x", "b", NEVER), 0);
}
END_TEST

START_TEST(who_is_not_heard_takes_no_room_from_others_and_has_none_of_its_own)
{
    char service[16];

    for (int i = 0; i < CM_REQUESTS_PER_SERVER_MAX; i++) {
        snprintf(service, sizeof(service), "s%d", i);
        ck_assert_int_eq(
            requests_connect_unheard(requests, 3 + (size_t)i % 13, 1, SERVER, service, NEVER), 0);
    }
    ck_assert_int_eq(requests_connect_unheard(requests, OTHER, 2, SERVER, "more", NEVER),
                     ERROR_QUOTA);
    for (int i = 0; i < CM_REQUESTS_PER_CLIENT_MAX; i++) {
        snprintf(service, sizeof(service), "s%d", i);
        ck_assert_int_eq(ask(CLIENT, 3, service, NEVER), 0);
        ck_assert_int_eq(requests_connect_nobody(requests, OTHER, 4, "x", service, NEVER), 0);
    }
    ck_assert_int_eq(ask(CLIENT, 5, "more", NEVER), ERROR_QUOTA);
    ck_assert_int_eq(requests_connect_nobody(requests, OTHER, 6, "x", "more", NEVER), ERROR_QUOTA);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("requests");
    TCase *cases = tcase_create("requests");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, listening_peeks_and_rotates);
    tcase_add_test(cases, each_waiting_listener_is_told_of_another_request);
    tcase_add_test(cases, a_request_is_known_by_client_and_service);
    tcase_add_test(cases, time_is_over_at_the_deadline_and_not_before);
    tcase_add_test(cases, who_is_gone_is_asked_and_told_nothing);
    tcase_add_test(cases, a_client_waits_for_so_much_and_not_more);
    tcase_add_test(cases, a_server_has_so_many_requests_and_listening_threads_and_not_more);
    tcase_add_test(cases, every_wait_ends_once_whatever_happens);
    tcase_add_test(cases, who_may_not_ask_waits_and_the_server_does_not_hear_of_it);
    tcase_add_test(cases, the_end_of_a_server_is_told_to_who_may_know_it_and_not_to_others);
    tcase_add_test(cases, the_same_twice_is_refused_whether_it_is_heard_or_not);
    tcase_add_test(cases, who_is_not_heard_takes_no_room_from_others_and_has_none_of_its_own);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

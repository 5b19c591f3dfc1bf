/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client can learn from being refused: two worlds, one in which a rule is missing and one in
 * which there is nothing to connect to, must answer the same to whatever the client does.
 */
#include "cm/cm.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"

enum {
    CLIENT,
    SERVER,
    OTHER,
    _N_ENTITIES,
};

#define STEPS 20000
#define RAW (UINT64_C(1) << 13)

static const char *const tasks[_N_ENTITIES] = {"Client", "Server", "Other"};

/* One connection manager, with all that it needs. */
struct world {
    struct holder *holders;
    struct backlog backlog;
    struct policy *policy;
    struct cm *cm;
    uint64_t held;
    unsigned n_events[CM_ENDED + 1];
    uint64_t missing;
    int result;
};

static struct world worlds[2];

static uint64_t held(void *data, size_t client)
{
    return client == CLIENT ? ((struct world *)data)->held : 0;
}

static void happened(void *data, const struct cm_event *event)
{
    struct world *world = data;

    world->n_events[event->kind]++;
    world->missing = event->missing;
    world->result = event->result;
}

/* begin() - a world with these rules; NULL: none, everybody may ask anybody */
static struct world *begin(struct world *world, const struct policy_rule *rules, size_t n_rules)
{
    memset(world, 0, sizeof(*world));
    TAILQ_INIT(&world->backlog);
    world->holders = holders_new(_N_ENTITIES);
    if (rules != NULL) {
        ck_assert_int_eq(policy_new(rules, n_rules, tasks, _N_ENTITIES, &world->policy), 0);
    }
    const struct cm_setup setup = {.n_entities = _N_ENTITIES,
                                   .tasks = tasks,
                                   .holders = world->holders,
                                   .backlog = &world->backlog,
                                   .n_to_spare = 100,
                                   .policy = world->policy,
                                   .hooks = {.held = held, .happened = happened, .data = world}};
    ck_assert_int_eq(cm_new(&setup, &world->cm), 0);
    return world;
}

static void teardown(void)
{
    for (int i = 0; i < 2; i++) {
        for (size_t e = 0; worlds[i].holders != NULL && e < _N_ENTITIES; e++) {
            handles_give_back(&worlds[i].holders[e]);
        }
        cm_free(worlds[i].cm);
        policy_free(worlds[i].policy);
        holders_free(worlds[i].holders, _N_ENTITIES);
        memset(&worlds[i], 0, sizeof(worlds[i]));
    }
}

static int ask(struct world *world, const char *server, const char *service, uint32_t timeout_ms)
{
    return cm_connect(world->cm, CLIENT, 1, server, service, timeout_ms, 0);
}

/* next_answer() - what the client is told, as one number; -1: nothing more */
static int64_t next_answer(struct world *world)
{
    struct cm_answer answer;

    while (cm_take_answer(world->cm, &answer)) {
        if (answer.entity == CLIENT) {
            return (int64_t)answer.number << 8 | answer.result;
        }
    }
    return -1;
}

static void expect_same_answers(void)
{
    int64_t answer;

    do {
        answer = next_answer(&worlds[0]);
        ck_assert_int_eq(next_answer(&worlds[1]), answer);
    } while (answer >= 0);
}

/* step() - the client asks for something in both worlds, or time passes */
static void step(uint32_t number, const char *first, const char *second, int64_t now_ns)
{
    static const char *const services[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
                                           "k", "l", "m", "n", "o", "p", "q", "r", "s", ""};
    static const uint32_t timeouts_ms[] = {0, 1, 5, 20, TIMEOUT_NEVER_MS};
    const char *service = services[(size_t)rand() % 20];
    uint32_t timeout_ms = timeouts_ms[(size_t)rand() % 5];

    int r = cm_connect(worlds[0].cm, CLIENT, number, first, service, timeout_ms, now_ns);
    ck_assert_int_eq(cm_connect(worlds[1].cm, CLIENT, number, second, service, timeout_ms, now_ns),
                     r);
    cm_expire(worlds[0].cm, now_ns);
    cm_expire(worlds[1].cm, now_ns);
    expect_same_answers();
    ck_assert_int_eq(cm_deadline_ns(worlds[0].cm), cm_deadline_ns(worlds[1].cm));
}

START_TEST(a_service_that_a_client_may_not_ask_for_is_like_one_that_nobody_listens_for)
{
    static const struct policy_rule rules[] = {{"Client", "Server", "other", 0}};

    begin(&worlds[0], rules, 1);
    begin(&worlds[1], NULL, 0);
    srand(1);
    for (uint32_t i = 0; i < STEPS; i++) {
        step(i, "Server", "Server", (int64_t)i * 100000);
    }
    cm_gone(worlds[0].cm, SERVER);
    cm_gone(worlds[1].cm, SERVER);
    expect_same_answers();
    ck_assert_int_eq(ask(&worlds[0], "Server", "a", 5), ERROR_NOT_FOUND);
    ck_assert_int_eq(ask(&worlds[1], "Server", "a", 5), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(a_server_that_a_client_may_not_ask_is_like_one_that_does_not_exist)
{
    static const struct policy_rule rules[] = {{"Client", "Other", "*", 0}};
    struct cm_accepted accepted;

    begin(&worlds[0], rules, 1);
    begin(&worlds[1], rules, 1);
    srand(2);
    for (uint32_t i = 0; i < STEPS; i++) {
        if (i % 100 == 0 && i < STEPS / 2) {
            ck_assert_int_eq(cm_listen(worlds[0].cm, SERVER, i, TIMEOUT_NEVER_MS, 0), 0);
        } else if (i == STEPS / 2) {
            ck_assert_int_eq(
                cm_accept(worlds[0].cm, SERVER, "Client", "a", 0, INVALID_HANDLE, &accepted),
                ERROR_NOT_FOUND);
            cm_gone(worlds[0].cm, SERVER);
        }
        step(i, "Server", "Nobody", (int64_t)i * 100000);
    }
}
END_TEST

START_TEST(the_server_of_a_refused_client_hears_nothing_of_it)
{
    struct world *world = begin(&worlds[0], (const struct policy_rule[]){{"*", "*", "yes", 0}}, 1);
    struct cm_answer answer;

    ck_assert_int_eq(cm_listen(world->cm, SERVER, 9, TIMEOUT_NEVER_MS, 0), 0);
    ck_assert_int_eq(ask(world, "Server", "no", 5), 0);
    ck_assert(!cm_take_answer(world->cm, &answer));
    ck_assert_int_eq(cm_drop(world->cm, SERVER, "Client", "no"), ERROR_NOT_FOUND);
    ck_assert_int_eq(ask(world, "Server", "yes", 5), 0);
    ck_assert(cm_take_answer(world->cm, &answer));
    ck_assert_str_eq(answer.service, "yes");
}
END_TEST

START_TEST(capabilities_count_at_the_time_of_asking)
{
    static const struct policy_rule rules[] = {{"Client", "Server", "*", RAW}};
    struct world *world = begin(&worlds[0], rules, 1);

    ck_assert_int_eq(ask(world, "Server", "a", 5), 0);
    ck_assert_uint_eq(world->missing, RAW);
    ck_assert_int_eq(cm_drop(world->cm, SERVER, "Client", "a"), ERROR_NOT_FOUND);
    world->held = RAW;
    ck_assert_int_eq(ask(world, "Server", "b", 5), 0);
    ck_assert_int_eq(cm_drop(world->cm, SERVER, "Client", "b"), 0);
    world->held = 0;
    ck_assert_int_eq(ask(world, "Server", "c", 5), 0);
    ck_assert_int_eq(cm_drop(world->cm, SERVER, "Client", "c"), ERROR_NOT_FOUND);
}
END_TEST

/* published() - what @entity sees of interface "t", from number 0, as "Server/a Other/b " */
static const char *published(struct world *world, size_t entity)
{
    static char text[256];
    const char *server;
    const char *service;

    text[0] = '\0';
    for (uint32_t i = 0; cm_enumerate(world->cm, entity, "t", i, &server, &service) == 0; i++) {
        strcat(strcat(strcat(strcat(text, server), "/"), service), " ");
    }
    return text;
}

START_TEST(only_what_may_be_asked_for_is_seen_and_what_is_ones_own)
{
    static const struct policy_rule rules[] = {
        {"Client", "Server", "a", 0}, {"Client", "Other", "*", RAW}, {"Other", "S*", "b*", 0}};
    struct world *world = begin(&worlds[0], rules, 3);

    ck_assert_int_eq(cm_publish(world->cm, SERVER, "t", "Server", "a"), 0);
    ck_assert_int_eq(cm_publish(world->cm, SERVER, "t", "Server", "bb"), 0);
    ck_assert_int_eq(cm_publish(world->cm, OTHER, "t", "Other", "c"), 0);
    ck_assert_str_eq(published(world, CLIENT), "Server/a ");
    ck_assert_str_eq(published(world, OTHER), "Server/bb Other/c ");
    ck_assert_str_eq(published(world, SERVER), "Server/a Server/bb ");
    world->held = RAW;
    ck_assert_str_eq(published(world, CLIENT), "Server/a Other/c ");
    ck_assert_int_eq(cm_publish(world->cm, CLIENT, "t", "Client", "d"), 0);
    ck_assert_str_eq(published(world, CLIENT), "Server/a Other/c Client/d ");
}
END_TEST

START_TEST(what_happens_is_reported_once)
{
    static const struct policy_rule rules[] = {{"*", "*", "yes", 0}};
    struct world *world = begin(&worlds[0], rules, 1);
    struct cm_accepted accepted;

    ck_assert_int_eq(ask(world, "Server", "no", 5), 0);
    cm_expire(world->cm, INT64_MAX - 1);
    ck_assert_int_gt(next_answer(world), 0);
    ck_assert_int_eq(ask(world, "Server", "yes", 5), 0);
    ck_assert_int_eq(cm_drop(world->cm, SERVER, "Client", "yes"), 0);
    ck_assert_int_gt(next_answer(world), 0);
    ck_assert_int_eq(world->result, ERROR_DENIED);
    ck_assert_int_eq(ask(world, "Nobody", "yes", 5), ERROR_NOT_FOUND);
    ck_assert_int_eq(world->result, ERROR_NOT_FOUND);
    ck_assert_int_eq(ask(world, "Server", "yes", 5), 0);
    ck_assert_int_eq(cm_accept(world->cm, SERVER, "Client", "yes", 0, INVALID_HANDLE, &accepted),
                     0);
    fd_close(accepted.fd);
    ck_assert_uint_eq(world->n_events[CM_ENDED], 0);
    handles_give_back(&world->holders[SERVER]);
    handles_give_back(&world->holders[CLIENT]);
    ck_assert_uint_eq(world->n_events[CM_ASKED], 4);
    ck_assert_uint_eq(world->n_events[CM_FORBIDDEN], 1);
    ck_assert_uint_eq(world->n_events[CM_FAILED], 2);
    ck_assert_uint_eq(world->n_events[CM_MADE], 1);
    ck_assert_uint_eq(world->n_events[CM_ENDED], 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cm/refusals");
    TCase *cases = tcase_create("refusals");

    tcase_add_checked_fixture(cases, NULL, teardown);
    tcase_add_test(cases,
                   a_service_that_a_client_may_not_ask_for_is_like_one_that_nobody_listens_for);
    tcase_add_test(cases, a_server_that_a_client_may_not_ask_is_like_one_that_does_not_exist);
    tcase_add_test(cases, the_server_of_a_refused_client_hears_nothing_of_it);
    tcase_add_test(cases, capabilities_count_at_the_time_of_asking);
    tcase_add_test(cases, only_what_may_be_asked_for_is_seen_and_what_is_ones_own);
    tcase_add_test(cases, what_happens_is_reported_once);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

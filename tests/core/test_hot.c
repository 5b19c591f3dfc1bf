/* SPDX-License-Identifier: Apache-2.0 */
/* Which of many clients is served next, and what they are advised. There are no clients: the test
 * writes into their memories. */
#include "core/hot.h"

#include <sys/mman.h>

#include "core/spin.h"
#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

#define CLIENTS_MAX 16
#define TURN 256

static struct hot_set hot;
static struct served served[CLIENTS_MAX];

/* add() - hot channels, with clients on @cpu */
static void add(size_t n, uint32_t cpu)
{
    ck_assert_int_eq(hot_reserve(&hot, CLIENTS_MAX), 0);
    for (size_t i = 0; i < n; i++) {
        void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        ck_assert_ptr_ne(memory, MAP_FAILED);
        served[i] =
            (struct served){.refs = 1, .shared = {.memory = memory, .bell = -1, .client_cpu = cpu}};
        hot_insert(&hot, &served[i]);
    }
}

/* call() - publish a request */
static void call(struct served *client)
{
    client->shared.memory->slots[0].request.sequence++;
}

/* answer() - the request that is found next. Return: whose it was; NULL: there is none. */
static struct served *answer(void)
{
    struct found found = {0};

    if (!hot_find(&hot, &found)) {
        return NULL;
    }
    struct shared_server *server = &found.served->shared;
    server->last[0] = server->memory->slots[0].request.sequence;
    server->is_busy[0] = false;
    found.served->refs--;
    return found.served;
}

/* serve() - @n requests of one client. Return: what it was advised with the last reply. */
static enum shared_advice serve(struct served *client, unsigned n)
{
    while (n-- > 0) {
        call(client);
        ck_assert_ptr_eq(answer(), client);
    }
    return client->shared.advice;
}

/* elsewhere() - any CPU but this one, on which the test stays */
static uint32_t elsewhere(void)
{
    cpus_set(cpus_only(spin_cpu()));
    return spin_cpu() + 1;
}

static void setup(void)
{
    hot_init(&hot);
}

static void teardown(void)
{
    for (size_t i = 0; i < CLIENTS_MAX; i++) {
        if (served[i].shared.memory != NULL) {
            (void)munmap(served[i].shared.memory, sizeof(struct shared));
        }
    }
    hot_deinit(&hot);
}

START_TEST(all_who_have_a_request_are_served_once_before_anybody_is_served_twice)
{
    add(16, elsewhere());
    for (int round = 0; round < 8; round++) {
        bool is_served[16] = {false};
        for (size_t i = 0; i < 16; i++) {
            call(&served[i]);
        }
        for (size_t i = 0; i < 16; i++) {
            struct served *client = answer();
            ck_assert_ptr_nonnull(client);
            ck_assert(!is_served[client - served]);
            is_served[client - served] = true;
            call(client);
        }
        while (answer() != NULL) {
        }
    }
}
END_TEST

START_TEST(a_client_alone_is_advised_nothing)
{
    add(1, elsewhere());
    hot.is_busy = true;
    for (int i = 0; i < 4 * TURN; i++) {
        ck_assert_int_eq(serve(&served[0], 1), SHARED_ADVICE_NONE);
    }
}
END_TEST

START_TEST(whose_turn_is_over_sleeps_once_and_is_served_all_the_same)
{
    add(2, elsewhere());
    for (int turn = 0; turn < 4; turn++) {
        struct served *client = &served[turn % 2];
        ck_assert_int_eq(serve(client, TURN - 1), SHARED_ADVICE_NONE);
        ck_assert_int_eq(serve(client, 1), SHARED_ADVICE_SLEEP);
        ck_assert_int_eq(serve(client, 1), SHARED_ADVICE_NONE);
        call(client);
        call(&served[(turn + 1) % 2]);
        ck_assert_ptr_nonnull(answer());
        ck_assert_ptr_nonnull(answer());
    }
}
END_TEST

START_TEST(clients_leave_the_servers_cpu_to_it_only_while_it_is_busy)
{
    (void)elsewhere();
    add(2, spin_cpu());
    ck_assert_int_eq(serve(&served[0], 4 * TURN), SHARED_ADVICE_NONE);
    hot.is_busy = true;
    ck_assert_int_eq(serve(&served[0], 1), SHARED_ADVICE_PART);
    hot.is_busy = false;
    ck_assert_int_eq(serve(&served[0], 1), SHARED_ADVICE_NONE);
}
END_TEST

START_TEST(a_server_is_busy_when_every_other_look_finds_something_and_it_does_not_rest)
{
    add(2, elsewhere());
    hot_see_whether_busy(&hot, 64);
    ck_assert(!hot.is_busy);
    (void)serve(&served[0], 31);
    hot_see_whether_busy(&hot, 64);
    ck_assert(!hot.is_busy);
    (void)serve(&served[0], 32);
    hot_see_whether_busy(&hot, 64);
    ck_assert(hot.is_busy);
    (void)serve(&served[0], 32);
    ck_assert(hot_cool(&hot, SHARED_BELL_WAKE));
    hot_see_whether_busy(&hot, 64);
    ck_assert(!hot.is_busy);
}
END_TEST

START_TEST(whoever_shares_the_servers_cpu_takes_no_turns)
{
    (void)elsewhere();
    add(2, spin_cpu());
    hot.is_busy = true;
    for (int i = 0; i < 4 * TURN; i++) {
        ck_assert_int_eq(serve(&served[0], 1), SHARED_ADVICE_PART);
    }
}
END_TEST

START_TEST(the_only_one_that_is_hot_need_not_leave_the_servers_cpu)
{
    (void)elsewhere();
    add(2, spin_cpu());
    hot.is_busy = true;
    ck_assert(hot_cool(&hot, SHARED_BELL_WAKE));
    hot_heat(&hot, &served[0]);
    ck_assert_int_eq(serve(&served[0], 1), SHARED_ADVICE_NONE);
    hot_heat(&hot, &served[1]);
    ck_assert_int_eq(serve(&served[0], 1), SHARED_ADVICE_PART);
}
END_TEST

START_TEST(a_channel_that_ends_in_its_turn_leaves_the_others_as_they_were)
{
    add(3, elsewhere());
    (void)serve(&served[0], TURN - 1);
    hot_remove(&hot, &served[0]);
    ck_assert_int_eq(serve(&served[1], TURN - 1), SHARED_ADVICE_NONE);
    ck_assert_int_eq(serve(&served[1], 1), SHARED_ADVICE_SLEEP);
    hot_remove(&hot, &served[1]);
    ck_assert_int_eq(serve(&served[2], TURN), SHARED_ADVICE_NONE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hot");
    TCase *cases = tcase_create("hot");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, all_who_have_a_request_are_served_once_before_anybody_is_served_twice);
    tcase_add_test(cases, a_client_alone_is_advised_nothing);
    tcase_add_test(cases, whose_turn_is_over_sleeps_once_and_is_served_all_the_same);
    tcase_add_test(cases, clients_leave_the_servers_cpu_to_it_only_while_it_is_busy);
    tcase_add_test(cases,
                   a_server_is_busy_when_every_other_look_finds_something_and_it_does_not_rest);
    tcase_add_test(cases, whoever_shares_the_servers_cpu_takes_no_turns);
    tcase_add_test(cases, the_only_one_that_is_hot_need_not_leave_the_servers_cpu);
    tcase_add_test(cases, a_channel_that_ends_in_its_turn_leaves_the_others_as_they_were);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

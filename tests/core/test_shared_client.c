/* SPDX-License-Identifier: Apache-2.0 */
/* What a server advises its clients, and what they do about it. */
#include "core/shared_client.h"

#include <pthread.h>
#include <sched.h>

#include "core/futex.h"
#include "tests/support/check_main.h"
#include "tests/support/cpus.h"
#include "tests/support/halves.h"

/* advised_call() - halves_call(), after which the thread may run where it did before */
static void *advised_call(void *unused)
{
    const cpu_set_t before = cpus_now();
    void *r = halves_call(unused);
    const cpu_set_t after = cpus_now();

    ck_assert(CPU_EQUAL(&before, &after));
    return r;
}

/* reply_from() - what a server may write into the first slot */
static void reply_from(uint32_t cpu, uint32_t advice)
{
    struct shared_slot *slot = &front.memory->slots[0];

    atomic_store(&slot->server.cpu, cpu);
    atomic_store(&slot->server.advice, advice);
    shared_line_write(&slot->reply, &(struct frame_head){.flags = FRAME_REPLY});
    atomic_store(&back.is_busy[0], false);
    atomic_store(&slot->reply.sequence, back.last[0]);
    futex_wake(&slot->reply.sequence);
}

START_TEST(whatever_a_server_advises_calls_are_made_and_threads_may_run_where_they_might)
{
    const uint32_t advice[] = {SHARED_ADVICE_PART, SHARED_ADVICE_SLEEP, SHARED_ADVICE_SLEEP + 1,
                               UINT32_MAX};
    const uint32_t cpus[] = {0, 1, CPU_SETSIZE - 1, UINT32_MAX};

    for (size_t i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
        struct incoming request;
        pthread_t thread;
        void *r;
        pthread_create(&thread, NULL, advised_call, NULL);
        halves_await_request();
        ck_assert_int_eq(shared_server_take(&back, 0, &request), 0);
        incoming_deinit(&request);
        reply_from(cpus[i], advice[_i]);
        pthread_join(thread, &r);
        ck_assert_int_eq((int)(intptr_t)r, 0);
        shared_client_give_back(&front, 0);
    }
}
END_TEST

START_TEST(a_client_is_told_with_each_reply_what_the_server_advises)
{
    const struct frame_head head = {.flags = FRAME_REPLY};
    const uint32_t advice[] = {SHARED_ADVICE_PART, SHARED_ADVICE_SLEEP, SHARED_ADVICE_NONE};

    for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++) {
        atomic_store(&back.advice, advice[i]);
        ck_assert(shared_server_reply(&back, 0, &head, NULL));
        ck_assert_uint_eq(atomic_load(&front.memory->slots[0].server.advice), advice[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shared client");
    TCase *cases = tcase_create("advice");

    tcase_add_checked_fixture(cases, halves_setup, halves_teardown);
    tcase_add_test(cases, a_client_is_told_with_each_reply_what_the_server_advises);
    tcase_add_loop_test(
        cases, whatever_a_server_advises_calls_are_made_and_threads_may_run_where_they_might, 0, 4);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

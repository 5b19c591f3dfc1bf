/* SPDX-License-Identifier: Apache-2.0 */
/* lock.c: a lock that costs no system call unless somebody waits. */
#include "core/lock.h"

#include <pthread.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define THREADS 8
#define ROUNDS 20000
#define LOOK_US 1000

static struct lock lock;
static unsigned long count;

static void *count_on(void *n_rounds)
{
    for (unsigned i = 0; i < *(const unsigned *)n_rounds; i++) {
        lock_take(&lock);
        count++;
        lock_leave(&lock);
    }
    return NULL;
}

static void run(unsigned *n_rounds, pthread_t threads[THREADS])
{
    for (unsigned i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, count_on, n_rounds), 0);
    }
}

static void join(pthread_t threads[THREADS])
{
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

START_TEST(one_thread_at_a_time_has_it)
{
    pthread_t threads[THREADS];
    unsigned n_rounds = ROUNDS;

    run(&n_rounds, threads);
    join(threads);
    ck_assert_uint_eq(count, THREADS * ROUNDS);
    ck_assert_uint_eq(lock.state, LOCK_FREE);
}
END_TEST

START_TEST(whoever_sleeps_until_it_is_free_gets_it)
{
    pthread_t threads[THREADS];
    unsigned n_rounds = 1;

    lock_take(&lock);
    run(&n_rounds, threads);
    while (lock.state != LOCK_WANTED) {
        usleep(LOOK_US);
    }
    ck_assert_uint_eq(count, 0);
    lock_leave(&lock);
    join(threads);
    ck_assert_uint_eq(count, THREADS);
}
END_TEST

START_TEST(nobody_is_woken_where_nobody_waits)
{
    lock_take(&lock);
    ck_assert_uint_eq(lock.state, LOCK_TAKEN);
    lock_leave(&lock);
    ck_assert_uint_eq(lock.state, LOCK_FREE);
}
END_TEST

static void setup(void)
{
    count = 0;
}

int main(void)
{
    Suite *suite = suite_create("lock");
    TCase *cases = tcase_create("lock");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, one_thread_at_a_time_has_it);
    tcase_add_test(cases, whoever_sleeps_until_it_is_free_gets_it);
    tcase_add_test(cases, nobody_is_woken_where_nobody_waits);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

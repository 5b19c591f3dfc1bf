/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that the program they are in does not notice. */
#include "core/background.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "tests/support/check_main.h"

/* What a thread says of itself when it may. */
static struct {
    sem_t may_look;
    sem_t is_done;
    sigset_t blocked;
    char name[16];
    void *argument;
} seen;

static void *look(void *argument)
{
    while (sem_wait(&seen.may_look) != 0) {
    }
    (void)pthread_sigmask(SIG_SETMASK, NULL, &seen.blocked);
    (void)pthread_getname_np(pthread_self(), seen.name, sizeof(seen.name));
    seen.argument = argument;
    sem_post(&seen.is_done);
    return NULL;
}

static void begin(size_t stack_bytes, void *argument)
{
    ck_assert_int_eq(sem_init(&seen.may_look, 0, 0), 0);
    ck_assert_int_eq(sem_init(&seen.is_done, 0, 0), 0);
    ck_assert_int_eq(background_start("fifteen-letters", stack_bytes, look, argument), 0);
    ck_assert_int_eq(sem_post(&seen.may_look), 0);
    ck_assert_int_eq(sem_wait(&seen.is_done), 0);
}

START_TEST(no_signal_of_the_programs_reaches_it)
{
    const size_t stacks[] = {0, 64u << 10};
    sigset_t before;
    sigset_t after;
    int here;

    (void)pthread_sigmask(SIG_SETMASK, NULL, &before);
    begin(stacks[_i], &here);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &after);
    ck_assert_ptr_eq(seen.argument, &here);
    for (int number = 1; number < SIGRTMAX; number++) {
        bool is_ours = number == SIGKILL || number == SIGSTOP ||
                       (number >= __SIGRTMIN && number < SIGRTMIN); /* pthreads', or no signal's */
        ck_assert(is_ours || sigismember(&seen.blocked, number) == 1);
        ck_assert_int_eq(sigismember(&before, number), sigismember(&after, number));
    }
}
END_TEST

START_TEST(it_has_the_name_that_it_was_given)
{
    begin(0, NULL);
    ck_assert_str_eq(seen.name, "fifteen-letters");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("background");
    TCase *cases = tcase_create("background");

    tcase_add_loop_test(cases, no_signal_of_the_programs_reaches_it, 0, 2);
    tcase_add_test(cases, it_has_the_name_that_it_was_given);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

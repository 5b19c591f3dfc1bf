/* SPDX-License-Identifier: Apache-2.0 */
/* Being told about descriptors, until one has heard. */
#include "core/lookout.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/fd.h"
#include "tests/support/check_main.h"

/*
 * One who is told.
 * @n_told:  how often; @n_ready: of those, because of the descriptor
 * @n_deaf:  how often that is not enough
 */
struct hearer {
    struct lookout_watch watch;
    atomic_int n_told;
    atomic_int n_ready;
    atomic_int n_deaf;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct hearer one;
static struct hearer other;
static int ends[2];
static int bell[2];

static bool hear(struct lookout_watch *watch, bool is_ready)
{
    struct hearer *hearer = (struct hearer *)watch;

    pthread_mutex_lock(&lock);
    hearer->n_told++;
    hearer->n_ready += is_ready;
    bool is_awake = hearer->n_told > hearer->n_deaf;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return is_awake;
}

/* await_told() - until @hearer has been told @n times */
static void await_told(const struct hearer *hearer, int n)
{
    pthread_mutex_lock(&lock);
    while (hearer->n_told < n) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

/* pass() - whatever the lookout had to do when this is called, it has done */
static void pass(void)
{
    int n = other.n_told;

    lookout_insist(&other.watch);
    await_told(&other, n + 1);
}

static void setup(void)
{
    one = (struct hearer){0};
    other = (struct hearer){0};
    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(fd_pair(bell), 0);
    lookout_attend(bell[0]);
    one.watch = (struct lookout_watch){.tell = hear, .fd = ends[0]};
    other.watch = (struct lookout_watch){.tell = hear, .fd = eventfd(0, EFD_CLOEXEC)};
    ck_assert_int_eq(lookout_begin(&one.watch), 0);
    ck_assert_int_eq(lookout_begin(&other.watch), 0);
}

static void teardown(void)
{
    lookout_end(&one.watch);
    lookout_end(&other.watch);
    fd_close(other.watch.fd);
    for (int i = 0; i < 2; i++) {
        fd_close(ends[i]);
        fd_close(bell[i]);
    }
}

START_TEST(a_peer_that_hangs_up_is_reported_once)
{
    ends[1] = fd_close(ends[1]);
    await_told(&one, 1);
    pass();
    pass();
    ck_assert_int_eq(one.n_told, 1);
    ck_assert_int_eq(one.n_ready, 1);
}
END_TEST

START_TEST(messages_are_of_no_interest_to_who_did_not_ask_for_them)
{
    ck_assert_int_eq(send(ends[1], "x", 1, 0), 1);
    pass();
    ck_assert_int_eq(one.n_told, 0);
}
END_TEST

START_TEST(an_event_is_reported_once_each_time_that_it_is_asked_for_even_if_it_was_there_before)
{
    ck_assert_int_eq(send(ends[1], "x", 1, 0), 1);
    for (int n = 1; n <= 3; n++) {
        lookout_rearm(&one.watch, EPOLLIN);
        await_told(&one, n);
        pass();
        ck_assert_int_eq(one.n_told, n);
        ck_assert_int_eq(one.n_ready, n);
    }
}
END_TEST

START_TEST(who_has_not_heard_is_told_again)
{
    one.n_deaf = 5;
    ends[1] = fd_close(ends[1]);
    await_told(&one, 6);
    pass();
    ck_assert_int_eq(one.n_told, 6);
    ck_assert_int_eq(one.n_ready, 1);
}
END_TEST

START_TEST(anybody_can_insist)
{
    lookout_insist(&one.watch);
    await_told(&one, 1);
    pass();
    ck_assert_int_eq(one.n_told, 1);
    ck_assert_int_eq(one.n_ready, 0);
}
END_TEST

START_TEST(the_brokers_bell_is_for_everybody)
{
    ck_assert_int_eq(send(bell[1], "", 1, 0), 1);
    await_told(&one, 1);
    await_told(&other, 1);
    bell[1] = fd_close(bell[1]); /* the broker's end is no news of a word */
    pass();
    lookout_insist(&one.watch);
    await_told(&one, 2);
}
END_TEST

START_TEST(nobody_is_told_after_the_end)
{
    lookout_end(&one.watch);
    lookout_end(&one.watch);
    ends[1] = fd_close(ends[1]);
    lookout_insist(&one.watch);
    pass();
    ck_assert_int_eq(one.n_told, 0);
}
END_TEST

START_TEST(what_never_began_can_be_ended_and_insisted_on)
{
    struct hearer never = {.watch = {.tell = hear, .fd = -1}};

    ck_assert_int_ne(lookout_begin(&never.watch), 0);
    lookout_insist(&never.watch);
    lookout_end(&never.watch);
    pass();
    ck_assert_int_eq(never.n_told, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lookout");
    TCase *cases = tcase_create("lookout");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 30);
    tcase_add_test(cases, a_peer_that_hangs_up_is_reported_once);
    tcase_add_test(cases, messages_are_of_no_interest_to_who_did_not_ask_for_them);
    tcase_add_test(
        cases,
        an_event_is_reported_once_each_time_that_it_is_asked_for_even_if_it_was_there_before);
    tcase_add_test(cases, who_has_not_heard_is_told_again);
    tcase_add_test(cases, anybody_can_insist);
    tcase_add_test(cases, the_brokers_bell_is_for_everybody);
    tcase_add_test(cases, nobody_is_told_after_the_end);
    tcase_add_test(cases, what_never_began_can_be_ended_and_insisted_on);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

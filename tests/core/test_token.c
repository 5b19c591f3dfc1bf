/* SPDX-License-Identifier: Apache-2.0 */
/* Who has a request that went over the socket. */
#include "core/token.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "tests/support/check_main.h"

#define ROUNDS 2000

START_TEST(a_token_can_be_taken_once)
{
    int token;

    ck_assert_int_eq(token_new(&token), 0);
    ck_assert_int_eq(token_take(token), 0);
    ck_assert_int_eq(token_take(token), ERROR_INTERRUPTED);
    fd_close(token);
}
END_TEST

static int shared_token;
static pthread_barrier_t barrier;

static void *take(void *unused)
{
    uintptr_t n_taken = 0;

    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_barrier_wait(&barrier);
        n_taken += token_take(shared_token) == 0;
        pthread_barrier_wait(&barrier);
    }
    return (void *)n_taken;
}

START_TEST(of_two_who_take_it_at_once_one_has_it)
{
    pthread_t threads[2];
    uintptr_t n_taken = 0;

    pthread_barrier_init(&barrier, NULL, 3);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, take, NULL);
    }
    for (int i = 0; i < ROUNDS; i++) {
        ck_assert_int_eq(token_new(&shared_token), 0);
        pthread_barrier_wait(&barrier);
        pthread_barrier_wait(&barrier);
        fd_close(shared_token);
    }
    for (int i = 0; i < 2; i++) {
        void *result;
        pthread_join(threads[i], &result);
        n_taken += (uintptr_t)result;
    }
    pthread_barrier_destroy(&barrier);
    ck_assert_uint_eq(n_taken, ROUNDS);
}
END_TEST

START_TEST(who_makes_it_wait_for_ever_is_not_waited_for)
{
    int token;

    ck_assert_int_eq(token_new(&token), 0);
    ck_assert_int_eq(fcntl(token, F_SETFL, 0), 0); /* what a peer may do to it */
    ck_assert_int_eq(token_take(token), 0);
    ck_assert_int_eq(token_take(token), ERROR_INTERRUPTED);
    fd_close(token);
}
END_TEST

START_TEST(what_is_no_token_cannot_be_taken_and_is_not_waited_for)
{
    int ends[2];
    int sockets[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    const int others[] = {ends[0],
                          ends[1],
                          sockets[0],
                          open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
                          open("/dev/zero", O_RDONLY | O_CLOEXEC),
                          open("/", O_RDONLY | O_CLOEXEC),
                          epoll_create1(EPOLL_CLOEXEC)};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ck_assert_int_eq(token_take(others[i]), ERROR_BAD_MESSAGE);
        fd_close(others[i]);
    }
    fd_close(sockets[1]);
    ck_assert_int_eq(token_take(-1), ERROR_BAD_MESSAGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("token");
    TCase *cases = tcase_create("token");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_token_can_be_taken_once);
    tcase_add_test(cases, of_two_who_take_it_at_once_one_has_it);
    tcase_add_test(cases, who_makes_it_wait_for_ever_is_not_waited_for);
    tcase_add_test(cases, what_is_no_token_cannot_be_taken_and_is_not_waited_for);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

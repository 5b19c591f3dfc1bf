/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/held.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/fd.h"
#include "tests/support/check_main.h"

static const cap_value_t declared[] = {CAP_NET_RAW, CAP_SYS_TIME};

/* A child that waits to be killed, with the capabilities that we have. */
static pid_t child;
static int pidfd;

static void setup(void)
{
    child = fork();
    if (child == 0) {
        (void)pause();
        _exit(0);
    }
    ck_assert_int_gt(child, 0);
    pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    ck_assert_int_ge(pidfd, 0);
}

static void end_child(void)
{
    if (child > 0) {
        (void)kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        child = -1;
    }
}

static void teardown(void)
{
    end_child();
    pidfd = fd_close(pidfd);
}

/* we_hold() - those of @capabilities that are effective here */
static uint64_t we_hold(const cap_value_t *capabilities, size_t n)
{
    cap_t sets = cap_get_proc();
    uint64_t bits = 0;

    for (size_t i = 0; i < n; i++) {
        cap_flag_value_t value;
        ck_assert_int_eq(cap_get_flag(sets, capabilities[i], CAP_EFFECTIVE, &value), 0);
        bits |= value == CAP_SET ? UINT64_C(1) << capabilities[i] : 0;
    }
    cap_free(sets);
    return bits;
}

START_TEST(capabilities_are_bits)
{
    ck_assert_uint_eq(held_bits(NULL, 0), 0);
    ck_assert_uint_eq(held_bits(declared, 2), UINT64_C(1) << CAP_NET_RAW | UINT64_C(1)
                                                                               << CAP_SYS_TIME);
}
END_TEST

START_TEST(what_is_held_and_declared_counts)
{
    ck_assert_uint_eq(held_by_process(child, pidfd, declared, 2), we_hold(declared, 2));
    ck_assert_uint_eq(held_by_process(child, pidfd, declared, 1), we_hold(declared, 1));
    ck_assert_uint_eq(held_by_process(child, pidfd, NULL, 0), 0);
}
END_TEST

START_TEST(a_process_that_has_ended_holds_nothing_whoever_has_its_number)
{
    end_child();
    ck_assert_uint_eq(held_by_process(getpid(), pidfd, declared, 2), 0);
    ck_assert_uint_eq(held_by_process(getpid(), -1, declared, 2), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("broker/held");
    TCase *cases = tcase_create("held");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, capabilities_are_bits);
    tcase_add_test(cases, what_is_held_and_declared_counts);
    tcase_add_test(cases, a_process_that_has_ended_holds_nothing_whoever_has_its_number);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

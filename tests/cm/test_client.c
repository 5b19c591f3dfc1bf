/* SPDX-License-Identifier: Apache-2.0 */
/* What programs call, without a broker. */
#include <capchan/ConnectionManager.idl.h>
#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/task/task_api.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "core/limits.h"
#include "tests/support/check_main.h"

static void on_alarm(int number)
{
    (void)number;
}

START_TEST(sleep_lasts_as_long_as_it_should_whatever_signals_come)
{
    const struct itimerval often = {.it_interval.tv_usec = 3000, .it_value.tv_usec = 3000};
    const struct sigaction action = {.sa_handler = on_alarm};

    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
    rtl_uint64_t before = KnGetMSecSinceStart();
    ck_assert_int_eq(KnSleep(0), rcOk);
    ck_assert_int_eq(KnSleep(50), rcOk);
    ck_assert_uint_ge(KnGetMSecSinceStart() - before, 49);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL), 0);
}
END_TEST

START_TEST(without_a_broker_there_are_no_names_and_no_channels)
{
    char text[1024] = "unchanged";
    Handle handle = 7;
    rtl_uint32_t riid = 7;
    NsHandle ns = 7;

    ck_assert_int_eq(KnTaskGetName(text, sizeof(text)), rcNotReady);
    ck_assert_int_eq(KnTaskGetName(NULL, 0), rcInvalidArgument);
    ck_assert_int_eq(KnCmConnect("a", "b", INFINITE_TIMEOUT, &handle, &riid), rcNotReady);
    ck_assert_int_eq(KnCmConnect(NULL, "b", 0, &handle, &riid), rcInvalidArgument);
    ck_assert_int_eq(KnCmConnect("a", NULL, 0, &handle, &riid), rcInvalidArgument);
    ck_assert_int_eq(KnCmConnect("a", "b", 0, NULL, &riid), rcInvalidArgument);
    ck_assert_int_eq(KnCmConnect("a", "b", 0, &handle, NULL), rcInvalidArgument);
    ck_assert_int_eq(KnCmListen("any", INFINITE_TIMEOUT, text, text), rcNotReady);
    ck_assert_int_eq(KnCmListen(NULL, 0, NULL, text), rcInvalidArgument);
    ck_assert_int_eq(KnCmListen(NULL, 0, text, NULL), rcInvalidArgument);
    ck_assert_int_eq(KnCmAccept("a", "b", 0, INVALID_HANDLE, &handle), rcNotReady);
    ck_assert_int_eq(KnCmAccept(NULL, "b", 0, INVALID_HANDLE, &handle), rcInvalidArgument);
    ck_assert_int_eq(KnCmAccept("a", NULL, 0, INVALID_HANDLE, &handle), rcInvalidArgument);
    ck_assert_int_eq(KnCmAccept("a", "b", 0, INVALID_HANDLE, NULL), rcInvalidArgument);
    ck_assert_int_eq(KnCmDrop("a", "b"), rcNotReady);
    ck_assert_int_eq(KnCmDrop(NULL, "b"), rcInvalidArgument);
    ck_assert_int_eq(KnCmDrop("a", NULL), rcInvalidArgument);
    ck_assert_int_eq(NsCreate(NULL, INFINITE_TIMEOUT, &ns), rcNotReady);
    ck_assert_int_eq(NsCreate(NULL, INFINITE_TIMEOUT, NULL), rcInvalidArgument);
    ck_assert_int_eq(NsPublishService(NS_INVALID_HANDLE, "a", "b", "c"), rcInvalidArgument);
    ck_assert_int_eq(NsUnPublishService(0, "a", "b", "c"), rcInvalidArgument);
    ck_assert_int_eq(NsEnumServices(0, "a", 0, text, 5, text, 5), rcInvalidArgument);
    ck_assert_uint_eq(handle, 7);
    ck_assert_uint_eq(riid, 7);
    ck_assert_uint_eq(ns, 7);
    ck_assert_str_eq(text, "unchanged");
}
END_TEST

START_TEST(buffers_of_the_published_size_hold_the_longest_name_and_its_nul)
{
    ck_assert_uint_eq(kl_core_Types_UCoreStringSize, 1024);
    ck_assert_uint_eq(kl_core_Types_UCoreStringSize, LOCATOR_NAME_BYTES_MAX + 1);
    ck_assert_uint_eq(capchan_ConnectionManager_NameBytes, LOCATOR_NAME_BYTES_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client");
    TCase *cases = tcase_create("client");

    tcase_add_test(cases, sleep_lasts_as_long_as_it_should_whatever_signals_come);
    tcase_add_test(cases, without_a_broker_there_are_no_names_and_no_channels);
    tcase_add_test(cases, buffers_of_the_published_size_hold_the_longest_name_and_its_nul);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

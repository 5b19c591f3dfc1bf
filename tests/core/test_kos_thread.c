/* SPDX-License-Identifier: Apache-2.0 */
/* Threads by number, with real ones. */
#include <kos/event.h>
#include <kos/thread.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "tests/support/check_main.h"

#define SOON_MS 50u
#define LONG_MS 20000u

static atomic_int calls;
static _Atomic Tid seen;

static void setup(void)
{
    calls = 0;
}

static int count_once(void *context)
{
    seen = KosThreadCurrentId();
    atomic_fetch_add(&calls, *(int *)context);
    return 7;
}

static int stay(void *context)
{
    return KosEventWait((KosEvent *)context);
}

START_TEST(a_thread_runs_with_its_context_and_can_be_waited_for_more_than_once)
{
    int three = 3;
    Tid tid = 0;

    ck_assert_int_eq(KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, count_once,
                                     &three, KOS_THREAD_RUN),
                     rcOk);
    ck_assert_int_eq(KosThreadWait(tid, INFINITE_TIMEOUT), rcOk);
    ck_assert_int_eq(KosThreadWait(tid, 0), rcOk);
    ck_assert_int_eq(calls, 3);
    ck_assert_uint_eq(seen, tid);
    ck_assert_uint_ne(KosThreadCurrentId(), tid);
    ck_assert_uint_eq(KosThreadCurrentId(), KosThreadCurrentId());
}
END_TEST

START_TEST(a_suspended_thread_runs_when_it_is_resumed_and_not_before)
{
    int one = 1;
    Tid tid = 0;

    ck_assert_int_eq(
        KosThreadCreate(&tid, ThreadPriorityLowest, 4096, count_once, &one, KOS_THREAD_SUSPENDED),
        rcOk);
    ck_assert_int_eq(KosThreadWait(tid, SOON_MS), rcTimeout);
    ck_assert_int_eq(calls, 0);
    ck_assert_int_eq(KosThreadResume(tid), rcOk);
    ck_assert_int_eq(KosThreadWait(tid, LONG_MS), rcOk);
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(KosThreadResume(tid), rcInvalidArgument);
}
END_TEST

static int suspend_itself(void *context)
{
    Retcode rc = KosThreadSuspend(KosThreadCurrentId());

    atomic_store((_Atomic Retcode *)context, rc);
    return 0;
}

START_TEST(a_thread_that_suspends_itself_goes_on_when_it_is_resumed)
{
    _Atomic Retcode result = rcFail;
    Retcode rc;
    Tid tid = 0;

    KosThreadCreate(&tid, ThreadPriorityNormal, 0, suspend_itself, (void *)&result, KOS_THREAD_RUN);
    do {
        rc = KosThreadResume(tid);
        KosThreadYield();
    } while (rc == rcInvalidThreadState); /* it has not come so far */
    ck_assert_int_eq(rc, rcOk);
    ck_assert_int_eq(KosThreadWait(tid, LONG_MS), rcOk);
    ck_assert_int_eq(result, rcOk);
}
END_TEST

START_TEST(a_running_thread_can_neither_be_resumed_nor_be_stopped_by_another_one)
{
    KosEvent may_end = {0};
    Tid tid = 0;

    KosThreadCreate(&tid, ThreadPriorityHighest, 0, stay, &may_end, KOS_THREAD_RUN);
    ck_assert_int_eq(KosThreadResume(tid), rcInvalidThreadState);
    ck_assert_int_eq(KosThreadSuspend(tid), rcUnimplemented);
    ck_assert_int_eq(KosThreadTerminate(tid, 0), rcUnimplemented);
    ck_assert_int_eq(KosThreadWait(tid, 0), rcTimeout);
    KosEventSet(&may_end);
    ck_assert_int_eq(KosThreadWait(tid, LONG_MS), rcOk);
    ck_assert_int_eq(KosThreadSuspend(tid), rcInvalidArgument);
    ck_assert_int_eq(KosThreadTerminate(tid, 0), rcInvalidArgument);
}
END_TEST

static int exit_early(void *context)
{
    if (context == NULL) {
        KosThreadExit(3);
    }
    ck_assert_int_eq(KosThreadTerminate(KosThreadCurrentId(), 3), rcOk); /* does not return */
    return 0;
}

START_TEST(a_thread_can_end_itself_in_two_ways)
{
    int something;
    Tid tids[2];

    KosThreadCreate(&tids[0], ThreadPriorityNormal, 0, exit_early, NULL, KOS_THREAD_RUN);
    KosThreadCreate(&tids[1], ThreadPriorityNormal, 0, exit_early, &something, KOS_THREAD_RUN);
    ck_assert_int_eq(KosThreadWait(tids[0], LONG_MS), rcOk);
    ck_assert_int_eq(KosThreadWait(tids[1], LONG_MS), rcOk);
}
END_TEST

static void *tell_number(void *context)
{
    *(Tid *)context = KosThreadCurrentId();
    return NULL;
}

START_TEST(a_thread_of_the_c_library_has_a_number_and_ends_too)
{
    pthread_t thread;
    Tid tid = 0;

    ck_assert_int_eq(pthread_create(&thread, NULL, tell_number, &tid), 0);
    pthread_join(thread, NULL);
    ck_assert_uint_ne(tid, 0);
    ck_assert_int_eq(KosThreadWait(tid, 0), rcOk);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused)
{
    int one = 1;
    Tid tid = 99;

    ck_assert_int_eq(KosThreadCreate(&tid, 31, 0, NULL, &one, 0), rcInvalidArgument);
    ck_assert_int_eq(KosThreadCreate(&tid, 32, 0, count_once, &one, 0), rcInvalidArgument);
    ck_assert_int_eq(KosThreadCreate(&tid, 31, 0, count_once, &one, 2), rcInvalidArgument);
    ck_assert_uint_eq(tid, 99);
    ck_assert_int_eq(KosThreadWait(KosThreadCurrentId(), 0), rcInvalidOperation);
    ck_assert_int_eq(KosThreadWait(0, 0), rcInvalidArgument);
    ck_assert_int_eq(KosThreadWait(UINT32_MAX, 0), rcInvalidArgument);
    ck_assert_int_eq(KosThreadResume(0), rcInvalidArgument);
    ck_assert_int_eq(calls, 0);
}
END_TEST

static int find_nothing(void *context)
{
    (void)context;
    return 0;
}

START_TEST(a_thousand_threads_leave_nothing_behind)
{
    Tid last = 0;

    for (int i = 0; i < 1000; i++) {
        Tid tid = 0;
        ck_assert_int_eq(KosThreadCreate(&tid, 0, 0, find_nothing, NULL, KOS_THREAD_RUN), rcOk);
        ck_assert_uint_gt(tid, last);
        ck_assert_int_eq(KosThreadWait(tid, LONG_MS), rcOk);
        last = tid;
    }
}
END_TEST

static void count_calls(void)
{
    atomic_fetch_add(&calls, 1);
}

static KosThreadOnceType once = KOS_THREAD_ONCE_INIT;

static int do_once(void *context)
{
    (void)context;
    return KosThreadOnce(&once, count_calls);
}

START_TEST(what_is_to_be_done_once_is_done_by_one_of_many_threads)
{
    Tid tids[8];

    for (int i = 0; i < 8; i++) {
        KosThreadCreate(&tids[i], ThreadPriorityNormal, 0, do_once, NULL, KOS_THREAD_RUN);
    }
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(KosThreadWait(tids[i], LONG_MS), rcOk);
    }
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(sleep_takes_as_long_as_it_is_told)
{
    rtl_uint64_t start = KnGetMSecSinceStart();

    ck_assert_int_eq(KosThreadSleep(SOON_MS), rcOk);
    ck_assert_uint_ge(KnGetMSecSinceStart() - start, SOON_MS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kos_thread");
    TCase *cases = tcase_create("kos_thread");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, a_thread_runs_with_its_context_and_can_be_waited_for_more_than_once);
    tcase_add_test(cases, a_suspended_thread_runs_when_it_is_resumed_and_not_before);
    tcase_add_test(cases, a_thread_that_suspends_itself_goes_on_when_it_is_resumed);
    tcase_add_test(cases, a_running_thread_can_neither_be_resumed_nor_be_stopped_by_another_one);
    tcase_add_test(cases, a_thread_can_end_itself_in_two_ways);
    tcase_add_test(cases, a_thread_of_the_c_library_has_a_number_and_ends_too);
    tcase_add_test(cases, what_makes_no_sense_is_refused);
    tcase_add_test(cases, a_thousand_threads_leave_nothing_behind);
    tcase_add_test(cases, what_is_to_be_done_once_is_done_by_one_of_many_threads);
    tcase_add_test(cases, sleep_takes_as_long_as_it_is_told);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

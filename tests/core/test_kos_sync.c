/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes, read-write locks, semaphores, events and condition variables, between real threads. */
#include <kos/condvar.h>
#include <kos/event.h>
#include <kos/mutex.h>
#include <kos/rwlock.h>
#include <kos/semaphore.h>
#include <kos/thread.h>

#include <limits.h>
#include <stdint.h>

#include "tests/support/check_main.h"

#define SOON_MS 50u
#define LONG_MS 20000u
#define ROUNDS 20000

/* in_thread() - what @routine returns when another thread calls it */
struct errand {
    Retcode (*routine)(void *object);
    void *object;
    Retcode rc;
};

static int run_errand(void *context)
{
    struct errand *errand = context;

    errand->rc = errand->routine(errand->object);
    return 0;
}

static Tid send(struct errand *errand)
{
    Tid tid = 0;

    ck_assert_int_eq(KosThreadCreate(&tid, ThreadPriorityNormal, 0, run_errand, errand, 0), rcOk);
    return tid;
}

static Retcode in_thread(Retcode (*routine)(void *), void *object)
{
    struct errand errand = {.routine = routine, .object = object, .rc = rcFail};

    ck_assert_int_eq(KosThreadWait(send(&errand), LONG_MS), rcOk);
    return errand.rc;
}

/* Mutexes */

static Retcode try_lock(void *mutex)
{
    Retcode rc = KosMutexTryLock(mutex);

    if (rc == rcOk) {
        KosMutexUnlock(mutex);
    }
    return rc;
}

static Retcode lock_soon(void *mutex)
{
    return KosMutexLockTimeout(mutex, SOON_MS);
}

static Retcode unlock(void *mutex)
{
    return KosMutexUnlock(mutex);
}

START_TEST(a_mutex_of_zeros_is_held_by_one_thread_at_a_time)
{
    KosMutex mutex = {0};

    ck_assert_int_eq(KosMutexLock(&mutex), rcOk);
    ck_assert_int_eq(KosMutexTryLock(&mutex), rcBusy);
    ck_assert_int_eq(in_thread(try_lock, &mutex), rcBusy);
    ck_assert_int_eq(in_thread(lock_soon, &mutex), rcTimeout);
    ck_assert_int_eq(KosMutexUnlock(&mutex), rcOk);
    ck_assert_int_eq(in_thread(try_lock, &mutex), rcOk);
    ck_assert_int_eq(KosMutexLockTimeout(&mutex, 0), rcOk);
    ck_assert_int_eq(KosMutexUnlock(&mutex), rcOk);
    ck_assert_int_eq(KosMutexInit(&mutex), rcOk);
    ck_assert_int_eq(KosMutexLockTimeout(&mutex, INFINITE_TIMEOUT), rcOk);
    ck_assert_int_eq(KosMutexUnlock(&mutex), rcOk);
}
END_TEST

START_TEST(a_recursive_mutex_is_unlocked_as_often_as_it_was_locked)
{
    KosMutex mutex;

    ck_assert_int_eq(KosMutexInitEx(&mutex, 1), rcOk);
    ck_assert_int_eq(KosMutexLock(&mutex), rcOk);
    ck_assert_int_eq(KosMutexTryLock(&mutex), rcOk);
    ck_assert_int_eq(KosMutexUnlock(&mutex), rcOk);
    ck_assert_int_eq(in_thread(try_lock, &mutex), rcBusy);
    ck_assert_int_eq(in_thread(unlock, &mutex), rcInvalidOperation);
    ck_assert_int_eq(KosMutexUnlock(&mutex), rcOk);
    ck_assert_int_eq(in_thread(try_lock, &mutex), rcOk);
    ck_assert_int_eq(KosMutexUnlock(&mutex), rcInvalidOperation);
}
END_TEST

static struct {
    KosMutex mutex;
    long count;
} counter;

static Retcode count_up(void *object)
{
    (void)object;
    for (int i = 0; i < ROUNDS; i++) {
        KosMutexLock(&counter.mutex);
        counter.count++;
        KosMutexUnlock(&counter.mutex);
    }
    return rcOk;
}

START_TEST(what_a_mutex_protects_is_changed_by_one_thread_at_a_time)
{
    struct errand errands[4];
    Tid tids[4];

    for (int i = 0; i < 4; i++) {
        errands[i] = (struct errand){.routine = count_up};
        tids[i] = send(&errands[i]);
    }
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(KosThreadWait(tids[i], LONG_MS), rcOk);
    }
    ck_assert_int_eq(counter.count, 4 * ROUNDS);
}
END_TEST

/* Read-write locks */

static Retcode try_read(void *lock)
{
    Retcode rc = KosRWLockTryRead(lock);

    if (rc == rcOk) {
        KosRWLockUnlock(lock);
    }
    return rc;
}

static Retcode try_write(void *lock)
{
    Retcode rc = KosRWLockTryWrite(lock);

    if (rc == rcOk) {
        KosRWLockUnlock(lock);
    }
    return rc;
}

START_TEST(readers_keep_writers_out_and_a_writer_keeps_everybody_out)
{
    KosRWLock lock = {0};

    ck_assert_int_eq(KosRWLockRead(&lock), rcOk);
    ck_assert_int_eq(in_thread(try_read, &lock), rcOk);
    ck_assert_int_eq(in_thread(try_write, &lock), rcBusy);
    ck_assert_int_eq(KosRWLockUnlock(&lock), rcOk);
    ck_assert_int_eq(KosRWLockInit(&lock), rcOk);
    ck_assert_int_eq(KosRWLockWrite(&lock), rcOk);
    ck_assert_int_eq(in_thread(try_read, &lock), rcBusy);
    ck_assert_int_eq(in_thread(try_write, &lock), rcBusy);
    ck_assert_int_eq(KosRWLockRead(&lock), rcInvalidOperation);
    ck_assert_int_eq(KosRWLockWrite(&lock), rcInvalidOperation);
    ck_assert_int_eq(KosRWLockUnlock(&lock), rcOk);
    ck_assert_int_eq(in_thread(try_write, &lock), rcOk);
}
END_TEST

/* Semaphores */

static Retcode wait_for_semaphore(void *semaphore)
{
    return KosSemaphoreWaitTimeout(semaphore, LONG_MS);
}

START_TEST(a_semaphore_lets_as_many_go_on_as_it_was_signalled)
{
    KosSemaphore semaphore;

    ck_assert_int_eq(KosSemaphoreInit(&semaphore, 1), rcOk);
    ck_assert_int_eq(KosSemaphoreWait(&semaphore), rcOk);
    ck_assert_int_eq(KosSemaphoreTryWait(&semaphore), rcBusy);
    ck_assert_int_eq(KosSemaphoreWaitTimeout(&semaphore, 0), rcTimeout);
    ck_assert_int_eq(KosSemaphoreWaitTimeout(&semaphore, SOON_MS), rcTimeout);

    struct errand errand = {.routine = wait_for_semaphore, .object = &semaphore, .rc = rcFail};
    Tid tid = send(&errand);
    ck_assert_int_eq(KosSemaphoreSignal(&semaphore), rcOk);
    ck_assert_int_eq(KosThreadWait(tid, LONG_MS), rcOk);
    ck_assert_int_eq(errand.rc, rcOk);
    ck_assert_int_eq(KosSemaphoreSignal(&semaphore), rcOk);
    ck_assert_int_eq(KosSemaphoreWaitTimeout(&semaphore, INFINITE_TIMEOUT), rcOk);
    ck_assert_int_eq(KosSemaphoreDeinit(&semaphore), rcOk);
}
END_TEST

START_TEST(a_semaphore_counts_no_further_than_an_int)
{
    KosSemaphore semaphore;

    ck_assert_int_eq(KosSemaphoreInit(&semaphore, (unsigned)INT_MAX + 1), rcInvalidArgument);
    ck_assert_int_eq(KosSemaphoreInit(&semaphore, INT_MAX), rcOk);
    ck_assert_int_eq(KosSemaphoreSignal(&semaphore), rcQuotaExceeded);
    ck_assert_int_eq(KosSemaphoreTryWait(&semaphore), rcOk);
    ck_assert_int_eq(KosSemaphoreSignal(&semaphore), rcOk);
}
END_TEST

/* Events */

static Retcode wait_for_event(void *event)
{
    return KosEventWait(event);
}

START_TEST(an_event_lets_everybody_go_on_until_it_is_reset)
{
    KosEvent event = {0};
    struct errand errands[2];
    Tid tids[2];

    ck_assert_int_eq(KosEventWaitTimeout(&event, 0), rcTimeout);
    ck_assert_int_eq(KosEventWaitTimeout(&event, SOON_MS), rcTimeout);
    for (int i = 0; i < 2; i++) {
        errands[i] = (struct errand){.routine = wait_for_event, .object = &event, .rc = rcFail};
        tids[i] = send(&errands[i]);
    }
    ck_assert_int_eq(KosThreadWait(tids[0], SOON_MS), rcTimeout);
    ck_assert_int_eq(KosEventSet(&event), rcOk);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(KosThreadWait(tids[i], LONG_MS), rcOk);
        ck_assert_int_eq(errands[i].rc, rcOk);
    }
    ck_assert_int_eq(KosEventWaitTimeout(&event, 0), rcOk);
    ck_assert_int_eq(KosEventReset(&event), rcOk);
    ck_assert_int_eq(KosEventWaitTimeout(&event, 0), rcTimeout);
    ck_assert_int_eq(KosEventSet(&event), rcOk);
    ck_assert_int_eq(KosEventInit(&event), rcOk);
    ck_assert_int_eq(KosEventWaitTimeout(&event, 0), rcTimeout);
}
END_TEST

/* Condition variables */

struct queue {
    KosMutex mutex;
    KosCondvar condvar;
    int n_items;
    int n_waiting;
};

static Retcode take(void *object)
{
    struct queue *queue = object;
    Retcode rc = rcOk;

    KosMutexLock(&queue->mutex);
    queue->n_waiting++;
    while (rc == rcOk && queue->n_items == 0) {
        rc = KosCondvarWait(&queue->condvar, &queue->mutex);
    }
    queue->n_waiting--;
    queue->n_items--;
    KosMutexUnlock(&queue->mutex);
    return rc;
}

/* put() - once @n_waiting threads wait for it */
static void put(struct queue *queue, int n_items, int n_waiting)
{
    KosMutexLock(&queue->mutex);
    while (queue->n_waiting < n_waiting) {
        KosMutexUnlock(&queue->mutex);
        KosThreadYield();
        KosMutexLock(&queue->mutex);
    }
    queue->n_items += n_items;
    ck_assert_int_eq(n_items == 1 ? KosCondvarSignal(&queue->condvar)
                                  : KosCondvarBroadcast(&queue->condvar),
                     rcOk);
    KosMutexUnlock(&queue->mutex);
}

START_TEST(who_waits_for_a_condition_is_told_of_it_one_by_one_or_all_at_once)
{
    struct queue queue = {.n_items = 0};
    struct errand errands[3];
    Tid tids[3];

    ck_assert_int_eq(KosCondvarInit(&queue.condvar), rcOk);
    errands[0] = (struct errand){.routine = take, .object = &queue, .rc = rcFail};
    tids[0] = send(&errands[0]);
    put(&queue, 1, 1);
    ck_assert_int_eq(KosThreadWait(tids[0], LONG_MS), rcOk);
    for (int i = 0; i < 3; i++) {
        errands[i] = (struct errand){.routine = take, .object = &queue, .rc = rcFail};
        tids[i] = send(&errands[i]);
    }
    put(&queue, 3, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(KosThreadWait(tids[i], LONG_MS), rcOk);
        ck_assert_int_eq(errands[i].rc, rcOk);
    }
    ck_assert_int_eq(queue.n_items, 0);
    ck_assert_int_eq(KosCondvarDeinit(&queue.condvar), rcOk);
}
END_TEST

START_TEST(who_waits_for_a_condition_in_vain_holds_the_mutex_again)
{
    KosCondvar condvar = {0};
    KosMutex mutex = {0};
    Retcode rc;

    KosMutexLock(&mutex);
    do {
        rc = KosCondvarWaitTimeout(&condvar, &mutex, SOON_MS);
    } while (rc == rcOk); /* nobody signals */
    ck_assert_int_eq(rc, rcTimeout);
    ck_assert_int_eq(in_thread(try_lock, &mutex), rcBusy);
    KosMutexUnlock(&mutex);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kos_sync");
    TCase *cases = tcase_create("kos_sync");

    tcase_add_test(cases, a_mutex_of_zeros_is_held_by_one_thread_at_a_time);
    tcase_add_test(cases, a_recursive_mutex_is_unlocked_as_often_as_it_was_locked);
    tcase_add_test(cases, what_a_mutex_protects_is_changed_by_one_thread_at_a_time);
    tcase_add_test(cases, readers_keep_writers_out_and_a_writer_keeps_everybody_out);
    tcase_add_test(cases, a_semaphore_lets_as_many_go_on_as_it_was_signalled);
    tcase_add_test(cases, a_semaphore_counts_no_further_than_an_int);
    tcase_add_test(cases, an_event_lets_everybody_go_on_until_it_is_reset);
    tcase_add_test(cases, who_waits_for_a_condition_is_told_of_it_one_by_one_or_all_at_once);
    tcase_add_test(cases, who_waits_for_a_condition_in_vain_holds_the_mutex_again);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

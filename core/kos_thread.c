/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every thread that has a number is in one list until it ends, whoever made it; a number that was
 * given out and is not in the list is that of a thread that has ended, so nothing is kept for
 * those.
 */
#include <kos/thread.h>

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/deadline.h"

/* What printf() and its kin need on a stack, and the sanitizers too. */
#define STACK_BYTES_MIN (256 * 1024)

struct thread {
    Tid tid;
    bool is_suspended;
    ThreadProc routine; /* NULL: not made by KosThreadCreate() */
    void *context;
    struct thread *next;
};

/* @changed: a thread was resumed or has ended */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_key_t key; /* the thread's own entry; its destructor takes it out of the list */
    struct thread *list;
    Tid last_tid;
} threads = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* end() - the thread of this entry ends, in whatever way */
static void end(void *data)
{
    struct thread *thread = data;
    struct thread **entry = &threads.list;

    pthread_mutex_lock(&threads.lock);
    while (*entry != thread) {
        entry = &(*entry)->next;
    }
    *entry = thread->next;
    pthread_cond_broadcast(&threads.changed);
    pthread_mutex_unlock(&threads.lock);
    free(thread);
}

__attribute__((constructor)) static void make_key(void)
{
    (void)pthread_key_create(&threads.key, end);
}

/* find() - the caller holds the lock; NULL if it has ended or never was */
static struct thread *find(Tid tid)
{
    struct thread *thread = threads.list;

    while (thread != NULL && thread->tid != tid) {
        thread = thread->next;
    }
    return thread;
}

/* add() - give a new thread its number; NULL without memory, or when all numbers are used up */
static struct thread *add(const struct thread *like)
{
    struct thread *thread = malloc(sizeof(*thread));

    if (thread == NULL) {
        return NULL;
    }
    *thread = *like;
    pthread_mutex_lock(&threads.lock);
    if (threads.last_tid == UINT32_MAX - 1) {
        pthread_mutex_unlock(&threads.lock);
        free(thread);
        return NULL;
    }
    thread->tid = ++threads.last_tid;
    thread->next = threads.list;
    threads.list = thread;
    pthread_mutex_unlock(&threads.lock);
    return thread;
}

/* self() - the calling thread's entry, made now if it has none; NULL without memory */
static struct thread *self(void)
{
    struct thread *thread = pthread_getspecific(threads.key);

    if (thread == NULL) {
        thread = add(&(struct thread){0});
        if (thread != NULL && pthread_setspecific(threads.key, thread) != 0) {
            end(thread);
            thread = NULL;
        }
    }
    return thread;
}

static void wait_until_resumed(struct thread *thread)
{
    pthread_mutex_lock(&threads.lock);
    while (thread->is_suspended) {
        pthread_cond_wait(&threads.changed, &threads.lock);
    }
    pthread_mutex_unlock(&threads.lock);
}

static void *run(void *data)
{
    struct thread *thread = data;

    (void)pthread_setspecific(threads.key, thread);
    wait_until_resumed(thread);
    (void)thread->routine(thread->context);
    return NULL;
}

/* start() - have a thread of the C library run() */
static int start(struct thread *thread, rtl_uint32_t stack_size)
{
    pthread_attr_t attributes;
    pthread_t id;
    int r = pthread_attr_init(&attributes);

    if (r != 0) {
        return r;
    }
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack_size != ThreadStackSizeDefault) {
        (void)pthread_attr_setstacksize(&attributes, stack_size < STACK_BYTES_MIN ? STACK_BYTES_MIN
                                                                                  : stack_size);
    }
    r = pthread_create(&id, &attributes, run, thread);
    (void)pthread_attr_destroy(&attributes);
    return r;
}

Retcode KosThreadCreate(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stack_size,
                        ThreadProc routine, void *context, rtl_uint32_t flags)
{
    if (routine == NULL || priority > ThreadPriorityHighest || flags > KOS_THREAD_SUSPENDED) {
        return rcInvalidArgument;
    }
    struct thread *thread = add(&(struct thread){
        .is_suspended = flags == KOS_THREAD_SUSPENDED, .routine = routine, .context = context});
    if (thread == NULL) {
        return rcOutOfMemory;
    }
    Tid made = thread->tid; /* the thread may have ended when start() returns */
    if (tid != NULL) {
        *tid = made; /* before the thread looks at it */
    }
    if (start(thread, stack_size) != 0) {
        end(thread);
        return rcOutOfMemory;
    }
    return rcOk;
}

Retcode KosThreadResume(Tid tid)
{
    Retcode rc = rcInvalidArgument;

    pthread_mutex_lock(&threads.lock);
    struct thread *thread = find(tid);
    if (thread != NULL) {
        rc = thread->is_suspended ? rcOk : rcInvalidThreadState;
        thread->is_suspended = false;
        pthread_cond_broadcast(&threads.changed);
    }
    pthread_mutex_unlock(&threads.lock);
    return rc;
}

/* refuse_others() - what is wrong with doing that to the thread @tid; rcOk if it is @own */
static Retcode refuse_others(const struct thread *own, Tid tid)
{
    if (own != NULL && own->tid == tid) {
        return rcOk;
    }
    pthread_mutex_lock(&threads.lock);
    Retcode rc = find(tid) != NULL ? rcUnimplemented : rcInvalidArgument;
    pthread_mutex_unlock(&threads.lock);
    return rc;
}

Retcode KosThreadSuspend(Tid tid)
{
    struct thread *own = self();
    Retcode rc = refuse_others(own, tid);

    if (rc == rcOk) {
        pthread_mutex_lock(&threads.lock);
        own->is_suspended = true;
        pthread_mutex_unlock(&threads.lock);
        wait_until_resumed(own);
    }
    return rc;
}

/* wait_for_end() - the caller holds the lock */
static Retcode wait_for_end(Tid tid, rtl_uint32_t timeout)
{
    struct timespec deadline = {0};
    int r = 0;

    if (timeout != INFINITE_TIMEOUT) {
        deadline = deadline_after(timeout);
    }
    while (find(tid) != NULL && r != ETIMEDOUT) {
        r = timeout == INFINITE_TIMEOUT ? pthread_cond_wait(&threads.changed, &threads.lock)
                                        : pthread_cond_clockwait(&threads.changed, &threads.lock,
                                                                 CLOCK_MONOTONIC, &deadline);
    }
    return find(tid) == NULL ? rcOk : rcTimeout;
}

Retcode KosThreadWait(Tid tid, rtl_uint32_t timeout)
{
    const struct thread *own = self();
    Retcode rc;

    if (own == NULL) {
        return rcOutOfMemory;
    }
    if (own->tid == tid) {
        return rcInvalidOperation;
    }
    pthread_mutex_lock(&threads.lock);
    rc = tid == 0 || tid > threads.last_tid ? rcInvalidArgument : wait_for_end(tid, timeout);
    pthread_mutex_unlock(&threads.lock);
    return rc;
}

void KosThreadExit(rtl_int32_t code)
{
    (void)code;
    pthread_exit(NULL);
}

Retcode KosThreadTerminate(Tid tid, rtl_int32_t code)
{
    Retcode rc = refuse_others(self(), tid);

    if (rc == rcOk) {
        KosThreadExit(code);
    }
    return rc;
}

Tid KosThreadCurrentId(void)
{
    const struct thread *own = self();

    return own != NULL ? own->tid : 0;
}

Retcode KosThreadSleep(rtl_uint32_t milliseconds)
{
    return KnSleep(milliseconds);
}

void KosThreadYield(void)
{
    (void)sched_yield();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/until.h"

#include <coresrv/time/timeout.h>
#include <poll.h>
#include <stddef.h>

#include "core/deadline.h"
#include "core/error.h"
#include "core/not_inline.h"

#define NS_PER_S 1000000000L

/*
 * until_init() - the end of a wait that begins now
 * @timeout_ms: or INFINITE_TIMEOUT
 * @sync:       of a sync object, or INVALID_HANDLE
 *
 * Return: 0: to be ended with until_deinit(); ERROR_BAD_HANDLE.
 */
int until_init(struct until *until, rtl_uint32_t timeout_ms, Handle sync)
{
    *until = (struct until){.has_deadline = timeout_ms != INFINITE_TIMEOUT};
    if (until->has_deadline) {
        until->deadline = deadline_after(timeout_ms);
    }
    if (sync != INVALID_HANDLE) {
        until->sync = (struct sync_object *)object_table_find(sync, OBJECT_SYNC);
    }
    return sync == INVALID_HANDLE || until->sync != NULL ? 0 : ERROR_BAD_HANDLE;
}

/* until_deinit() - give the reference back */
void until_deinit(struct until *until)
{
    until_commit(until);
}

/* until_or_null() - NULL if nothing ends the wait */
struct until *until_or_null(struct until *until)
{
    return until->has_deadline || until->sync != NULL ? until : NULL;
}

/* until_guard() - an interrupt takes more from now on: see sync_object_break(); @what is borrowed
 * as long as there are waits */
void until_guard(struct until *until, bool (*withdraw)(void *what), void *what)
{
    until->withdraw = withdraw;
    until->what = what;
}

/* until_commit() - the stage begins in which there are no interrupts */
void until_commit(struct until *until)
{
    if (until != NULL && until->sync != NULL) {
        object_unref(&until->sync->object);
        until->sync = NULL;
    }
}

static bool deadline_is_over(const struct until *until)
{
    struct timespec now;

    if (!until->has_deadline) {
        return false;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec != until->deadline.tv_sec ? now.tv_sec > until->deadline.tv_sec
                                                : now.tv_nsec >= until->deadline.tv_nsec;
}

/* until_enter() - before anything is done. Return: 0; ERROR_INTERRUPTED: it is not to be. */
int until_enter(struct until *until)
{
    if (until->sync == NULL || !sync_object_is_set(until->sync) ||
        sync_object_break(until->sync, NULL, NULL) != SYNC_BROKEN) {
        return 0;
    }
    until->outcome = ERROR_INTERRUPTED;
    return ERROR_INTERRUPTED;
}

/* until_look() - after a look for what the wait is for. An interrupt that comes too late is the
 * last one that is listened to. Return: 0; ERROR_INTERRUPTED; ERROR_TIMEOUT. */
int until_look(struct until *until)
{
    enum sync_outcome outcome = SYNC_GO_ON;

    if (until->sync != NULL && sync_object_is_set(until->sync)) {
        outcome = sync_object_break(until->sync, until->withdraw, until->what);
    }
    if (outcome == SYNC_TOO_LATE) {
        until_commit(until);
    }
    if (outcome == SYNC_BROKEN) {
        until->outcome = ERROR_INTERRUPTED;
    } else {
        until->outcome = deadline_is_over(until) ? ERROR_TIMEOUT : 0;
    }
    return until->outcome;
}

/* until_is_due() - whether until_look() may say so */
bool until_is_due(const struct until *until)
{
    return until != NULL &&
           ((until->sync != NULL && sync_object_is_set(until->sync)) || deadline_is_over(until));
}

/* until_n_words() - how many words more until_sleep() waits for */
size_t until_n_words(const struct until *until)
{
    return until != NULL && until->sync != NULL ? 1 : 0;
}

/*
 * until_sleep() - until one of several words has another value than expected, or the wait is to end
 * @expected: @n_words of them; with room for one more, which is overwritten
 */
NOT_INLINE void until_sleep(const struct until *until, struct futex_expectation *expected,
                            size_t n_words)
{
    if (until_n_words(until) > 0) {
        expected[n_words++] =
            (struct futex_expectation){.word = &until->sync->is_set, .value = false};
    }
    futex_wait_until(expected, n_words,
                     until != NULL && until->has_deadline ? &until->deadline : NULL);
}

/* remaining() - until the deadline, which may have passed */
static struct timespec remaining(const struct until *until)
{
    struct timespec left = until->deadline;
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    left.tv_sec -= now.tv_sec;
    left.tv_nsec -= now.tv_nsec;
    if (left.tv_nsec < 0) {
        left.tv_sec--;
        left.tv_nsec += NS_PER_S;
    }
    if (left.tv_sec < 0) {
        left = (struct timespec){0};
    }
    return left;
}

/* until_poll() - until there are @events of @fd, or its other end is closed, or the wait is to end,
 * or a signal came. Return: whether something is there. */
bool until_poll(const struct until *until, int fd, short events)
{
    struct pollfd fds[2] = {{.fd = fd, .events = events}, {.fd = -1, .events = POLLIN}};
    struct timespec left;

    if (until->sync != NULL) {
        fds[1].fd = until->sync->event;
    }
    if (until->has_deadline) {
        left = remaining(until);
    }
    return ppoll(fds, 2, until->has_deadline ? &left : NULL, NULL) > 0 && fds[0].revents != 0;
}

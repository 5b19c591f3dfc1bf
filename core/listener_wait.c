/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the threads of a server wait. Requests come through sockets, all of which are in one
 * epoll set, and through the memories of clients.
 *
 * One thread at a time watches the memories. It looks at the hot ones for a while, without any
 * system call, if their clients are on other CPUs; then it dozes, until the bell word of a memory
 * changes, or the lookout sees something in the epoll set; with too many clients for that it sleeps
 * in epoll, as all other threads do.
 */
#include "core/listener_state.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/not_inline.h"
#include "core/step.h"
#include "core/until.h"

/* Looks at the hot memories between two at everything else, and events taken there at a time: as
 * many, so that clients whose bells ring are not served less often than hot ones. */
#define LOOKS_PER_POLL 64

/* Rests of a moment each, with the lock held, after which a thread that spins looks at everything
 * all the same. */
#define GLANCES_PER_LOOK 16

/* look() - whether there is a request in a hot memory; now and then, and when somebody says that it
 * is time, in a socket. Return: 0; negative errno. */
EVERY_CALL static int look(struct listener *listener, struct found *ret_found,
                           struct request **ret_request)
{
    struct hot_set *hot = &listener->hot;
    int r = 0;

    if (++listener->n_looks % LOOKS_PER_POLL == 0) {
        listener->is_quiet = false;
        if (hot->cold_bell == SHARED_BELL_WAKE) {
            hot_gather(hot);
        }
        hot_see_whether_busy(hot, LOOKS_PER_POLL);
    }
    for (unsigned i = 0;
         i < LOOKS_PER_POLL && !listener->is_quiet && r == 0 && *ret_request == NULL; i++) {
        r = listener_poll(listener, 0, ret_request);
    }
    if (r == 0 && *ret_request == NULL) {
        (void)hot_find(hot, ret_found);
    }
    if (hot->has_mail) {
        hot->has_mail = false;
        listener->is_quiet = false;
    }
    return r;
}

/* may_spin() - whether a client that called a moment ago is on another CPU */
static bool may_spin(struct listener *listener)
{
    const struct hot_set *hot = &listener->hot;
    uint32_t own_cpu = spin_cpu();

    for (size_t i = 0; i < hot->n_hot; i++) {
        if (spin_is_worthwhile(&listener->spin, own_cpu, hot->channels[i]->shared.client_cpu)) {
            return true;
        }
    }
    return false;
}

/* glance() - at nothing but the hot memories, until there may be something in one of them. Return:
 * false: it has taken long enough. */
static bool glance(const struct hot_set *hot, struct spin_attempt *attempt)
{
    unsigned n_glances = 0;
    bool goes_on;

    do {
        goes_on = spin_goes_on(attempt);
    } while (goes_on && ++n_glances < GLANCES_PER_LOOK && !hot_has_new(hot));
    return goes_on;
}

/* spin() - look for as long as that pays; others may have the lock now and then */
static int spin(struct listener *listener, const struct until *until, struct found *ret_found,
                struct request **ret_request)
{
    struct spin_attempt attempt;
    int r = 0;

    spin_begin(&attempt, 0);
    while (glance(&listener->hot, &attempt) && !until_is_due(until)) {
        r = look(listener, ret_found, ret_request);
        if (r != 0 || ret_found->served != NULL || *ret_request != NULL) {
            break;
        }
        lock_leave(&listener->lock);
        lock_take(&listener->lock);
    }
    spin_end(&listener->spin, ret_found->served != NULL);
    return r;
}

/* may_doze() - whether a futex can wait for all that may happen */
EVERY_CALL static bool may_doze(struct listener *listener, const struct until *until)
{
    uint32_t posted = atomic_load_explicit(listener->posted, memory_order_acquire);
    size_t n_channels = listener->channels.n_channels;
    size_t n_words = n_channels + until_n_words(until);

    if (listener->n_unsettled > 0) {
        return false;
    }
    if (posted != listener->last_posted) {
        listener->last_posted = posted;
        listener->is_quiet = false;
    }
    return listener->is_quiet && listener->can_doze && listener->hot.n_channels == n_channels &&
           n_channels > 0 && n_words <= FUTEX_WORDS_MAX && (n_words == 1 || futex_can_wait_any());
}

/* doze_at_one() - until the only bell is set off */
static void doze_at_one(struct listener *listener)
{
    const struct shared_server *server = &listener->hot.channels[0]->shared;
    const struct futex_expectation bell = {.word = &server->memory->bell,
                                           .value = listener->hot.cold_bell};
    uint32_t caller_cpu = server->client_cpu;

    lock_leave(&listener->lock);
    STEP("server: dozes");
    colocation_begin(&listener->colocation, caller_cpu);
    futex_wait(&bell);
    colocation_end(&listener->colocation);
    lock_take(&listener->lock);
}

/* doze_at_all() - until one of the bells is set off, or @until says so */
NOT_INLINE static void doze_at_all(struct listener *listener, const struct until *until)
{
    struct futex_expectation bells[FUTEX_WORDS_MAX];
    size_t n_bells = listener->hot.n_channels;
    uint32_t caller_cpu = listener->hot.channels[0]->shared.client_cpu;

    hot_expect(&listener->hot, bells);
    lock_leave(&listener->lock);
    STEP("server: dozes");
    if (n_bells == 1) {
        colocation_begin(&listener->colocation, caller_cpu);
    }
    until_sleep(until, bells, n_bells);
    colocation_end(&listener->colocation);
    lock_take(&listener->lock);
}

/* doze() - until the bell word of a memory changes, or listener_rouse() says so; with the lock
 * held, which is not held meanwhile */
EVERY_CALL static void doze(struct listener *listener, const struct until *until)
{
    struct hot_set *hot = &listener->hot;

    if (!hot_cool(hot, SHARED_BELL_WAKE)) {
        return;
    }
    listener->is_roused = false;
    listener->dozes_at = hot->channels[0];
    if (!listener->is_armed) {
        listener->is_armed = true;
        lookout_rearm(&listener->watch, EPOLLIN);
    }
    if (hot->n_channels == 1 && until == NULL) {
        doze_at_one(listener);
    } else {
        doze_at_all(listener, until);
    }
    listener->dozes_at = NULL;
    if (listener->doze_ended != NULL) {
        served_unref(STEAL(listener->doze_ended));
    }
    hot_warm_up(hot);
    hot_gather(hot);
}

/* listener_sleep() - in epoll; with the lock held, which is not held meanwhile */
static int listener_sleep(struct listener *listener, const struct until *until,
                          struct request **ret_request)
{
    listener->n_unsettled -= listener->n_unsettled > 0;
    listener->n_sleeping++;
    if (until != NULL) {
        lock_leave(&listener->lock);
        (void)until_poll(until, listener->epoll, POLLIN);
        lock_take(&listener->lock);
    }
    int r = listener_poll(listener, until != NULL ? 0 : -1, ret_request);
    listener->n_sleeping--;
    listener->is_quiet = false;
    return r;
}

/* look_out() - look once, and on if that pays. Return: as look(). */
static int look_out(struct listener *listener, const struct until *until, struct found *ret_found,
                    struct request **ret_request)
{
    int r = look(listener, ret_found, ret_request);

    if (r == 0 && ret_found->served == NULL && *ret_request == NULL && may_spin(listener)) {
        r = spin(listener, until, ret_found, ret_request);
    }
    return r;
}

/* is_in_the_way() - whether the only client that is looked at waits for our CPU: before a doze is
 * time enough to look at it */
static bool is_in_the_way(const struct listener *listener)
{
    const struct hot_set *hot = &listener->hot;

    return hot->n_hot == 1 && hot->channels[0]->shared.client_cpu == spin_cpu();
}

/* watch() - wait for a request as the one thread that watches the memories; with the lock held.
 * Return: 0, perhaps without one; negative errno. */
static int watch(struct listener *listener, const struct until *until, struct found *ret_found,
                 struct request **ret_request)
{
    int r = 0;

    listener->is_watched = true;
    hot_warm_up(&listener->hot);
    bool is_tired = is_in_the_way(listener) && may_doze(listener, until);
    if (!is_tired) {
        r = look_out(listener, until, ret_found, ret_request);
    }
    if (r != 0 || ret_found->served != NULL || *ret_request != NULL || !listener->is_quiet) {
        /* something happened */
    } else if (is_tired || may_doze(listener, until)) {
        doze(listener, until);
        r = look(listener, ret_found, ret_request);
    } else if (listener->is_quiet && hot_cool(&listener->hot, SHARED_BELL_RING)) {
        listener->is_watched = false;
        return listener_sleep(listener, until, ret_request); /* from here on others may watch */
    }
    listener->is_watched = false;
    return r;
}

/* wake_another() - this thread has something else to do: whoever sleeps is to watch; with the lock
 * held */
static void wake_another(struct listener *listener)
{
    struct hot_set *hot = &listener->hot;

    if (listener->n_sleeping == 0 || listener->is_watched) {
        return;
    }
    if (!hot_cool(hot, SHARED_BELL_RING)) {
        (void)eventfd_write(hot->channels[0]->shared.bell, 1);
    }
}

/* look_at_end() - until_look(), after a round without a request; but if something happened in the
 * first one, another may find one. With the lock held. */
NOT_INLINE static int look_at_end(const struct listener *listener, struct until *until,
                                  bool *is_first)
{
    bool may_end = listener->is_quiet || !*is_first;

    *is_first = false;
    return may_end ? until_look(until) : 0;
}

/*
 * listener_receive() - wait for a request
 * @until:       what ends the wait; NULL: nothing does
 * @ret_request: owned by the caller; borrows the listener
 *
 * Context: any thread; of several that wait, each request goes to one.
 * Return:  0; ERROR_NOT_CONNECTED: the listener was shut, or the broker ended and no client is
 * left, or see listener_report_desertion(); ERROR_TIMEOUT, ERROR_INTERRUPTED: @until says so;
 * negative errno.
 */
int listener_receive(struct listener *listener, struct until *until, struct request **ret_request)
{
    struct request *request = NULL;
    bool is_first = true;
    int r = 0;

    while (r == 0 && request == NULL) {
        struct found found = {0};
        lock_take(&listener->lock);
        if (listener_is_over(listener)) {
            r = ERROR_NOT_CONNECTED;
        } else if (listener->is_deserted) {
            listener_set_deserted(listener, false);
            r = ERROR_NOT_CONNECTED;
        } else if (listener->is_watched ||
                   (listener->n_unsettled > 0 && hot_is_cold(&listener->hot))) {
            r = listener_sleep(listener, until, &request);
        } else {
            r = watch(listener, until, &found, &request);
        }
        if (found.served != NULL || request != NULL ||
            (until != NULL && r == 0 && (r = look_at_end(listener, until, &is_first)) != 0)) {
            wake_another(listener);
        }
        lock_leave(&listener->lock);
        if (found.served != NULL) {
            r = request_from_slot(listener, &found, &request);
        }
    }
    *ret_request = request;
    return r;
}

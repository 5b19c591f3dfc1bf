/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lookout.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "core/background.h"
#include "core/fd.h"

/* After that, those who had to be told again are. */
#define AGAIN_MS 1

#define EVENTS_AT_A_TIME 64
#define STACK_BYTES ((size_t)64 << 10)

/*
 * @lock:    guards the rest, but for @own and @has_due, and is held while somebody is told
 * @epoll:   all descriptors; -1 until the thread runs
 * @own:     an eventfd that interrupts the thread; read without the lock
 * @bell:    the broker's; says that a control word has changed. -1: none
 * @watches: all there are
 * @has_due: some of them are due
 */
static struct {
    pthread_mutex_t lock;
    int epoll;
    atomic_int own;
    int bell;
    struct lookout_watch *watches;
    atomic_bool has_due;
} lookout = {.lock = PTHREAD_MUTEX_INITIALIZER, .epoll = -1, .own = -1, .bell = -1};

static void before_fork(void)
{
    pthread_mutex_lock(&lookout.lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&lookout.lock);
}

/* after_fork_in_child() - the thread, and all that it watched, are the parent's */
static void after_fork_in_child(void)
{
    for (struct lookout_watch *watch = lookout.watches; watch != NULL; watch = watch->next) {
        watch->link = NULL;
    }
    lookout.watches = NULL;
    lookout.epoll = fd_close(lookout.epoll);
    lookout.own = fd_close(lookout.own);
    lookout.bell = fd_close(lookout.bell);
    pthread_mutex_unlock(&lookout.lock);
}

static void watch_forks(void)
{
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* tell() - and remember whether that was not enough; with the lock held */
static void tell(struct lookout_watch *watch, bool is_ready)
{
    if (!watch->tell(watch, is_ready)) {
        atomic_store(&watch->is_due, true);
        atomic_store(&lookout.has_due, true);
    }
}

/* tell_due() - those that were not awake the last time, and those that somebody insists on; with
 * the lock held */
static void tell_due(void)
{
    if (!atomic_exchange(&lookout.has_due, false)) {
        return;
    }
    for (struct lookout_watch *watch = lookout.watches; watch != NULL; watch = watch->next) {
        if (atomic_exchange(&watch->is_due, false)) {
            tell(watch, false);
        }
    }
}

/* drain_own() - we are awake */
static void drain_own(void)
{
    (void)eventfd_read(lookout.own, &(eventfd_t){0});
}

/* drain_bell() - the broker has changed any number of words: everybody is to look; with the lock
 * held */
static void drain_bell(void)
{
    char byte;
    ssize_t n;

    do {
        n = recv(lookout.bell, &byte, sizeof(byte), MSG_DONTWAIT);
    } while (n > 0);
    if (n == 0) {
        (void)epoll_ctl(lookout.epoll, EPOLL_CTL_DEL, lookout.bell, NULL);
    }
    for (struct lookout_watch *watch = lookout.watches; watch != NULL; watch = watch->next) {
        tell(watch, false);
    }
}

/* look() - tell whoever is concerned; with the lock held, so that what epoll reports is still there
 */
static void look(void)
{
    struct epoll_event events[EVENTS_AT_A_TIME];
    int n = epoll_wait(lookout.epoll, events, EVENTS_AT_A_TIME, 0);

    tell_due();
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == &lookout.own) {
            drain_own();
        } else if (events[i].data.ptr == &lookout.bell) {
            drain_bell();
        } else {
            tell(events[i].data.ptr, true);
        }
    }
}

static void *lookout_run(void *unused)
{
    struct pollfd any = {.fd = lookout.epoll, .events = POLLIN};

    (void)unused;
    for (;;) {
        (void)poll(&any, 1, atomic_load(&lookout.has_due) ? AGAIN_MS : -1);
        pthread_mutex_lock(&lookout.lock);
        look();
        pthread_mutex_unlock(&lookout.lock);
    }
    return NULL;
}

/* add() - have the lookout see @fd. Return: 0; negative errno. */
static int add(int fd, uint32_t events, void *key)
{
    struct epoll_event event = {.events = events, .data.ptr = key};

    return epoll_ctl(lookout.epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* start() - the lookout, if it is not there yet; with the lock held. Return: 0; negative errno. */
static int start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (lookout.epoll >= 0) {
        return 0;
    }
    (void)pthread_once(&once, watch_forks);
    lookout.epoll = epoll_create1(EPOLL_CLOEXEC);
    lookout.own = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int r = lookout.epoll < 0 || lookout.own < 0 ? -errno : 0;
    if (r == 0) {
        r = add(lookout.own, EPOLLIN, &lookout.own);
    }
    if (r == 0 && lookout.bell >= 0) {
        r = add(lookout.bell, EPOLLIN, &lookout.bell);
    }
    if (r == 0) {
        r = background_start("capchan-lookout", STACK_BYTES, lookout_run, NULL);
    }
    if (r != 0) {
        lookout.epoll = fd_close(lookout.epoll);
        lookout.own = fd_close(lookout.own);
    }
    return r;
}

/*
 * lookout_begin() - watch a descriptor
 * @watch: complete but for what is the lookout's; stays where it is until lookout_end()
 *
 * Return: 0; negative errno: there is no lookout, so nobody must rely on it.
 */
int lookout_begin(struct lookout_watch *watch)
{
    pthread_mutex_lock(&lookout.lock);
    int r = start();
    if (r == 0) {
        r = add(watch->fd, watch->events | EPOLLONESHOT, watch);
    }
    if (r == 0) {
        watch->next = lookout.watches;
        watch->link = &lookout.watches;
        if (watch->next != NULL) {
            watch->next->link = &watch->next;
        }
        lookout.watches = watch;
    }
    pthread_mutex_unlock(&lookout.lock);
    return r;
}

/* lookout_end() - nobody is told any more when this returns; fine if it never began */
void lookout_end(struct lookout_watch *watch)
{
    pthread_mutex_lock(&lookout.lock);
    if (watch->link != NULL) {
        (void)epoll_ctl(lookout.epoll, EPOLL_CTL_DEL, watch->fd, NULL);
        *watch->link = watch->next;
        if (watch->next != NULL) {
            watch->next->link = watch->link;
        }
        watch->link = NULL;
    }
    pthread_mutex_unlock(&lookout.lock);
}

/* lookout_rearm() - have @events reported once more, also if they are there already; takes no lock,
 * but watch->tell() may come at once */
void lookout_rearm(struct lookout_watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = watch};

    (void)epoll_ctl(lookout.epoll, EPOLL_CTL_MOD, watch->fd, &event);
}

/* lookout_insist() - have @watch told soon, and until everybody is awake; takes no lock */
void lookout_insist(struct lookout_watch *watch)
{
    atomic_store(&watch->is_due, true);
    atomic_store(&lookout.has_due, true);
    (void)eventfd_write(lookout.own, 1);
}

/* lookout_attend() - the broker's bell, which says that control words have changed; borrowed for
 * ever */
void lookout_attend(int bell)
{
    pthread_mutex_lock(&lookout.lock);
    lookout.bell = bell;
    if (lookout.epoll >= 0) {
        (void)add(bell, EPOLLIN, &lookout.bell);
    }
    pthread_mutex_unlock(&lookout.lock);
}

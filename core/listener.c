/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the threads of a server wait. Requests come from two sides: through sockets, all of which
 * are in one epoll set together with the inbox for new channels, the eventfds of clients with
 * memory and one that stays readable once the listener is shut; and through the memories
 * themselves.
 *
 * One thread at a time watches the memories. It looks at the hot ones for a while, without any
 * system call, if their clients are on other CPUs; then it dozes, until the bell word of a memory
 * changes, or the lookout sees something in the epoll set; with too many clients for that it sleeps
 * in epoll, as all other threads do.
 */
#include "core/listener.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "core/cleanup.h"
#include "core/colocation.h"
#include "core/container.h"
#include "core/control.h"
#include "core/error.h"
#include "core/hot.h"
#include "core/limits.h"
#include "core/lookout.h"
#include "core/request.h"
#include "core/served_table.h"
#include "core/session_wire.h"
#include "core/spin.h"

/* What epoll reports: one of these, or a channel's key, or that and 1 for its bell. */
#define KEY_STOP 0u
#define KEY_INBOX 1u
#define KEY_IS_BELL(key) (((key)&1) != 0)

#define DATAGRAM_BYTES_MAX (sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX)

/* Looks at the hot memories between two at everything else, and events taken there at a time: as
 * many, so that clients whose bells ring are not served less often than hot ones. */
#define LOOKS_PER_POLL 64

/* Rests after a channel came or went in which its end, or its first request, is waited for where it
 * is seen at once: not in a futex, which the lookout would have to break. */
#define RESTS_UNSETTLED 4

/*
 * @watch:       of the epoll set
 * @colocation:  of the thread that dozes
 * @lock:        guards everything below
 * @channels:    all there are
 * @reports_desertion: see there; @is_deserted: the last client went, and nobody was told yet
 * @hot:         room for as many as in @channels
 * @posted:      the broker's word: changes when there is something in the inbox, or a client ended
 * @last_posted: what it was when we last looked
 * @is_watched:  a thread watches the memories
 * @is_quiet:    there was nothing in the sockets
 * @dozes_at:    the first of the channels whose bells it waits for, a reference; NULL: it does not
 * @is_roused:   that doze is to end; the lookout sees to it
 * @can_doze:    the lookout will wake it
 * @is_armed:    the lookout sees the epoll set
 * @n_sleeping:  threads in epoll_wait()
 * @n_looks:     at the hot memories
 * @n_unsettled: rests that are still to be in epoll, as channels come and go
 */
struct listener {
    struct object object;
    int epoll;
    int stop;
    int inbox;
    struct lookout_watch watch;
    struct spin spin;
    struct colocation colocation;
    pthread_mutex_t lock;
    bool shut;
    bool inbox_closed;
    struct served_table channels;
    bool reports_desertion;
    bool is_deserted;
    struct hot_set hot;
    const _Atomic uint32_t *posted;
    uint32_t last_posted;
    bool is_watched;
    bool is_quiet;
    struct served *dozes_at;
    bool is_roused;
    bool can_doze;
    bool is_armed;
    unsigned n_sleeping;
    unsigned n_looks;
    unsigned n_unsettled;
};

static int listener_watch(struct listener *listener, int fd, uint32_t events, uint64_t key)
{
    struct epoll_event event = {.events = events, .data.u64 = key};

    return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* listener_rouse() - have a dozing thread look around; with the lock held */
static void listener_rouse(struct listener *listener)
{
    if (listener->dozes_at != NULL) {
        listener->is_roused = true;
        shared_server_rouse(&listener->dozes_at->shared);
        lookout_insist(&listener->watch);
    }
}

/* listener_tell() - there is something in the epoll set, or the broker has changed some word, or a
 * doze that was to end had not the last time: another one may go on */
static bool listener_tell(struct lookout_watch *watch, bool is_ready)
{
    struct listener *listener = CONTAINER_OF(watch, struct listener, watch);

    pthread_mutex_lock(&listener->lock);
    listener->is_quiet = false;
    listener->is_armed = listener->is_armed && !is_ready;
    listener->is_roused = listener->is_roused || is_ready;
    bool is_awake = listener->dozes_at == NULL || !listener->is_roused;
    if (!is_awake) {
        shared_server_rouse(&listener->dozes_at->shared);
    }
    pthread_mutex_unlock(&listener->lock);
    return is_awake;
}

/* is_over() - whether no request can come any more; with the lock held */
static bool is_over(const struct listener *listener)
{
    return listener->shut || (listener->inbox_closed && listener->channels.n_channels == 0);
}

/* wake_all() - no thread may wait any longer; with the lock held */
static void wake_all(struct listener *listener)
{
    listener_rouse(listener);
    (void)eventfd_write(listener->stop, 1);
}

static void wake_all_if_over(struct listener *listener)
{
    if (is_over(listener)) {
        wake_all(listener);
    }
}

/* set_deserted() - whether a thread is to be told that no client is left; with the lock held */
static void set_deserted(struct listener *listener, bool is_deserted)
{
    if (listener->reports_desertion && listener->is_deserted != is_deserted) {
        listener->is_deserted = is_deserted;
        if (is_deserted) {
            wake_all(listener);
        } else if (!is_over(listener)) {
            (void)eventfd_read(listener->stop, &(eventfd_t){0});
        }
    }
}

/* listener_end() - end a channel; with the lock held */
static void listener_end(struct listener *listener, struct served *served)
{
    if (!served_table_remove(&listener->channels, served)) {
        return;
    }
    listener->n_unsettled = RESTS_UNSETTLED;
    listener_rouse(listener);
    (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, served->fd, NULL);
    if (served->shared.memory != NULL) {
        hot_remove(&listener->hot, served);
        (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, served->shared.bell, NULL);
    }
    shared_server_close(&served->shared);
    (void)shutdown(served->fd, SHUT_RDWR);
    served_unref(served);
    if (listener->channels.n_channels == 0) {
        set_deserted(listener, true);
    }
    wake_all_if_over(listener);
}

/* listener_drop() - end a channel, if it has not ended yet */
void listener_drop(struct listener *listener, struct served *served)
{
    pthread_mutex_lock(&listener->lock);
    listener_end(listener, served);
    pthread_mutex_unlock(&listener->lock);
}

/* listener_shut() - end all channels and wake all threads, for good */
static void listener_shut(struct object *object)
{
    struct listener *listener = (struct listener *)object;

    pthread_mutex_lock(&listener->lock);
    listener->shut = true;
    for (size_t i = 0; i < listener->channels.n_places; i++) {
        struct served *served = listener->channels.places[i];
        if (served != NULL) {
            shared_server_close(&served->shared);
            (void)shutdown(served->fd, SHUT_RDWR);
        }
    }
    wake_all_if_over(listener);
    pthread_mutex_unlock(&listener->lock);
}

static void listener_free(struct object *object)
{
    struct listener *listener = (struct listener *)object;

    for (size_t i = 0; i < listener->channels.n_places; i++) {
        if (listener->channels.places[i] != NULL) {
            listener_end(listener, listener->channels.places[i]);
        }
    }
    lookout_end(&listener->watch);
    served_table_deinit(&listener->channels);
    hot_deinit(&listener->hot);
    fd_close(listener->inbox);
    fd_close(listener->stop);
    fd_close(listener->epoll);
    pthread_mutex_destroy(&listener->lock);
    free(listener);
}

const struct object_class listener_class = {
    .kind = OBJECT_LISTENER, .shut = listener_shut, .free = listener_free};

/*
 * listener_new() - a listener without clients
 * @inbox:        from the broker; consumed, on failure too
 * @posted:       the broker's word about it; borrowed for ever
 * @ret_listener: one reference, the caller's
 *
 * Return: 0; negative errno.
 */
int listener_new(int inbox, const _Atomic uint32_t *posted, struct listener **ret_listener)
{
    struct listener *listener = calloc(1, sizeof(*listener));

    if (listener == NULL) {
        fd_close(inbox);
        return -ENOMEM;
    }
    object_init(&listener->object, &listener_class);
    pthread_mutex_init(&listener->lock, NULL);
    hot_init(&listener->hot);
    listener->posted = posted;
    listener->inbox = inbox;
    listener->epoll = epoll_create1(EPOLL_CLOEXEC);
    listener->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int r = listener->epoll < 0 || listener->stop < 0 ? -errno : 0;
    if (r == 0) {
        r = listener_watch(listener, listener->stop, EPOLLIN, KEY_STOP);
    }
    if (r == 0) {
        r = listener_watch(listener, inbox, EPOLLIN, KEY_INBOX);
    }
    if (r != 0) {
        object_unref(&listener->object);
        return r;
    }
    listener->watch = (struct lookout_watch){.tell = listener_tell, .fd = listener->epoll};
    listener->can_doze = lookout_begin(&listener->watch) == 0;
    *ret_listener = listener;
    return 0;
}

/* listener_report_desertion() - have a listener_receive() fail whenever the last client has gone */
void listener_report_desertion(struct listener *listener)
{
    listener->reports_desertion = true;
}

/* listener_can_receive() - whether a request can still come, perhaps of a new client */
bool listener_can_receive(struct listener *listener)
{
    pthread_mutex_lock(&listener->lock);
    bool can_receive = !is_over(listener);
    pthread_mutex_unlock(&listener->lock);
    return can_receive;
}

/* listener_enter() - put a channel into the table and the epoll set; with the lock held */
static int listener_enter(struct listener *listener, struct served *served)
{
    if (listener->shut) {
        return ERROR_NOT_CONNECTED;
    }
    int r = served_table_add(&listener->channels, served);
    if (r != 0) {
        return r;
    }
    r = hot_reserve(&listener->hot, listener->channels.n_places);
    if (r == 0) {
        r = listener_watch(listener, served->fd, EPOLLIN, served->key);
    }
    if (r == 0) {
        listener->n_unsettled = RESTS_UNSETTLED;
        set_deserted(listener, false);
    } else {
        (void)served_table_remove(&listener->channels, served);
    }
    return r;
}

/* serve_end() - serve the channel end @fd, consumed */
static int serve_end(struct listener *listener, int fd, const struct session_inbox_post *post)
{
    struct served *served = served_new(fd, post->handle);

    if (served == NULL) {
        return -ENOMEM;
    }
    served->is_bound = post->is_bound != 0;
    served->riid = (nk_iid_t)post->riid;
    pthread_mutex_lock(&listener->lock);
    int r = listener_enter(listener, served);
    if (r != 0) {
        served_unref(served);
    }
    pthread_mutex_unlock(&listener->lock);
    return r;
}

/*
 * listener_add() - serve one more client
 * @fd:     the server's end of its channel; consumed, on failure too
 * @handle: that the broker's words speak of it under
 *
 * Who waits for requests need not be told: what comes first comes through the socket.
 *
 * Return: 0; ERROR_NOT_CONNECTED: the listener was shut; negative errno.
 */
int listener_add(struct listener *listener, int fd, Handle handle)
{
    return serve_end(listener, fd, &(struct session_inbox_post){.handle = handle});
}

/*
 * listener_admit() - take what the broker posted
 *
 * Return: 0: look again; ERROR_NOT_CONNECTED: the broker ended and there is no client left;
 * negative errno.
 */
static int listener_admit(struct listener *listener)
{
    struct session_inbox_post post;
    struct fd_list fds;
    size_t size;

    int r = fd_receive(listener->inbox, &post, sizeof(post), MSG_DONTWAIT, &size, &fds);
    if (r == -EAGAIN) {
        return 0; /* another thread was faster */
    }
    if (r != 0 || size != sizeof(post) || post.magic != SESSION_MAGIC) {
        (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, listener->inbox, NULL);
        pthread_mutex_lock(&listener->lock);
        listener->inbox_closed = true;
        wake_all_if_over(listener);
        pthread_mutex_unlock(&listener->lock);
        if (r == 0) {
            fd_list_deinit(&fds);
        }
        return 0;
    }
    int fd = fd_list_take(&fds);
    fd_list_deinit(&fds);
    if (fd < 0) {
        return 0; /* our table is full: the client's end is closed by now, and the others are served
                   */
    }
    return serve_end(listener, fd, &post);
}

/* take_offer() - share memory with a client */
static void take_offer(struct listener *listener, struct served *served, struct fd_list *fds)
{
    pthread_mutex_lock(&listener->lock);
    bool is_first = served->shared.memory == NULL;
    int r = served_answer_offer(served, fds->fds[0]);
    if (r == 0 && is_first && served->shared.memory != NULL) {
        (void)listener_watch(listener, served->shared.bell, EPOLLIN | EPOLLET, served->key + 1);
        hot_insert(&listener->hot, served);
        listener_rouse(listener);
    }
    if (r != 0) {
        listener_end(listener, served);
    }
    pthread_mutex_unlock(&listener->lock);
}

/* is_offer() - whether a datagram is nothing but an offer of memory */
static bool is_offer(const uint8_t *datagram, size_t size, const struct fd_list *fds)
{
    struct frame_head head;
    int n_fds = fds->surplus ? FD_PER_MESSAGE_MAX + 1 : fds->n_fds;

    return frame_parse_head(datagram, size, n_fds, &head) == 0 && head.flags == FRAME_OFFER;
}

/* served_receive() - take one datagram of a channel, of which @served is a reference, consumed;
 * *ret_request stays NULL if it is none, or bad */
static int served_receive(struct listener *listener, struct served *served,
                          struct request **ret_request)
{
    CLEANUP(free_p) uint8_t *datagram = malloc(DATAGRAM_BYTES_MAX);
    struct fd_list fds;
    size_t size;

    int r = datagram == NULL
                ? -ENOMEM
                : fd_receive(served->fd, datagram, DATAGRAM_BYTES_MAX, MSG_DONTWAIT, &size, &fds);
    if (r == 0 && size > 0 && !is_offer(datagram, size, &fds)) {
        return request_from_datagram(listener, served, STEAL(datagram), size, &fds, ret_request);
    }
    if (r == 0 && size > 0) {
        take_offer(listener, served, &fds);
    } else if (r != -EAGAIN && r != -ENOMEM) {
        listener_drop(listener, served);
    }
    if (r == 0) {
        fd_list_deinit(&fds);
    }
    served_unref(served);
    return r == -ENOMEM ? r : 0;
}

/* listener_find() - a reference to the channel with @key; NULL if it ended. A channel whose bell
 * rings is hot from then on. */
static struct served *listener_find(struct listener *listener, uint64_t key)
{
    pthread_mutex_lock(&listener->lock);
    struct served *served = served_table_find(&listener->channels, key & ~(uint64_t)1);
    if (served != NULL && KEY_IS_BELL(key)) {
        hot_heat(&listener->hot, served);
        listener_rouse(listener);
        served = NULL;
    } else if (served != NULL) {
        (void)served_ref(served);
    }
    pthread_mutex_unlock(&listener->lock);
    return served;
}

/* handle_event() - what epoll reported. Return: 0; negative errno. */
static int handle_event(struct listener *listener, uint64_t key, struct request **ret_request)
{
    if (key == KEY_STOP) {
        return 0;
    }
    if (key == KEY_INBOX) {
        return listener_admit(listener);
    }
    struct served *served = listener_find(listener, key);
    return served != NULL ? served_receive(listener, served, ret_request) : 0;
}

/*
 * listener_poll() - wait for one event of the epoll set, or just look whether there is one; with
 * the lock held, which is not held meanwhile
 *
 * Return: 0, and whether there was one in listener->is_quiet; negative errno.
 */
static int listener_poll(struct listener *listener, int timeout_ms, struct request **ret_request)
{
    struct epoll_event event;

    pthread_mutex_unlock(&listener->lock);
    int n = epoll_wait(listener->epoll, &event, 1, timeout_ms);
    int r = n < 0 && errno != EINTR ? -errno : 0;
    if (n > 0) {
        r = handle_event(listener, event.data.u64, ret_request);
    }
    pthread_mutex_lock(&listener->lock);
    listener->is_quiet = n == 0;
    return r;
}

/* look() - whether there is a request in a hot memory; now and then, and when somebody says that it
 * is time, in a socket. Return: 0; negative errno. */
static int look(struct listener *listener, struct found *ret_found, struct request **ret_request)
{
    struct hot_set *hot = &listener->hot;
    int r = 0;

    if (++listener->n_looks % LOOKS_PER_POLL == 0) {
        listener->is_quiet = false;
        if (hot->cold_bell == SHARED_BELL_WAKE) {
            hot_gather(hot);
        }
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

/* spin() - look for as long as that pays */
static int spin(struct listener *listener, struct found *ret_found, struct request **ret_request)
{
    struct spin_attempt attempt;
    int r = 0;

    spin_begin(&attempt, 0);
    do {
        pthread_mutex_unlock(&listener->lock);
        bool goes_on = spin_goes_on(&attempt);
        pthread_mutex_lock(&listener->lock);
        if (!goes_on) {
            break;
        }
        r = look(listener, ret_found, ret_request);
    } while (r == 0 && ret_found->served == NULL && *ret_request == NULL);
    spin_end(&listener->spin, ret_found->served != NULL);
    return r;
}

/* may_doze() - whether a futex can wait for all that may happen */
static bool may_doze(struct listener *listener)
{
    uint32_t posted = atomic_load_explicit(listener->posted, memory_order_acquire);
    size_t n_channels = listener->channels.n_channels;

    if (listener->n_unsettled > 0) {
        return false;
    }
    if (posted != listener->last_posted) {
        listener->last_posted = posted;
        listener->is_quiet = false;
    }
    return listener->is_quiet && listener->can_doze && listener->hot.n_channels == n_channels &&
           n_channels > 0 && n_channels <= FUTEX_WORDS_MAX &&
           (n_channels == 1 || futex_can_wait_any());
}

/* wait_for_bells() - until one of them is set off, of @n_words */
static void wait_for_bells(struct listener *listener, const struct futex_expectation *expected,
                           size_t n_words, uint32_t caller_cpu)
{
    if (n_words > 1) {
        futex_wait_any(expected, n_words);
        return;
    }
    colocation_begin(&listener->colocation, caller_cpu);
    futex_wait(expected);
    colocation_end(&listener->colocation);
}

/* doze() - until the bell word of a memory changes, or listener_rouse() says so; with the lock
 * held, which is not held meanwhile */
static void doze(struct listener *listener)
{
    struct futex_expectation expected[FUTEX_WORDS_MAX];
    struct hot_set *hot = &listener->hot;

    if (!hot_cool(hot, SHARED_BELL_WAKE)) {
        return;
    }
    hot_expect(hot, expected);
    size_t n_words = hot->n_channels;
    listener->is_roused = false;
    struct served *first = listener->dozes_at = served_ref(hot->channels[0]);
    if (!listener->is_armed) {
        listener->is_armed = true;
        lookout_rearm(&listener->watch, EPOLLIN);
    }
    pthread_mutex_unlock(&listener->lock);
    wait_for_bells(listener, expected, n_words, first->shared.client_cpu);
    pthread_mutex_lock(&listener->lock);
    listener->dozes_at = NULL;
    served_unref(first);
    hot_warm_up(hot);
    hot_gather(hot);
}

/* listener_sleep() - in epoll; with the lock held, which is not held meanwhile */
static int listener_sleep(struct listener *listener, struct request **ret_request)
{
    listener->n_unsettled -= listener->n_unsettled > 0;
    listener->n_sleeping++;
    int r = listener_poll(listener, -1, ret_request);
    listener->n_sleeping--;
    listener->is_quiet = false;
    return r;
}

/* watch() - wait for a request as the one thread that watches the memories; with the lock held.
 * Return: 0, perhaps without one; negative errno. */
static int watch(struct listener *listener, struct found *ret_found, struct request **ret_request)
{
    listener->is_watched = true;
    hot_warm_up(&listener->hot);
    int r = look(listener, ret_found, ret_request);
    bool has_any = ret_found->served != NULL || *ret_request != NULL;
    if (r == 0 && !has_any && may_spin(listener)) {
        r = spin(listener, ret_found, ret_request);
        has_any = ret_found->served != NULL || *ret_request != NULL;
    }
    if (r != 0 || has_any || !listener->is_quiet) {
        /* something happened */
    } else if (may_doze(listener)) {
        doze(listener);
        r = look(listener, ret_found, ret_request);
    } else if (listener->is_quiet && hot_cool(&listener->hot, SHARED_BELL_RING)) {
        listener->is_watched = false;
        return listener_sleep(listener, ret_request); /* from here on others may watch */
    }
    listener->is_watched = false;
    return r;
}

/* wake_another() - this thread has something to do: whoever sleeps is to watch; with the lock held
 */
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

/*
 * listener_receive() - wait for a request
 * @ret_request: owned by the caller; borrows the listener
 *
 * Context: any thread; of several that wait, each request goes to one.
 * Return:  0; ERROR_NOT_CONNECTED: the listener was shut, or the broker ended and no client is
 * left, or see listener_report_desertion(); negative errno.
 */
int listener_receive(struct listener *listener, struct request **ret_request)
{
    struct request *request = NULL;
    int r = 0;

    while (r == 0 && request == NULL) {
        struct found found = {0};
        pthread_mutex_lock(&listener->lock);
        if (is_over(listener)) {
            r = ERROR_NOT_CONNECTED;
        } else if (listener->is_deserted) {
            set_deserted(listener, false);
            r = ERROR_NOT_CONNECTED;
        } else if (listener->is_watched ||
                   (listener->n_unsettled > 0 && hot_is_cold(&listener->hot))) {
            r = listener_sleep(listener, &request);
        } else {
            r = watch(listener, &found, &request);
        }
        if (found.served != NULL || request != NULL) {
            wake_another(listener);
        }
        pthread_mutex_unlock(&listener->lock);
        if (found.served != NULL) {
            r = request_from_slot(listener, &found, &request);
        }
    }
    *ret_request = request;
    return r;
}

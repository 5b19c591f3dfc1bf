/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the threads of a server wait. Requests come from two sides: through sockets, all of which
 * are in one epoll set together with the inbox for new channels, the bells of the shared memories
 * and an eventfd that stays readable once the listener is shut; and through memories whose clients
 * called a moment ago, the hot ones, which one thread at a time looks at without any system call.
 * Before that thread sleeps it has their bells armed.
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
#include "core/control.h"
#include "core/error.h"
#include "core/hot.h"
#include "core/limits.h"
#include "core/served.h"
#include "core/session_wire.h"
#include "core/spin.h"

/* What epoll reports: one of these, or a channel's key, or that and 1 for its bell. */
#define KEY_STOP 0u
#define KEY_INBOX 1u
#define KEY_GENERATION_SHIFT 32
#define KEY_INDEX(key) (((size_t)(key)&0xffffffffu) / 2)
#define KEY_IS_BELL(key) (((key)&1) != 0)

#define DATAGRAM_BYTES_MAX (sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX)

/* Looks at the hot memories between two at everything else. */
#define LOOKS_PER_POLL 64

/*
 * @lock:        guards everything below
 * @served:      by index; NULL where a channel ended
 * @generation:  of the last key
 * @n_served:    channels there are
 * @hot:         room for as many as in @served
 * @is_watched:  a thread looks at the hot memories
 * @n_sleeping:  threads in epoll_wait()
 */
struct listener {
    struct object object;
    int epoll;
    int stop;
    int inbox;
    struct spin spin;
    pthread_mutex_t lock;
    bool shut;
    bool inbox_closed;
    uint32_t generation;
    struct served **served;
    size_t n_slots;
    size_t n_served;
    struct hot_set hot;
    bool is_watched;
    unsigned n_sleeping;
    unsigned n_looks;
};

static int listener_watch(struct listener *listener, int fd, uint32_t events, uint64_t key)
{
    struct epoll_event event = {.events = events, .data.u64 = key};

    return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static void served_unref_locked(struct served *served)
{
    if (--served->refs == 0) {
        served_free(served);
    }
}

static void served_unref(struct listener *listener, struct served *served)
{
    pthread_mutex_lock(&listener->lock);
    served_unref_locked(served);
    pthread_mutex_unlock(&listener->lock);
}

/* listener_end() - end a channel; with the lock held */
static void listener_end(struct listener *listener, struct served *served)
{
    if (listener->served[served->index] != served) {
        return;
    }
    listener->served[served->index] = NULL;
    listener->n_served--;
    hot_remove(&listener->hot, served);
    (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, served->fd, NULL);
    if (served->shared.bell >= 0) {
        (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, served->shared.bell, NULL);
    }
    shared_server_close(&served->shared);
    (void)shutdown(served->fd, SHUT_RDWR);
    served_unref_locked(served);
}

/* listener_drop() - end a channel, if it has not ended yet */
static void listener_drop(struct listener *listener, struct served *served)
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
    for (size_t i = 0; i < listener->n_slots; i++) {
        if (listener->served[i] != NULL) {
            shared_server_close(&listener->served[i]->shared);
            (void)shutdown(listener->served[i]->fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&listener->lock);
    (void)eventfd_write(listener->stop, 1);
}

static void listener_free(struct object *object)
{
    struct listener *listener = (struct listener *)object;

    for (size_t i = 0; i < listener->n_slots; i++) {
        if (listener->served[i] != NULL) {
            listener_end(listener, listener->served[i]);
        }
    }
    free(listener->served);
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
 * @ret_listener: one reference, the caller's
 *
 * Return: 0; negative errno.
 */
int listener_new(int inbox, struct listener **ret_listener)
{
    struct listener *listener = calloc(1, sizeof(*listener));

    if (listener == NULL) {
        fd_close(inbox);
        return -ENOMEM;
    }
    object_init(&listener->object, &listener_class);
    pthread_mutex_init(&listener->lock, NULL);
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
    *ret_listener = listener;
    return 0;
}

/* free_index() - a place in the table, which may grow for it. Return: 0; -ENOMEM. */
static int free_index(struct listener *listener, size_t *ret_index)
{
    size_t index = 1; /* so that no key is KEY_STOP or KEY_INBOX */

    while (index < listener->n_slots && listener->served[index] != NULL) {
        index++;
    }
    if (index >= listener->n_slots) {
        size_t n_slots = listener->n_slots < 8 ? 8 : 2 * listener->n_slots;
        struct served **served = realloc(listener->served, n_slots * sizeof(*served));
        if (served == NULL) {
            return -ENOMEM;
        }
        listener->served = served;
        if (hot_reserve(&listener->hot, n_slots) != 0) {
            return -ENOMEM;
        }
        memset(served + listener->n_slots, 0, (n_slots - listener->n_slots) * sizeof(*served));
        listener->n_slots = n_slots;
    }
    *ret_index = index;
    return 0;
}

/* listener_enter() - put a channel into the table and the epoll set; with the lock held */
static int listener_enter(struct listener *listener, struct served *served)
{
    size_t index;

    if (listener->shut) {
        return ERROR_NOT_CONNECTED;
    }
    int r = free_index(listener, &index);
    if (r != 0) {
        return r;
    }
    served->index = index;
    served->key = (uint64_t)++listener->generation << KEY_GENERATION_SHIFT | index * 2;
    r = listener_watch(listener, served->fd, EPOLLIN, served->key);
    if (r == 0) {
        listener->served[index] = served;
        listener->n_served++;
    }
    return r;
}

/* listener_add() - serve the channel end @fd, consumed */
static int listener_add(struct listener *listener, int fd, Handle handle)
{
    struct served *served = served_new(fd, control_word(handle));

    if (served == NULL) {
        return -ENOMEM;
    }
    pthread_mutex_lock(&listener->lock);
    int r = listener_enter(listener, served);
    if (r != 0) {
        served_unref_locked(served);
    }
    pthread_mutex_unlock(&listener->lock);
    return r;
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
    return listener_add(listener, fd, post.handle);
}

/* answer_status() - answer a call with a status; a client that does not take its replies is cut off
 */
static int answer_status(struct listener *listener, struct served *served, int slot, uint32_t call,
                         int32_t status)
{
    int r = served_send_status(served, slot, call, status);

    if (r != 0) {
        listener_drop(listener, served);
    }
    return r;
}

/* take_offer() - share memory with a client */
static void take_offer(struct listener *listener, struct served *served, struct fd_list *fds)
{
    pthread_mutex_lock(&listener->lock);
    bool is_first = served->shared.memory == NULL;
    int r = served_answer_offer(served, fds->fds[0]);
    if (r == 0 && is_first && served->shared.memory != NULL) {
        (void)listener_watch(listener, served->shared.bell, EPOLLIN | EPOLLET, served->key + 1);
        hot_add(&listener->hot, served);
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

/* served_parse() - make a request of a datagram, consumed; or answer it with an error */
static int served_parse(struct listener *listener, struct served *served, uint8_t *datagram,
                        size_t size, struct fd_list *fds, struct request **ret_request)
{
    CLEANUP(free_p) struct request *request = malloc(sizeof(*request));

    if (request == NULL) {
        free(datagram);
        fd_list_deinit(fds);
        return -ENOMEM;
    }
    request->listener = listener;
    request->served = served;
    request->slot = SERVED_SOCKET;
    int r = incoming_init(&request->incoming, datagram, size, fds);
    if (r == 0 && (request->incoming.frame.head.flags & ~FRAME_MEMFD) != 0) {
        r = ERROR_BAD_MESSAGE;
    }
    if (r != 0) {
        (void)answer_status(listener, served, SERVED_SOCKET, request->incoming.frame.head.call,
                            error_to_nk(r));
        incoming_deinit(&request->incoming);
        return 0;
    }
    *ret_request = STEAL(request);
    return 0;
}

/* served_receive() - take one datagram of a channel; *ret_request stays NULL if it is none, or bad
 */
static int served_receive(struct listener *listener, struct served *served,
                          struct request **ret_request)
{
    CLEANUP(free_p) uint8_t *datagram = malloc(DATAGRAM_BYTES_MAX);
    struct fd_list fds;
    size_t size;

    if (datagram == NULL) {
        return -ENOMEM;
    }
    int r = fd_receive(served->fd, datagram, DATAGRAM_BYTES_MAX, MSG_DONTWAIT, &size, &fds);
    if (r == -EAGAIN) {
        return 0;
    }
    if (r != 0 || size == 0) {
        if (r == 0) {
            fd_list_deinit(&fds);
        }
        listener_drop(listener, served);
        return 0;
    }
    if (is_offer(datagram, size, &fds)) {
        take_offer(listener, served, &fds);
        fd_list_deinit(&fds);
        return 0;
    }
    return served_parse(listener, served, STEAL(datagram), size, &fds, ret_request);
}

/* listener_find() - a reference to the channel with @key; NULL if it ended. A channel whose bell
 * rings is hot from then on. */
static struct served *listener_find(struct listener *listener, uint64_t key)
{
    size_t index = KEY_INDEX(key);

    pthread_mutex_lock(&listener->lock);
    struct served *served = index < listener->n_slots ? listener->served[index] : NULL;
    if (served != NULL && served->key != (key & ~(uint64_t)1)) {
        served = NULL;
    }
    if (served != NULL && KEY_IS_BELL(key)) {
        hot_add(&listener->hot, served);
        served = NULL;
    }
    if (served != NULL) {
        served->refs++;
    }
    pthread_mutex_unlock(&listener->lock);
    return served;
}

/* listener_is_over() - whether no request can come any more */
static bool listener_is_over(struct listener *listener)
{
    pthread_mutex_lock(&listener->lock);
    bool over = listener->shut || (listener->inbox_closed && listener->n_served == 0);
    pthread_mutex_unlock(&listener->lock);
    return over;
}

/* handle_event() - what epoll reported. Return: 0; ERROR_NOT_CONNECTED; negative errno. */
static int handle_event(struct listener *listener, uint64_t key, struct request **ret_request)
{
    if (key == KEY_STOP) {
        return 0;
    }
    if (key == KEY_INBOX) {
        return listener_admit(listener);
    }
    struct served *served = listener_find(listener, key);
    if (served == NULL) {
        return 0;
    }
    int r = served_receive(listener, served, ret_request);
    if (*ret_request == NULL) {
        served_unref(listener, served);
    }
    return r;
}

/* listener_poll() - wait for one event, or just look whether there is one */
static int listener_poll(struct listener *listener, int timeout_ms, struct request **ret_request)
{
    struct epoll_event event;
    int n = epoll_wait(listener->epoll, &event, 1, timeout_ms);

    if (n < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    return n == 0 ? 0 : handle_event(listener, event.data.u64, ret_request);
}

/* watch_begin() - become the one thread that looks at the hot memories. Return: whether there are
 * any, and nobody else does. */
static bool watch_begin(struct listener *listener, bool *ret_may_spin)
{
    uint32_t own_cpu = spin_cpu();

    pthread_mutex_lock(&listener->lock);
    bool is_ours = !listener->is_watched && listener->hot.n_channels > 0;
    listener->is_watched = listener->is_watched || is_ours;
    *ret_may_spin = false;
    for (size_t i = 0; i < listener->hot.n_channels && !*ret_may_spin; i++) {
        *ret_may_spin = spin_is_worthwhile(&listener->spin, own_cpu,
                                           listener->hot.channels[i]->shared.client_cpu);
    }
    pthread_mutex_unlock(&listener->lock);
    return is_ours;
}

/* wake_another() - this thread has a request: whoever sleeps is to take the next one */
static void wake_another(struct listener *listener)
{
    if (listener->n_sleeping == 0) {
        return;
    }
    hot_arm(&listener->hot, true);
    for (size_t i = 0; i < listener->hot.n_channels; i++) {
        if (shared_server_has_new(&listener->hot.channels[i]->shared)) {
            (void)eventfd_write(listener->hot.channels[i]->shared.bell, 1);
        }
    }
    hot_forget(&listener->hot);
}

/* watch_end() - before sleeping arm the bells and look once more; with a request in hand leave the
 * rest to others */
static bool watch_end(struct listener *listener, bool has_request, struct found *ret_found)
{
    bool has_found = false;

    pthread_mutex_lock(&listener->lock);
    if (!has_request) {
        hot_arm(&listener->hot, true);
        has_found = hot_find(&listener->hot, ret_found);
        if (has_found) {
            hot_arm(&listener->hot, false);
        } else {
            hot_forget(&listener->hot);
        }
    }
    if (has_request || has_found) {
        wake_another(listener);
    }
    listener->is_watched = false;
    pthread_mutex_unlock(&listener->lock);
    return has_found;
}

/*
 * watch() - look at the hot memories for as long as that pays, and now and then at the sockets
 *
 * Return: whether a request was found; false: sleep, unless one came over a socket.
 */
static bool watch(struct listener *listener, bool may_spin, struct found *ret_found,
                  struct request **ret_request)
{
    struct spin_attempt attempt;
    bool has_found = false;

    spin_begin(&attempt);
    do {
        pthread_mutex_lock(&listener->lock);
        has_found = hot_find(&listener->hot, ret_found);
        bool is_time = ++listener->n_looks % LOOKS_PER_POLL == 0;
        pthread_mutex_unlock(&listener->lock);
        if (is_time && !has_found && listener_poll(listener, 0, ret_request) != 0) {
            break;
        }
    } while (!has_found && *ret_request == NULL && may_spin && spin_goes_on(&attempt));
    if (may_spin) {
        spin_end(&listener->spin, has_found);
    }
    return watch_end(listener, has_found || *ret_request != NULL, ret_found) || has_found;
}

/* take_from_slot() - make a request of what is in a slot; or answer it with an error */
static int take_from_slot(struct listener *listener, const struct found *found,
                          struct request **ret_request)
{
    struct served *served = found->served;
    struct request *request = malloc(sizeof(*request));

    if (request == NULL) {
        (void)served_send_status(served, found->slot, 0, NK_ENOMEM);
        served_unref(listener, served);
        return 0;
    }
    request->listener = listener;
    request->served = served;
    request->slot = found->slot;
    int r = shared_server_take(&served->shared, (unsigned)found->slot, &request->incoming);
    if (r == 0 && request->incoming.frame.head.flags != 0) {
        r = ERROR_BAD_MESSAGE;
    }
    if (served_is_over(served)) {
        r = ERROR_NOT_CONNECTED;
    }
    if (r != 0) {
        (void)request_fail(request, error_to_nk(r));
        return 0;
    }
    *ret_request = request;
    return 0;
}

/* listener_sleep() - until something happens. Return: 0; negative errno. */
static int listener_sleep(struct listener *listener, struct request **ret_request)
{
    pthread_mutex_lock(&listener->lock);
    listener->n_sleeping++;
    pthread_mutex_unlock(&listener->lock);
    int r = listener_poll(listener, -1, ret_request);
    pthread_mutex_lock(&listener->lock);
    listener->n_sleeping--;
    pthread_mutex_unlock(&listener->lock);
    return r;
}

/*
 * listener_receive() - wait for a request
 * @ret_request: owned by the caller; borrows the listener
 *
 * Context: any thread; of several that wait, each request goes to one.
 * Return:  0; ERROR_NOT_CONNECTED: the listener was shut, or the broker ended and no client is
 * left; negative errno.
 */
int listener_receive(struct listener *listener, struct request **ret_request)
{
    struct request *request = NULL;
    struct found found;
    bool may_spin;
    int r = 0;

    while (r == 0 && request == NULL) {
        if (listener_is_over(listener)) {
            return ERROR_NOT_CONNECTED;
        }
        if (watch_begin(listener, &may_spin) && watch(listener, may_spin, &found, &request)) {
            r = take_from_slot(listener, &found, &request);
        } else if (request == NULL) {
            r = listener_sleep(listener, &request);
        }
    }
    *ret_request = request;
    return r;
}

static void request_free(struct request *request)
{
    served_unref(request->listener, request->served);
    incoming_deinit(&request->incoming);
    free(request);
}

/*
 * request_reply() - answer a request, which is consumed
 * @encoded:  the response
 * @is_error: it is an error response
 *
 * Context: any thread; never waits. A client that does not take its replies is cut off.
 * Return:  0; ERROR_NOT_CONNECTED: the client is gone or was cut off; negative errno, and the
 * client got NK_ENOMEM.
 */
int request_reply(struct request *request, const struct encoded *encoded, bool is_error)
{
    int r = served_send_reply(request->served, request->slot, request->incoming.frame.head.call,
                              encoded, is_error);

    if (r < 0) {
        (void)request_fail(request, NK_ENOMEM);
        return r;
    }
    if (r != 0) {
        listener_drop(request->listener, request->served);
    }
    request_free(request);
    return r;
}

/* request_fail() - answer a request, which is consumed, with a status. Return: as request_reply().
 */
int request_fail(struct request *request, int32_t status)
{
    int r = answer_status(request->listener, request->served, request->slot,
                          request->incoming.frame.head.call, status);
    request_free(request);
    return r;
}

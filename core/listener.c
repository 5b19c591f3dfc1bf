/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a listener serves. Requests come from two sides: through sockets, all of which are in one
 * epoll set together with the inbox for new channels, the eventfds of clients with memory and one
 * that stays readable once the listener is shut; and through the memories themselves. How threads
 * wait for both is in core/listener_wait.c.
 */
#include "core/listener_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "core/cleanup.h"
#include "core/container.h"
#include "core/control.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/session_wire.h"
#include "core/step.h"

/* What epoll reports: one of these, or a channel's key, or that and 1 for its bell. */
#define KEY_STOP 0u
#define KEY_INBOX 1u
#define KEY_IS_BELL(key) (((key)&1) != 0)

#define DATAGRAM_BYTES_MAX (sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX)

static int listener_watch(struct listener *listener, int fd, uint32_t events, uint64_t key)
{
    struct epoll_event event = {.events = events, .data.u64 = key};

    return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* listener_rouse() - have a dozing thread look around; with the lock held */
void listener_rouse(struct listener *listener)
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

    lock_take(&listener->lock);
    listener->is_quiet = false;
    listener->is_armed = listener->is_armed && !is_ready;
    listener->is_roused = listener->is_roused || is_ready;
    bool is_awake = listener->dozes_at == NULL || !listener->is_roused;
    if (!is_awake) {
        shared_server_rouse(&listener->dozes_at->shared);
    }
    lock_leave(&listener->lock);
    return is_awake;
}

/* listener_is_over() - whether no request can come any more; with the lock held */
bool listener_is_over(const struct listener *listener)
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
    if (listener_is_over(listener)) {
        wake_all(listener);
    }
}

/* listener_set_deserted() - whether a thread is to be told that no client is left; with the lock
 * held */
void listener_set_deserted(struct listener *listener, bool is_deserted)
{
    if (listener->reports_desertion && listener->is_deserted != is_deserted) {
        listener->is_deserted = is_deserted;
        if (is_deserted) {
            wake_all(listener);
        } else if (!listener_is_over(listener)) {
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
    if (served == listener->dozes_at) {
        listener->doze_ended = served;
    } else {
        served_unref(served);
    }
    if (listener->channels.n_channels == 0) {
        listener_set_deserted(listener, true);
    }
    wake_all_if_over(listener);
}

/* listener_drop() - end a channel, if it has not ended yet */
void listener_drop(struct listener *listener, struct served *served)
{
    lock_take(&listener->lock);
    listener_end(listener, served);
    lock_leave(&listener->lock);
}

/* listener_shut() - end all channels and wake all threads, for good */
static void listener_shut(struct object *object)
{
    struct listener *listener = (struct listener *)object;

    lock_take(&listener->lock);
    listener->shut = true;
    for (size_t i = 0; i < listener->channels.n_places; i++) {
        struct served *served = listener->channels.places[i];
        if (served != NULL) {
            shared_server_close(&served->shared);
            (void)shutdown(served->fd, SHUT_RDWR);
        }
    }
    wake_all_if_over(listener);
    lock_leave(&listener->lock);
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
    lock_take(&listener->lock);
    bool can_receive = !listener_is_over(listener);
    lock_leave(&listener->lock);
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
        listener_set_deserted(listener, false);
    } else {
        (void)served_table_remove(&listener->channels, served);
    }
    return r;
}

/* serve_end() - serve the channel end @fd, consumed */
static int serve_end(struct listener *listener, int fd, const struct session_inbox_post *post)
{
    struct served *served = served_new(fd, post->handle, post->client);

    if (served == NULL) {
        return -ENOMEM;
    }
    served->is_bound = post->is_bound != 0;
    served->riid = (nk_iid_t)post->riid;
    lock_take(&listener->lock);
    int r = listener_enter(listener, served);
    if (r != 0) {
        served_unref(served);
    }
    lock_leave(&listener->lock);
    return r;
}

/*
 * listener_add() - serve one more client
 * @fd:     the server's end of its channel; consumed, on failure too
 * @handle: that the broker's words speak of it under
 * @client: task whose channel it is; at most NAME_BYTES_MAX long; borrowed
 *
 * Who waits for requests need not be told: what comes first comes through the socket.
 *
 * Return: 0; ERROR_NOT_CONNECTED: the listener was shut; negative errno.
 */
int listener_add(struct listener *listener, int fd, Handle handle, const char *client)
{
    struct session_inbox_post post = {.handle = handle};

    (void)stpncpy(post.client, client, NAME_BYTES_MAX);
    return serve_end(listener, fd, &post);
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
    if (r != 0 || !session_post_is_sound(&post, size)) {
        (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, listener->inbox, NULL);
        lock_take(&listener->lock);
        listener->inbox_closed = true;
        wake_all_if_over(listener);
        lock_leave(&listener->lock);
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

/* take_offer() - share memory with a client, unless another thread has ended its channel meanwhile
 */
static void take_offer(struct listener *listener, struct served *served, struct fd_list *fds)
{
    lock_take(&listener->lock);
    bool is_there = served_table_find(&listener->channels, served->key) == served;
    bool is_first = served->shared.memory == NULL;
    int r = is_there ? served_answer_offer(served, fds->fds[0]) : ERROR_NOT_CONNECTED;
    if (r == 0 && is_first && served->shared.memory != NULL) {
        (void)listener_watch(listener, served->shared.bell, EPOLLIN | EPOLLET, served->key + 1);
        hot_insert(&listener->hot, served);
        listener_rouse(listener);
    }
    if (r != 0) {
        listener_end(listener, served);
    }
    lock_leave(&listener->lock);
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
        STEP("server: offer received");
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
    lock_take(&listener->lock);
    struct served *served = served_table_find(&listener->channels, key & ~(uint64_t)1);
    if (served != NULL && KEY_IS_BELL(key)) {
        hot_heat(&listener->hot, served);
        listener_rouse(listener);
        served = NULL;
    } else if (served != NULL) {
        (void)served_ref(served);
    }
    lock_leave(&listener->lock);
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
int listener_poll(struct listener *listener, int timeout_ms, struct request **ret_request)
{
    struct epoll_event event;

    lock_leave(&listener->lock);
    int n = epoll_wait(listener->epoll, &event, 1, timeout_ms);
    int r = n < 0 && errno != EINTR ? -errno : 0;
    if (n > 0) {
        r = handle_event(listener, event.data.u64, ret_request);
    }
    lock_take(&listener->lock);
    listener->is_quiet = n == 0;
    return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One epoll set per listener: the inbox on which the broker posts the server end of each new
 * channel, the ends themselves, and an eventfd that stays readable once the listener is shut. All
 * threads that receive wait in it.
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
#include "core/error.h"
#include "core/limits.h"
#include "core/outgoing.h"
#include "core/session_wire.h"

#define KEY_STOP 0u
#define KEY_INBOX 1u
#define KEY_FIRST_CHANNEL 2u
#define DATAGRAM_BYTES_MAX (sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX)

/* @key: what epoll reports for it; never used again for another channel */
struct served {
    int fd;
    unsigned refs;
    uint64_t key;
    struct served *next;
};

/* @lock: guards everything but the descriptors, which stay open as long as there are references */
struct listener {
    struct object object;
    int epoll;
    int stop;
    int inbox;
    pthread_mutex_t lock;
    bool shut;
    bool inbox_closed;
    uint64_t last_key;
    struct served *served;
};

static int listener_watch(struct listener *listener, int fd, uint64_t key)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = key};

    return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static void served_unref_locked(struct served *served)
{
    if (--served->refs == 0) {
        fd_close(served->fd);
        free(served);
    }
}

static void served_unref(struct listener *listener, struct served *served)
{
    pthread_mutex_lock(&listener->lock);
    served_unref_locked(served);
    pthread_mutex_unlock(&listener->lock);
}

/* listener_drop() - end the channel with @key, if it has not ended yet */
static void listener_drop(struct listener *listener, uint64_t key)
{
    pthread_mutex_lock(&listener->lock);
    for (struct served **at = &listener->served; *at != NULL; at = &(*at)->next) {
        if ((*at)->key == key) {
            struct served *served = *at;
            *at = served->next;
            (void)epoll_ctl(listener->epoll, EPOLL_CTL_DEL, served->fd, NULL);
            (void)shutdown(served->fd, SHUT_RDWR);
            served_unref_locked(served);
            break;
        }
    }
    pthread_mutex_unlock(&listener->lock);
}

/* listener_shut() - end all channels and wake all threads, for good */
static void listener_shut(struct object *object)
{
    struct listener *listener = (struct listener *)object;

    pthread_mutex_lock(&listener->lock);
    listener->shut = true;
    for (struct served *served = listener->served; served != NULL; served = served->next) {
        (void)shutdown(served->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&listener->lock);
    (void)eventfd_write(listener->stop, 1);
}

static void listener_free(struct object *object)
{
    struct listener *listener = (struct listener *)object;

    while (listener->served != NULL) {
        struct served *served = listener->served;
        listener->served = served->next;
        served_unref_locked(served);
    }
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
    listener->last_key = KEY_FIRST_CHANNEL;
    listener->inbox = inbox;
    listener->epoll = epoll_create1(EPOLL_CLOEXEC);
    listener->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int r = listener->epoll < 0 || listener->stop < 0 ? -errno : 0;
    if (r == 0) {
        r = listener_watch(listener, listener->stop, KEY_STOP);
    }
    if (r == 0) {
        r = listener_watch(listener, inbox, KEY_INBOX);
    }
    if (r != 0) {
        object_unref(&listener->object);
        return r;
    }
    *ret_listener = listener;
    return 0;
}

/* listener_add() - serve the channel end @fd, consumed */
static int listener_add(struct listener *listener, int fd)
{
    struct served *served = malloc(sizeof(*served));

    if (served == NULL) {
        fd_close(fd);
        return -ENOMEM;
    }
    pthread_mutex_lock(&listener->lock);
    *served =
        (struct served){.fd = fd, .refs = 1, .key = ++listener->last_key, .next = listener->served};
    int r = listener->shut ? ERROR_NOT_CONNECTED : listener_watch(listener, fd, served->key);
    if (r == 0) {
        listener->served = served;
    } else {
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
    return listener_add(listener, fd);
}

/* served_send_status() - answer call @call with a status; a client that does not take its replies
 * is cut off */
static int served_send_status(struct listener *listener, struct served *served, uint32_t call,
                              int32_t status)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = call, .flags = FRAME_REPLY | FRAME_STATUS, .status = status};
    struct iovec part = {.iov_base = &head, .iov_len = sizeof(head)};

    if (fd_send(served->fd, &part, 1, -1, MSG_DONTWAIT) != 0) {
        listener_drop(listener, served->key);
        return ERROR_NOT_CONNECTED;
    }
    return 0;
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
    *request = (struct request){.listener = listener, .served = served};
    int r = incoming_init(&request->incoming, datagram, size, fds);
    if (r == 0 && (request->incoming.frame.head.flags & ~FRAME_MEMFD) != 0) {
        r = ERROR_BAD_MESSAGE;
    }
    if (r != 0) {
        (void)served_send_status(listener, served, request->incoming.frame.head.call,
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
        listener_drop(listener, served->key);
        return 0;
    }
    return served_parse(listener, served, STEAL(datagram), size, &fds, ret_request);
}

/* listener_find() - a reference to the channel with @key; NULL if it ended */
static struct served *listener_find(struct listener *listener, uint64_t key)
{
    pthread_mutex_lock(&listener->lock);
    struct served *served = listener->served;
    while (served != NULL && served->key != key) {
        served = served->next;
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
    bool over = listener->shut || (listener->inbox_closed && listener->served == NULL);
    pthread_mutex_unlock(&listener->lock);
    return over;
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
    int r = 0;

    while (r == 0 && request == NULL) {
        struct epoll_event event;
        if (listener_is_over(listener)) {
            return ERROR_NOT_CONNECTED;
        }
        int n = epoll_wait(listener->epoll, &event, 1, -1);
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        if (n <= 0 || event.data.u64 == KEY_STOP) {
            continue;
        }
        if (event.data.u64 == KEY_INBOX) {
            r = listener_admit(listener);
            continue;
        }
        struct served *served = listener_find(listener, event.data.u64);
        if (served != NULL) {
            r = served_receive(listener, served, &request);
            if (request == NULL) {
                served_unref(listener, served);
            }
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
    struct frame_head head = encoded->head;
    struct outgoing outgoing;

    int r = outgoing_init(&outgoing, frame_payload_bytes(&head));
    if (r != 0) {
        outgoing_deinit(&outgoing);
        (void)request_fail(request, NK_ENOMEM);
        return r;
    }
    encoded_pack(encoded, outgoing.payload);
    head.call = request->incoming.frame.head.call;
    head.flags = (uint16_t)(FRAME_REPLY | (is_error ? FRAME_ERROR : 0));
    r = outgoing_send(&outgoing, request->served->fd, &head, MSG_DONTWAIT);
    outgoing_deinit(&outgoing);
    if (r != 0) {
        listener_drop(request->listener, request->served->key);
        r = ERROR_NOT_CONNECTED;
    }
    request_free(request);
    return r;
}

/* request_fail() - answer a request, which is consumed, with a status. Return: as request_reply().
 */
int request_fail(struct request *request, int32_t status)
{
    int r = served_send_status(request->listener, request->served,
                               request->incoming.frame.head.call, status);
    request_free(request);
    return r;
}

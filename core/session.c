/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/cleanup.h"
#include "core/control.h"
#include "core/error.h"
#include "core/link.h"
#include "core/lookout.h"
#include "core/process.h"

/* @open: there is a broker to talk to */
static struct {
    pthread_once_t once;
    bool open;
    struct link link;
    struct session_message welcome;
} session = {.once = PTHREAD_ONCE_INIT};

/* session_descriptor() - the descriptor that the environment names, if it is a SOCK_SEQPACKET; else
 * -1 */
static int session_descriptor(void)
{
    const char *text = secure_getenv(SESSION_ENVIRONMENT);
    char *end;
    int type;
    socklen_t type_size = sizeof(type);

    if (text == NULL || *text == '\0') {
        return -1;
    }
    long fd = strtol(text, &end, 10);
    if (*end != '\0' || fd < 3 || fd > INT32_MAX ||
        getsockopt((int)fd, SOL_SOCKET, SO_TYPE, &type, &type_size) < 0 || type != SOCK_SEQPACKET) {
        return -1;
    }
    return (int)fd;
}

/* first_message() - one that waits in @socket already, and its one descriptor. Return: whether it
 * is as it must be. */
static bool first_message(int socket, enum session_op op, struct session_message *ret_message,
                          int *ret_fd)
{
    uint8_t bytes[SESSION_BYTES_MAX];
    struct fd_list fds;
    size_t size;

    if (fd_receive(socket, bytes, sizeof(bytes), 0, &size, &fds) != 0) {
        return false;
    }
    *ret_fd = fds.n_fds == 1 ? fd_list_take(&fds) : -1;
    fd_list_deinit(&fds);
    return *ret_fd >= 0 && session_message_parse(bytes, size, ret_message) == 0 &&
           ret_message->head.op == op;
}

/* session_open() - take the session over; it is for this process alone, not for what it executes */
static void session_open(void)
{
    struct session_message unused;
    CLEANUP(fd_close_p) int control = -1;
    CLEANUP(fd_close_p) int bell = -1;
    int fd = session_descriptor();

    if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        return;
    }
    (void)unsetenv(SESSION_ENVIRONMENT);
    process_watch_forks();
    if (!first_message(fd, SESSION_WELCOME, &session.welcome, &control) ||
        !first_message(fd, SESSION_BELL, &unused, &bell) || control_map(control) != 0) {
        return;
    }
    lookout_attend(bell);
    bell = -1;
    link_init(&session.link, fd, SESSION_BYTES_MAX, SESSION_REQUESTS_MAX);
    hinted_wait_init(&session.link.wait, control_hints());
    session.open = true;
}

static bool session_is_open(void)
{
    (void)pthread_once(&session.once, session_open);
    return session.open && !process_is_forked();
}

/* session_task_name() - the name of this process in its solution; "" without a broker */
const char *session_task_name(void)
{
    return session_is_open() ? session.welcome.strings[0] : "";
}

/* session_class_name() - the class that this process was launched as; "" without a broker */
const char *session_class_name(void)
{
    return session_is_open() ? session.welcome.strings[1] : "";
}

/* session_take_reply() - check the broker's answer and split off its descriptor */
static int session_take_reply(struct link_message *raw, enum session_op op,
                              struct session_message *ret_reply, int *ret_fd)
{
    int r = session_message_parse(raw->bytes, raw->size, ret_reply);

    if (r != 0 || ret_reply->head.op != (uint32_t)op) {
        return ERROR_NO_BROKER;
    }
    if (ret_reply->head.result == 0) {
        *ret_fd = fd_list_take(&raw->fds);
    }
    return ret_reply->head.result;
}

/* session_link() - what requests are made on; NULL without a broker */
struct link *session_link(void)
{
    return session_is_open() ? &session.link : NULL;
}

/*
 * session_request() - ask the broker something and wait for the answer
 * @handle, @riid, @name: as @op needs them; @name may be NULL
 * @ret_reply:            filled in on success
 * @ret_fd:               descriptor that came along, owned by the caller; -1 if none
 *
 * Context: any thread.
 * Return:  0; what the broker answered; ERROR_BAD_MESSAGE: @name is too long; ERROR_NO_BROKER;
 * ERROR_QUOTA; negative errno.
 */
int session_request(enum session_op op, Handle handle, uint32_t riid, const char *name,
                    struct session_message *ret_reply, int *ret_fd)
{
    const char *const strings[SESSION_STRINGS] = {name};
    struct session_head head = {.op = (uint32_t)op, .handle = handle, .riid = riid};
    struct link_waiter waiter;

    *ret_fd = -1;
    if (name != NULL && strnlen(name, LOCATOR_NAME_BYTES_MAX + 1) > LOCATOR_NAME_BYTES_MAX) {
        return ERROR_BAD_MESSAGE;
    }
    if (!session_is_open()) {
        return ERROR_NO_BROKER;
    }
    int r = link_begin(&session.link, &waiter);
    if (r != 0) {
        return r == ERROR_NOT_CONNECTED ? ERROR_NO_BROKER : r;
    }
    head.number = waiter.number;
    r = session_send(session.link.fd, &head, strings, -1, 0);
    if (r == 0) {
        r = link_wait(&session.link, &waiter);
    }
    if (r == 0) {
        r = session_take_reply(&waiter.reply, op, ret_reply, ret_fd);
    } else if (r != -ENOMEM) {
        r = ERROR_NO_BROKER;
    }
    link_end(&session.link, &waiter);
    return r;
}

/* session_announce() - tell the broker something that needs no answer. Return: false: there is no
 * broker, so that nobody needs to know. */
bool session_announce(enum session_op op, Handle handle, uint32_t riid,
                      const char *const strings[SESSION_STRINGS])
{
    struct session_head head = {.op = (uint32_t)op, .handle = handle, .riid = riid};

    return session_is_open() && session_send(session.link.fd, &head, strings, -1, 0) == 0;
}

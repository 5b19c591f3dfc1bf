/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/loop.h"

#include <errno.h>
#include <sys/epoll.h>

#include "core/fd.h"

int loop_init(struct loop *loop)
{
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    return loop->epoll < 0 ? -errno : 0;
}

void loop_deinit(struct loop *loop)
{
    loop->epoll = fd_close(loop->epoll);
}

/* loop_add() - wait for source->fd; @source must stay where it is. Return: 0; negative errno. */
int loop_add(struct loop *loop, struct loop_source *source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};

    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, source->fd, &event) < 0 ? -errno : 0;
}

/* loop_pause() - wait no longer, until it is added again */
void loop_pause(struct loop *loop, struct loop_source *source)
{
    (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
}

/* loop_remove() - wait no longer, and close source->fd */
void loop_remove(struct loop *loop, struct loop_source *source)
{
    if (source->fd >= 0) {
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
        source->fd = fd_close(source->fd);
    }
}

/*
 * loop_turn() - wait once, and call one source that is ready
 * @timeout_ms: -1 to wait without end
 *
 * One at a time, so that a source may remove any other; the kernel takes turns among those that are
 * ready.
 *
 * Return: 0; negative errno.
 */
int loop_turn(struct loop *loop, int timeout_ms)
{
    struct epoll_event event;
    int n = epoll_wait(loop->epoll, &event, 1, timeout_ms);

    if (n < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    if (n == 1) {
        struct loop_source *source = event.data.ptr;
        source->ready(source);
    }
    return 0;
}

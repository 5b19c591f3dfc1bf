/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener, as core/listener.c, which has its channels, and core/listener_wait.c, whose threads
 * wait for requests, know it.
 */
#pragma once

#include "core/colocation.h"
#include "core/hot.h"
#include "core/listener.h"
#include "core/lock.h"
#include "core/lookout.h"
#include "core/request.h"
#include "core/served_table.h"
#include "core/spin.h"

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
 * @dozes_at:    the first of the channels whose bells it waits for; NULL: it does not
 * @doze_ended:  that channel, a reference, if it has ended meanwhile: the doze uses its memory
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
    struct lock lock;
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
    struct served *doze_ended;
    bool is_roused;
    bool can_doze;
    bool is_armed;
    unsigned n_sleeping;
    unsigned n_looks;
    unsigned n_unsettled;
};

bool listener_is_over(const struct listener *listener);
void listener_rouse(struct listener *listener);
void listener_set_deserted(struct listener *listener, bool is_deserted);
int listener_poll(struct listener *listener, int timeout_ms, struct request **ret_request);

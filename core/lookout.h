/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sleeps in a futex sees nothing of what happens to descriptors: a peer that hangs up, a
 * message, a word from the broker. To look at them now and then takes a time-out, and with it a
 * tenth of a call; so a thread of this process waits for all of them, the lookout, and wakes whom
 * it concerns.
 *
 * The words to sleep on can be written by a peer, who may undo what should have ended the sleep. So
 * the lookout tells again, soon, until everybody is awake.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * @tell:   wake those that sleep and are concerned; @is_ready: since the descriptor is. Called by
 *          the lookout, one at a time. Return: whether nobody has to be told again.
 * @fd:     borrowed
 * @events: of epoll; reported once, and then after lookout_rearm()
 */
struct lookout_watch {
    bool (*tell)(struct lookout_watch *watch, bool is_ready);
    int fd;
    uint32_t events;
    atomic_bool is_due;
    struct lookout_watch *next;
    struct lookout_watch **link;
};

int lookout_begin(struct lookout_watch *watch);
void lookout_end(struct lookout_watch *watch);
void lookout_rearm(struct lookout_watch *watch, uint32_t events);
void lookout_insist(struct lookout_watch *watch);
void lookout_attend(int bell);

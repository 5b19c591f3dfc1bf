/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A SOCK_SEQPACKET end that several threads make requests on at once.
 *
 * Every message starts with a magic word and the number of its request. One of the waiting threads
 * receives for all; whoever is handed its reply goes, and if it was the receiving thread another
 * one takes over. A reply that nobody waits for any more is told by its number and can never reach
 * a later request; until it has come and was taken, the request counts as one of those in progress.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fd.h"
#include "core/hints.h"
#include "core/until.h"

struct link_waiter;

/* Numbers with this bit are for replies that may come before anybody waits for them: they are kept,
 * one for each of the values of the lowest bits, until link_collect(). */
#define LINK_KEPT UINT32_C(0x80000000)
#define LINK_KEPT_MAX 16

/* A received message, owned; @bytes from malloc. */
struct link_message {
    uint8_t *bytes;
    size_t size;
    struct fd_list fds;
};

/*
 * @lock:       guards everything below; never held across a system call that waits
 * @n_changes:  a reply was handed over, the receiving thread stopped receiving, or the link died;
 *              the other threads sleep on it, @n_followers of them
 * @receiving:  a thread is in recvmsg()
 * @dead:       the other end is closed, or link_shut() was called
 * @bytes_max:  the longest message
 * @wait:       how the receiving thread waits; for whoever opens the link to set up
 */
struct link {
    int fd;
    size_t bytes_max;
    size_t waiters_max;
    pthread_mutex_t lock;
    _Atomic uint32_t n_changes;
    size_t n_followers;
    bool receiving;
    bool dead;
    uint32_t last_number;
    size_t n_waiters;
    size_t n_given_up;
    struct link_waiter *waiters;
    struct link_message kept[LINK_KEPT_MAX];
    struct hinted_wait wait;
};

/* One request in progress, and whether it looked out for what comes after @seen: the thread's
 * between link_begin() and link_end(). What may be given up comes from malloc, and is the link's
 * from then on. */
struct link_waiter {
    uint32_t number;
    uint32_t seen;
    bool has_looked;
    bool done;
    bool is_given_up;
    struct link_message reply;
    struct link_waiter *next;
};

void link_init(struct link *link, int fd, size_t bytes_max, size_t waiters_max);
void link_deinit(struct link *link);
void link_shut(struct link *link);
int link_begin(struct link *link, struct link_waiter *waiter);
int link_collect(struct link *link, uint32_t number, struct link_waiter *waiter);
void link_limit(struct link *link, size_t waiters_max);
bool link_take_kept(struct link *link, uint32_t number, struct link_message *ret_message);
void link_message_deinit(struct link_message *message);
int link_wait(struct link *link, struct link_waiter *waiter);
int link_wait_until(struct link *link, struct link_waiter *waiter, struct until *until);
void link_give_up(struct link *link, struct link_waiter *waiter);
void link_leave(struct link *link, struct link_waiter *waiter);
bool link_take_late(struct link *link, struct link_message *ret_reply);
bool link_receive_kept(struct link *link, uint32_t number, struct link_message *ret_message);
void link_end(struct link *link, struct link_waiter *waiter);

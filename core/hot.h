/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels of a listener that share memory with their clients. The server looks at those that
 * had a request a moment ago, the hot ones; the clients of all others, the cold ones, have to say
 * that there is something. Guarded by the listener's lock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/futex.h"
#include "core/served.h"
#include "core/turns.h"

/*
 * @channels:  the hot ones first
 * @n_warm:    of the first channels: are looked at again after the rest
 * @n_room:    channels that there is room for
 * @next:      the one to look at first, so that each has its turn
 * @is_busy:   there is so much to do that the server should have its CPU for itself
 * @n_served:  requests since the last rest, or since that was last seen
 * @turns:     of clients on other CPUs
 * @cold_bell: what the bells of all cold ones are set to
 * @has_mail:  a client says that there is something in its socket; whoever has looked clears it
 */
struct hot_set {
    struct served **channels;
    size_t n_channels;
    size_t n_hot;
    size_t n_warm;
    size_t n_room;
    size_t next;
    bool is_busy;
    unsigned n_served;
    struct turns turns;
    enum shared_bell cold_bell;
    bool has_mail;
};

/* A request in a slot, with a reference to its channel. */
struct found {
    struct served *served;
    unsigned slot;
};

void hot_init(struct hot_set *hot);
void hot_deinit(struct hot_set *hot);
int hot_reserve(struct hot_set *hot, size_t n_channels);
void hot_insert(struct hot_set *hot, struct served *served);
void hot_remove(struct hot_set *hot, struct served *served);
void hot_heat(struct hot_set *hot, struct served *served);
void hot_warm_up(struct hot_set *hot);
bool hot_is_cold(const struct hot_set *hot);
bool hot_cool(struct hot_set *hot, enum shared_bell bell);
void hot_gather(struct hot_set *hot);
void hot_expect(const struct hot_set *hot, struct futex_expectation *ret_expected);
bool hot_has_new(const struct hot_set *hot);
void hot_see_whether_busy(struct hot_set *hot, unsigned n_looks);
bool hot_find(struct hot_set *hot, struct found *ret_found);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's half of a channel's shared memory; see shared.h.
 */
#pragma once

#include <stdbool.h>

#include "core/control.h"
#include "core/encode.h"
#include "core/incoming.h"
#include "core/parting.h"
#include "core/shared.h"
#include "core/spin.h"
#include "core/until.h"

/*
 * @memory:    NULL: there is none, and never will be
 * @memfd:     until the server's answer has been checked; else -1
 * @bell:      an eventfd of the server's
 * @is_offered: the server may be looking at it
 * @is_ready:  calls may use it
 * @is_dead:   no reply will come any more
 * @is_busy:   which slots are in use
 * @given_up:  of these, those whose calls ended without a reply, one bit each; nobody may use them
 *             until it comes and was taken. Who takes a bit away has the slot
 * @backed:    slots that have memory behind them, likewise
 * @sequences: of the last request in each slot
 * @has_bulk:  which slot's call has the bulk
 * @bulk_busy: there is one
 * @bulk_wanted: even by small requests, since a reply was large not long ago
 * @bulk_backed: how much of it has memory behind it
 * @parting:   from the server's CPU
 * @control:   the broker's word about this channel
 */
struct shared_client {
    struct shared *memory;
    int memfd;
    int bell;
    atomic_bool is_offered;
    atomic_bool is_ready;
    atomic_bool is_dead;
    atomic_bool is_busy[SHARED_SLOTS];
    _Atomic uint32_t given_up;
    _Atomic uint32_t backed;
    uint32_t sequences[SHARED_SLOTS];
    bool has_bulk[SHARED_SLOTS];
    atomic_bool bulk_busy;
    atomic_bool bulk_wanted;
    _Atomic size_t bulk_backed;
    struct spin spin;
    struct parting parting;
    struct control_view control;
};

void shared_client_init(struct shared_client *client, Handle handle);
void shared_client_deinit(struct shared_client *client);
void shared_client_shut(struct shared_client *client);
bool shared_client_is_over(const struct shared_client *client);
bool shared_client_wake(struct shared_client *client);

int shared_client_offer(struct shared_client *client);
bool shared_client_accept(struct shared_client *client, int bell);

void shared_client_announce_mail(struct shared_client *client);
int shared_client_take(struct shared_client *client, size_t payload_bytes);
void shared_client_give_back(struct shared_client *client, unsigned slot);
int shared_client_call(struct shared_client *client, unsigned slot, struct encoded *encoded,
                       struct until *until, struct incoming *ret_reply);

void shared_client_give_up(struct shared_client *client, unsigned slot);
bool shared_client_has_given_up(const struct shared_client *client);
bool shared_client_take_late(struct shared_client *client, unsigned slot,
                             struct incoming *ret_reply);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's half of a channel's shared memory; see shared.h.
 */
#pragma once

#include <stdbool.h>

#include "core/encode.h"
#include "core/incoming.h"
#include "core/shared.h"

/*
 * @memory:      NULL: none was offered
 * @bell:        an eventfd, which the client rings
 * @last:        sequence number of the last request taken from each slot
 * @is_busy:     which slots' requests were taken and not answered; not even a client that uses one
 *               before that gets it served twice
 * @armed:       what the bell was set to
 * @has_bulk:    which slots' clients let the reply use the bulk
 * @bulk_backed: how much of it has memory behind it
 * @last_others: what `others` was when all slots but the first had been looked at
 * @last_mail:   what `mail` was when it was last looked at
 * @advice:      an enum shared_advice, which the client is told with the next reply
 * @client_cpu:  where the last request came from, as the client says
 */
struct shared_server {
    struct shared *memory;
    int bell;
    uint32_t last[SHARED_SLOTS];
    atomic_bool is_busy[SHARED_SLOTS];
    bool has_bulk[SHARED_SLOTS];
    _Atomic size_t bulk_backed;
    enum shared_bell armed;
    uint32_t last_others;
    uint32_t last_mail;
    _Atomic uint32_t advice;
    _Atomic uint32_t client_cpu;
};

#define SHARED_SERVER_NULL ((struct shared_server){.bell = -1})

int shared_server_accept(struct shared_server *server, int memfd);
void shared_server_deinit(struct shared_server *server);
void shared_server_close(struct shared_server *server);

void shared_server_arm(struct shared_server *server, enum shared_bell bell);
void shared_server_rouse(struct shared_server *server);
bool shared_server_has_rung(const struct shared_server *server);
bool shared_server_has_new(const struct shared_server *server);
int shared_server_find(struct shared_server *server);
bool shared_server_take_mail(struct shared_server *server);
int shared_server_take(struct shared_server *server, unsigned slot, struct incoming *ret_request);
bool shared_server_reply(struct shared_server *server, unsigned slot, const struct frame_head *head,
                         const struct encoded *encoded);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server end of one client's channel: its socket, and the memory that it shares.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/control.h"
#include "core/encode.h"
#include "core/incoming.h"
#include "core/shared_server.h"

/*
 * @handle:     that the broker calls this end, where it says something about it
 * @control:    its word about it
 * @fd:         the socket; stays open as long as there are references
 * @refs:       of the listener's table and of requests
 * @key:        what epoll reports for it, never used again for another channel; its bell has key +
 * 1
 * @index:      in the listener's table
 * @is_bound:   all requests are for the endpoint @riid, as the broker says
 * @shared:     see there
 * @place:      in the listener's hot_set, if there is memory
 * @n_idle:     looks in vain since the last request
 * @n_warm_rests: how often the server may rest before it counts as quiet
 * @client:     task whose channel it is, as the broker says; lies behind the structure
 */
struct served {
    int fd;
    Handle handle;
    struct control_view control;
    atomic_uint refs;
    uint64_t key;
    size_t index;
    bool is_bound;
    nk_iid_t riid;
    struct shared_server shared;
    size_t place;
    unsigned n_idle;
    unsigned n_warm_rests;
    const char *client;
};

/* How a request came, and so how its reply has to go. */
#define SERVED_SOCKET (-1)

struct served *served_new(int fd, Handle handle, const char *client);
struct served *served_ref(struct served *served);
void served_unref(struct served *served);

bool served_is_over(const struct served *served);
int served_answer_offer(struct served *served, int memfd);
int served_send_status(struct served *served, int slot, uint32_t call, int32_t status);
int served_send_reply(struct served *served, int slot, uint32_t call, struct encoded *encoded,
                      bool is_error);

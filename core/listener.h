/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener: where a server waits for the requests of all clients of one channel id.
 */
#pragma once

#include "core/encode.h"
#include "core/incoming.h"
#include "core/object.h"

struct listener;
struct served; /* the server end of one client's channel */

/*
 * A request that was taken and not yet answered. Owned by the thread that received it; ended by one
 * of request_reply(), request_fail().
 */
struct request {
    struct listener *listener;
    struct served *served;
    int slot; /* of the channel's memory, or SERVED_SOCKET */
    struct incoming incoming;
    struct request *next; /* for the owner's list */
};

int listener_new(int inbox, struct listener **ret_listener);
int listener_receive(struct listener *listener, struct request **ret_request);
int request_reply(struct request *request, const struct encoded *encoded, bool is_error);
int request_fail(struct request *request, int32_t status);
extern const struct object_class listener_class;

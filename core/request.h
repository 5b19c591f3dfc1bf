/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request that was taken and not yet answered. Owned by the thread that received it; ended by one
 * of request_reply(), request_fail().
 */
#pragma once

#include "core/hot.h"
#include "core/incoming.h"
#include "core/served.h"

struct capchan_method;
struct listener;

/* @slot:   of the channel's memory, or SERVED_SOCKET
 * @method: for the owner
 * @next:   for the owner's list */
struct request {
    struct listener *listener;
    struct served *served;
    int slot;
    struct incoming incoming;
    const struct capchan_method *method;
    struct request *next;
};

int request_from_slot(struct listener *listener, const struct found *found,
                      struct request **ret_request);
int request_from_datagram(struct listener *listener, struct served *served, uint8_t *datagram,
                          size_t size, struct fd_list *fds, struct request **ret_request);
int request_reply(struct request *request, struct encoded *encoded, bool is_error);
int request_fail(struct request *request, int32_t status);
void request_keep_spare(bool keeps);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client end of a channel.
 */
#pragma once

#include <stdatomic.h>

#include "core/encode.h"
#include "core/incoming.h"
#include "core/object.h"
#include "core/until.h"

struct client;

int client_new(int fd, Handle handle, const char *interface, struct client **ret_client);
bool client_leads_to(struct client *client, const struct capchan_method *method, nk_mid_t mid);
const char *client_interface(const struct client *client);
int client_call(struct client *client, nk_iid_t riid, nk_mid_t mid, struct encoded *encoded,
                struct until *until, struct incoming *ret_reply);
extern const struct object_class client_class;

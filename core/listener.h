/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener: where a server waits for the requests of all clients of one channel id.
 */
#pragma once

#include <stdbool.h>

#include "core/object.h"
#include "core/until.h"

struct listener;
struct request;
struct served; /* the server end of one client's channel */

int listener_new(int inbox, const _Atomic uint32_t *posted, struct listener **ret_listener);
void listener_report_desertion(struct listener *listener);
int listener_add(struct listener *listener, int fd, Handle handle, const char *client);
bool listener_can_receive(struct listener *listener);
int listener_receive(struct listener *listener, struct until *until, struct request **ret_request);
void listener_drop(struct listener *listener, struct served *served);
extern const struct object_class listener_class;

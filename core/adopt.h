/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking over what the broker has given a handle for.
 */
#pragma once

#include <handle/handletype.h>
#include <stdbool.h>

struct client;
struct object;

int adopt_client(Handle handle, int fd);
int adopt_listener(Handle handle, int inbox, bool reports_desertion);
int adopt_channel(Handle handle, int fd, const char *interface);
int adopt_resource(Handle handle);

int adopt_parcel(Handle handle, bool has_channel);
int adopt_sent_listener(Handle handle);
void adopt_undo(Handle handle);
int adopt_find_client(Handle handle, struct object **ret_object, struct client **ret_client);
int adopt_give_back(Handle handle, int r);
int adopt_object(Handle handle, struct object *object);
int adopt_notice(Handle handle, int fd);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking over what the broker has given a handle for.
 */
#pragma once

#include <handle/handletype.h>

int adopt_client(Handle handle, int fd);
int adopt_listener(Handle handle, int inbox);
int adopt_resource(Handle handle);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking over what the broker has given a handle for.
 */
#pragma once

#include <handle/handletype.h>
#include <stdbool.h>

int adopt_client(Handle handle, int fd);
int adopt_listener(Handle handle, int inbox, bool reports_desertion);
int adopt_resource(Handle handle);

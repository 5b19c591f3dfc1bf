/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notices of this process: objects with a handle, which programs see as a pointer to nothing.
 */
#pragma once

#include <coresrv/handle/handle_api.h>

struct object;

int notice_object_new(int fd, struct object **ret_notice);
Handle notice_handle(Notice notice);

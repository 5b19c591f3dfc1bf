/* SPDX-License-Identifier: Apache-2.0 */
/* Getting this process's end of a channel that init.yaml declares. */
#pragma once

#include <handle/handletype.h>

#include "core/session_wire.h"

int static_channel_open(enum session_op op, const char *id, Handle *ret_handle);

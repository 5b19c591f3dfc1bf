/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests that this thread took and has not answered: one per listener, the last.
 */
#pragma once

#include <handle/handletype.h>

#include "core/request.h"

int pending_put(struct request *request);
const struct request *pending_last(void);
struct request *pending_take(Handle handle);

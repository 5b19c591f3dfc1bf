/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls through handles, whichever of the published faces they come from.
 */
#pragma once

#include <nk/transport.h>

#include "core/until.h"

nk_err_t transport_call(Handle handle, struct until *until, struct nk_message *req,
                        const struct nk_arena *req_arena, struct nk_message *res,
                        struct nk_arena *res_arena);
nk_err_t transport_recv(Handle handle, struct until *until, struct nk_message *req,
                        struct nk_arena *req_arena);
nk_err_t transport_reply(Handle handle, struct nk_message *res, const struct nk_arena *res_arena);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name server of one's own: an entity that init.yaml connects this process to, and that is asked
 * instead of the broker.
 */
#pragma once

#include <handle/handletype.h>
#include <nk/types.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>
#include <stdbool.h>

/* Its class, as a rule, and the name of the channel to it, always. */
#define OWN_SERVER_CHANNEL "kl.core.NameServer"

int own_server_connect(Handle *ret_handle);
Retcode own_server_await(Handle handle, rtl_uint32_t msecs);
bool own_server_get(Handle *ret_handle, nk_iid_t *ret_riid);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This process's session with the broker.
 */
#pragma once

#include "core/session_wire.h"

struct link;

const char *session_task_name(void);
const char *session_class_name(void);
struct link *session_link(void);
int session_request(enum session_op op, Handle handle, uint32_t riid, const char *name,
                    struct session_message *ret_reply, int *ret_fd);
bool session_announce(enum session_op op, Handle handle, uint32_t riid,
                      const char *const strings[SESSION_STRINGS]);

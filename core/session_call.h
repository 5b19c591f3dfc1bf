/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of what the broker serves, over the session: the frames of core/frame.h, with generated
 * code on both ends. A descriptor may come with a response.
 */
#pragma once

#include <nk/transport.h>
#include <rtl/retcode.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/frame.h"

struct capchan_record;

/*
 * A transport for the proxies of one thread.
 * @error: why the last call did not reach the broker, or its answer the caller; 0 if it did
 * @fd:    that came with the last response, owned; -1 if none
 */
struct session_transport {
    struct nk_transport base;
    int error;
    int fd;
};

void session_transport_init(struct session_transport *transport);
Retcode session_call_result(const struct session_transport *transport, nk_err_t status,
                            const struct nk_message *res, Retcode code);

int session_call_send(int socket, struct frame_head *head, const struct capchan_record *record,
                      const void *object, const struct nk_arena *arena, int passed, int flags);
int session_call_send_status(int socket, struct frame_head *head, nk_err_t status);
bool session_call_is(const void *bytes, size_t size);
int session_call_parse(const void *bytes, size_t size, struct frame *ret_frame);

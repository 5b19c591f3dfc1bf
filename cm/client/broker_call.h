/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of a service of the broker: what the published functions and the generated proxies have
 * between them.
 */
#pragma once

#include <capchan/Broker.cdl.h>
#include <nk/arena.h>
#include <rtl/retcode.h>
#include <stdbool.h>

#include "core/session_call.h"

/* @transport: for the proxy */
struct broker_call {
    struct session_transport transport;
    struct nk_arena req_arena;
    struct nk_arena res_arena;
    char req_bytes[capchan_Broker_component_req_arena_size];
    char res_bytes[capchan_Broker_component_res_arena_size];
};

void broker_call_init(struct broker_call *call);
bool broker_call_put(struct broker_call *call, nk_ptr_t *ret_name, const char *name);
Retcode broker_call_result(const struct broker_call *call, nk_err_t status);
const char *broker_call_get(const struct broker_call *call, const nk_ptr_t *name, size_t *ret_size);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the broker serves on every session, described in cm/resources and called through generated
 * stubs. A handler that has nothing to say yet takes its call, and service_answer() ends it.
 */
#pragma once

#include <capchan/Broker.cdl.h>
#include <rtl/retcode.h>

#include "broker/entity.h"

/*
 * One call, as its handler sees it.
 * @connections, @names, @handles, @notices: what generated code calls
 * @entity:   that calls
 * @number:   by which it knows this call
 * @is_taken: the handler answers it, now or later
 */
struct visit {
    struct capchan_ConnectionManager connections;
    struct capchan_NameServer names;
    struct capchan_Handles handles;
    struct capchan_Notices notices;
    struct entity_run *entity;
    uint32_t number;
    bool is_taken;
};

extern const struct capchan_ConnectionManager_ops dynamic_connections;
extern const struct capchan_NameServer_ops dynamic_names;
extern const struct capchan_Handles_ops handle_services;
extern const struct capchan_Notices_ops notice_services;

/* service_settle() - make @res say why there is none, unless @result is 0 */
#define service_settle(res, result)                                                                \
    do {                                                                                           \
        int result_ = (result);                                                                    \
        if (result_ != 0) {                                                                        \
            nk_err_reset(res);                                                                     \
            (res)->err_.code = service_code(result_);                                              \
        }                                                                                          \
    } while (0)

bool service_take(struct entity_run *entity, const void *bytes, size_t size);
int service_answer(struct entity_run *entity, uint32_t number, nk_iid_t riid, nk_mid_t mid,
                   const struct nk_message *res, const struct nk_arena *arena, int passed);
int service_pass(struct visit *visit, nk_iid_t riid, nk_mid_t mid, const struct nk_message *res,
                 const struct nk_arena *arena, int fd);
int service_deliver(struct visit *visit, nk_iid_t riid, nk_mid_t mid, const struct nk_message *res,
                    const struct nk_arena *arena, Handle handle, int fd);
const char *service_text(const struct nk_arena *arena, const nk_ptr_t *name);
Retcode service_code(int result);

/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/client/broker_call.h"

#include <coresrv/nk/transport-kos.h>

#include "core/error.h"

/* broker_call_init() - nothing is asked for yet; there is nothing to give back but what
 * transport.fd brings */
void broker_call_init(struct broker_call *call)
{
    session_transport_init(&call->transport);
    nk_arena_init(&call->req_arena, call->req_bytes, call->req_bytes + sizeof(call->req_bytes));
    nk_arena_init(&call->res_arena, call->res_bytes, call->res_bytes + sizeof(call->res_bytes));
}

/* broker_call_put() - put a name into the request. Return: false: it is longer than names can be.
 */
bool broker_call_put(struct broker_call *call, nk_ptr_t *ret_name, const char *name)
{
    return NkKosCopyStringToArena(&call->req_arena, ret_name, name) == NK_EOK;
}

/* broker_call_result() - what the call came to, but for an error response */
Retcode broker_call_result(const struct broker_call *call, nk_err_t status)
{
    return call->transport.error != 0 ? error_to_retcode(call->transport.error)
                                      : error_nk_to_retcode(status);
}

/* broker_call_get() - a name in the response, with its NUL, which @ret_size counts */
const char *broker_call_get(const struct broker_call *call, const nk_ptr_t *name, size_t *ret_size)
{
    const char *text = nk_arena_get(nk_char_t, &call->res_arena, name, ret_size);

    if (text == NULL) {
        *ret_size = 1;
        return "";
    }
    return text;
}

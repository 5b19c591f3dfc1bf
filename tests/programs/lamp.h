/* SPDX-License-Identifier: Apache-2.0 */
/* Calling through a handle of ferry.ILamp, which both sides of the tests of handles do. */
#pragma once

#include <coresrv/nk/transport-kos.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ferry/ILamp.idl.h>

/* shine_through() - let a lamp shine so often. Return: what the last call did. */
static inline nk_err_t shine_through(Handle lamp, nk_uint32_t times, nk_uint32_t *ret_total)
{
    NkKosTransport transport;
    ILamp_proxy proxy;
    ILamp_Shine_req req = {.value = 1};
    ILamp_Shine_res res = {.total = 0};
    nk_err_t r = NK_EOK;

    (void)NkKosTransport_Init(&transport, lamp, NK_NULL, 0);
    ILamp_proxy_init(&proxy, &transport.base, INVALID_RIID);
    for (nk_uint32_t i = 0; i < times && r == NK_EOK; i++) {
        r = ILamp_Shine(&proxy.base, &req, NK_NULL, &res, NK_NULL);
    }
    *ret_total = res.total;
    return r;
}

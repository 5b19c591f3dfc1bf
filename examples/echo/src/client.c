/* SPDX-License-Identifier: Apache-2.0 */
/* The client: sends a few values and prints what comes back. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <echo/IPing.idl.h>

int main(void)
{
    NkKosTransport transport;
    struct echo_IPing_proxy proxy;

    Handle handle = ServiceLocatorConnect("server_connection");
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "cannot connect to server_connection; start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    nk_iid_t riid = ServiceLocatorGetRiid(handle, "cserver.ping");
    if (riid == INVALID_RIID) {
        fprintf(stderr, "the server has no endpoint cserver.ping\n");
        return EXIT_FAILURE;
    }
    echo_IPing_proxy_init(&proxy, &transport.base, riid);

    for (nk_uint32_t value = 1; value <= 5; value++) {
        echo_IPing_FPing_req req = {.value = value * 100};
        echo_IPing_FPing_res res;

        nk_err_t err = echo_IPing_FPing(&proxy.base, &req, NULL, &res, NULL);
        if (err != NK_EOK) {
            fprintf(stderr, "FPing(%u) failed: %d\n", req.value, err);
            return EXIT_FAILURE;
        }
        fprintf(stderr, "FPing(%u) = %u\n", req.value, res.result);
    }
    return EXIT_SUCCESS;
}

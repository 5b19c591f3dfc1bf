/* SPDX-License-Identifier: Apache-2.0 */
/* One of two clients: `client ENDPOINT FIRST` calls ENDPOINT with FIRST, FIRST + 1 and FIRST + 2.
 */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <echo2c/IPing.idl.h>

int main(int argc, char **argv)
{
    NkKosTransport transport;
    echo2c_IPing_proxy proxy;

    Handle handle = ServiceLocatorConnect("server_connection");
    if (argc != 3 || handle == INVALID_HANDLE) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    nk_iid_t riid = ServiceLocatorGetRiid(handle, argv[1]);
    if (riid == INVALID_RIID) {
        fprintf(stderr, "the server has no endpoint %s\n", argv[1]);
        return EXIT_FAILURE;
    }
    echo2c_IPing_proxy_init(&proxy, &transport.base, riid);

    nk_uint32_t first = (nk_uint32_t)strtoul(argv[2], NULL, 10);
    for (nk_uint32_t i = 0; i < 3; i++) {
        echo2c_IPing_FPing_req req = {.value = first + i};
        echo2c_IPing_FPing_res res;

        nk_err_t err = echo2c_IPing_FPing(&proxy.base, &req, NULL, &res, NULL);
        if (err != NK_EOK) {
            fprintf(stderr, "FPing(%u) failed: %d\n", req.value, err);
            return EXIT_FAILURE;
        }
        fprintf(stderr, "%s: FPing(%u) = %u\n", argv[1], req.value, res.result);
    }
    return EXIT_SUCCESS;
}

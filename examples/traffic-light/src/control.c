/* SPDX-License-Identifier: Apache-2.0 */
/* The control system: steps a crossing through its modes, asks for a forbidden one, and ends. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <traffic_light/IDiagnostics.idl.h>
#include <traffic_light/IMode.idl.h>

static const nk_uint32_t modes[] = {
    traffic_light_IMode_Direction1Red | traffic_light_IMode_Direction2Green,
    traffic_light_IMode_Direction1Red | traffic_light_IMode_Direction2Yellow,
    traffic_light_IMode_Direction1Green | traffic_light_IMode_Direction2Red,
    traffic_light_IMode_Direction1Green | traffic_light_IMode_Direction2Green, /* forbidden */
};

/* write_diagnostics() - tell whoever maintains the crossing; the text travels in an arena */
static nk_err_t write_diagnostics(struct traffic_light_IDiagnostics *diagnostics, const char *text)
{
    char buffer[traffic_light_IDiagnostics_Write_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    traffic_light_IDiagnostics_Write_req req = {.severity = 3};
    traffic_light_IDiagnostics_Write_res res;

    nk_err_t err = NkKosCopyStringToArena(&arena, &req.message, text);
    if (err == NK_EOK) {
        err = traffic_light_IDiagnostics_Write(diagnostics, &req, &arena, &res, NULL);
    }
    return err;
}

int main(void)
{
    NkKosTransport transport;
    traffic_light_IMode_proxy mode;
    traffic_light_IDiagnostics_proxy diagnostics;

    Handle handle = ServiceLocatorConnect("lights_gpio_connection");
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    traffic_light_IMode_proxy_init(&mode, &transport.base,
                                   ServiceLocatorGetRiid(handle, "lightsGpio.mode"));
    traffic_light_IDiagnostics_proxy_init(&diagnostics, &transport.base,
                                          ServiceLocatorGetRiid(handle, "lightsGpio.diagnostics"));

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        traffic_light_IMode_FMode_req req = {.value = modes[i]};
        traffic_light_IMode_FMode_res res;

        nk_err_t err = traffic_light_IMode_FMode(&mode.base, &req, NULL, &res, NULL);
        if (err == NK_EPERM) {
            fprintf(stderr, "mode %02x is refused\n", req.value);
            err = write_diagnostics(&diagnostics.base, "a forbidden mode was asked for");
        } else if (err == NK_EOK) {
            fprintf(stderr, "mode %02x is on\n", res.result);
        }
        if (err != NK_EOK) {
            fprintf(stderr, "the lights do not answer: %d\n", err);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

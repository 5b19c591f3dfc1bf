/* SPDX-License-Identifier: Apache-2.0 */
/* The lamps: two endpoints of one component; refuses a mode in which both directions are green. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>

#include <traffic_light/LightsGPIO.edl.h>

static nk_err_t set_mode(struct traffic_light_IMode *self, const traffic_light_IMode_FMode_req *req,
                         const struct nk_arena *req_arena, traffic_light_IMode_FMode_res *res,
                         struct nk_arena *res_arena)
{
    const nk_uint32_t both_green =
        traffic_light_IMode_Direction1Green | traffic_light_IMode_Direction2Green;

    (void)self;
    (void)req_arena;
    (void)res_arena;
    if ((req->value & both_green) == both_green) {
        return NK_EPERM;
    }
    res->result = req->value;
    return NK_EOK;
}

static nk_err_t write_message(struct traffic_light_IDiagnostics *self,
                              const traffic_light_IDiagnostics_Write_req *req,
                              const struct nk_arena *req_arena,
                              traffic_light_IDiagnostics_Write_res *res, struct nk_arena *res_arena)
{
    static nk_uint32_t count;
    nk_uint32_t size;
    const nk_char_t *message = nk_arena_get(nk_char_t, req_arena, &req->message, &size);

    (void)self;
    (void)res_arena;
    if (message == NULL) {
        return NK_EBADMSG;
    }
    fprintf(stderr, "diagnostics (severity %u): %s\n", req->severity, message);
    res->count = ++count;
    return NK_EOK;
}

int main(void)
{
    static const struct traffic_light_IMode_ops mode_ops = {.FMode = set_mode};
    static const struct traffic_light_IDiagnostics_ops diagnostics_ops = {.Write = write_message};
    struct traffic_light_IMode mode = {&mode_ops};
    struct traffic_light_IDiagnostics diagnostics = {&diagnostics_ops};
    traffic_light_CLights_component lights;
    traffic_light_LightsGPIO_entity entity;
    ServiceId id;

    traffic_light_CLights_component_init(&lights, &mode, &diagnostics);
    traffic_light_LightsGPIO_entity_init(&entity, &lights);

    Handle handle = ServiceLocatorRegister("lights_gpio_connection", NULL, 0, &id);
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(traffic_light_LightsGPIO, entity);
    NkKosDoDispatch(handle, &info);
    return EXIT_FAILURE;
}

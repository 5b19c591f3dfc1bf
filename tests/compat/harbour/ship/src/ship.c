/* SPDX-License-Identifier: Apache-2.0 */
#include <harbour/crane/Arm.cdl.h>
#include <harbour/Notice.edl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

static nk_err_t ask(NkKosTransport *transport, nk_uint16_t berth)
{
    harbour_Notice_proxy proxy;
    harbour_Notice_Read_req req = {.berth = berth};
    harbour_Notice_Read_res res;
    char buffer[harbour_Notice_Read_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    nk_uint32_t size;

    harbour_Notice_proxy_init(&proxy, &transport->base,
                              ServiceLocatorGetRiid(transport->handle, "board"));
    nk_err_t err = harbour_Notice_Read(&proxy.base, &req, NULL, &res, &arena);
    if (err == NK_EOK) {
        fprintf(stderr, "berth %u: %s\n", berth,
                res.err_.status == rcResourceNotFound
                    ? "none"
                    : nk_arena_get(nk_char_t, &arena, &res.text, &size));
    }
    return err;
}

static nk_err_t load(NkKosTransport *transport, const char *arm)
{
    harbour_crane_arm_Load_proxy proxy;
    harbour_crane_arm_Load_Lift_req req = {.weight = 7};
    harbour_crane_arm_Load_Lift_res res;

    harbour_crane_arm_Load_proxy_init(&proxy, &transport->base,
                                      ServiceLocatorGetRiid(transport->handle, arm));
    nk_err_t err = harbour_crane_arm_Load_Lift(&proxy.base, &req, NULL, &res, NULL);
    if (err == NK_EOK) {
        fprintf(stderr, "%s: %u\n", arm, res.total);
    }
    return err;
}

int main(void)
{
    NkKosTransport board, crane;

    NkKosTransport_Init(&board, ServiceLocatorConnect("board_channel"), NK_NULL, 0);
    NkKosTransport_Init(&crane, ServiceLocatorConnect("crane_channel"), NK_NULL, 0);
    if (ask(&board, 1) != NK_EOK || ask(&board, 2) != NK_EOK ||
        load(&crane, "crane.left.load") != NK_EOK || load(&crane, "crane.right.load") != NK_EOK) {
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

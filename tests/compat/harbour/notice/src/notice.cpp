/* SPDX-License-Identifier: Apache-2.0 */
/* Serves all channels that lead to it. */
#define NK_USE_UNQUALIFIED_NAMES
#include <harbour/Notice.edl.h>

#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl-static.h>
#include <kos/thread.h>
#include <rtl_cpp/retcode.h>

extern "C" {
extern const int tide;
const char *berth_text(nk_uint16_t berth);
}

static Notice_entity entity;

static nk_err_t read_board(struct Notice *, const Notice_Read_req *req, const struct nk_arena *,
                           Notice_Read_res *res, struct nk_arena *arena)
{
    const char *text = berth_text(req->berth);

    if (text == nullptr) {
        nk_err_reset(res);
        res->err_.status = rcResourceNotFound;
        return NK_EOK;
    }
    return NkKosCopyStringToArena(arena, &res->text, text);
}

struct Arm : crane_arm_Load {
    nk_uint32_t total;
    explicit Arm(nk_uint32_t start);
};

static nk_err_t lift(struct crane_arm_Load *self, const crane_arm_Load_Lift_req *req,
                     const struct nk_arena *, crane_arm_Load_Lift_res *res, struct nk_arena *)
{
    res->total = static_cast<Arm *>(self)->total += req->weight;
    return NK_EOK;
}

Arm::Arm(nk_uint32_t start) : crane_arm_Load{}, total(start)
{
    static const crane_arm_Load_ops table = {.Lift = lift};
    ops = &table;
}

static int serve(void *channel)
{
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(harbour_Notice, entity);

    return NkKosDoDispatch(static_cast<SLStaticServerChannel *>(channel)->handle, &info);
}

int main()
{
    static const Notice_ops board_ops = {.Read = read_board};
    static Notice board = {&board_ops};
    static Arm left(0), right(static_cast<nk_uint32_t>(tide));
    static crane_Arm_component arms[2];
    static crane_Crane_component crane;
    SLStaticServerChannel *channels;
    rtl_size_t count;
    Tid tid = 0;

    crane_Arm_component_init(&arms[0], &left);
    crane_Arm_component_init(&arms[1], &right);
    crane_Crane_component_init(&crane, &arms[0], &arms[1]);
    Notice_entity_init(&entity, &crane, &board);
    kos::rtl::Result result = TO_RESULT(SLStaticAllocateAndGetServerChannels(&channels, &count));
    rtl_assert(result == rcOk && count == 2);
    for (rtl_size_t i = 0; i < count; i++) {
        result = KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, serve,
                                 &channels[i], 0);
        rtl_assert(result == rcOk);
    }
    return KosThreadWait(tid, INFINITE_TIMEOUT);
}

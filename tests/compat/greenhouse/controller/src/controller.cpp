/* SPDX-License-Identifier: Apache-2.0 */
/* Two pumps, each a valve and a gauge, and a panel that reads both; the handlers are plain C
 * functions of C++ classes, and a thread of its own serves them. */
extern "C" {
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <greenhouse/Controller.edl.h>
}

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <numeric>
#include <string>

#include <common/journal.h>
#include <kos/thread.h>
#include <kos/trace.h>

namespace {

std::atomic<int> closed{0};

struct Valve : greenhouse_IValve {
    nk_uint32_t opened{0};
    bool isOpen{false};
};

/* A gauge that counts in steps */
class Gauge : public greenhouse_IGauge
{
  public:
    explicit Gauge(nk_uint32_t step);
    void fill(nk_uint32_t *first, nk_uint32_t *last) const
    {
        std::generate(first, last, [value = nk_uint32_t{0}, this]() mutable {
            return value += m_step;
        });
    }

  private:
    nk_uint32_t m_step;
};

} // namespace

extern "C" {

static nk_err_t valve_open(struct greenhouse_IValve *self, const greenhouse_IValve_Open_req *req,
                           const struct nk_arena *req_arena, greenhouse_IValve_Open_res *res,
                           struct nk_arena *)
{
    auto &valve = *static_cast<Valve *>(self);
    nk_uint32_t size = 0;
    const std::string name = nk_arena_get(nk_char_t, req_arena, &req->gardener, &size);

    if (valve.isOpen) {
        nk_err_reset(res);
        res->err_.status = rcBusy;
        return NK_EOK;
    }
    valve.isOpen = true;
    res->opened = valve.opened += req->seconds + static_cast<nk_uint32_t>(name.length());
    return NK_EOK;
}

static nk_err_t valve_close(struct greenhouse_IValve *self, const greenhouse_IValve_Close_req *,
                            const struct nk_arena *, greenhouse_IValve_Close_res *,
                            struct nk_arena *)
{
    static_cast<Valve *>(self)->isOpen = false;
    closed++;
    return NK_EOK;
}

static nk_err_t gauge_read(struct greenhouse_IGauge *self, const greenhouse_IGauge_Read_req *req,
                           const struct nk_arena *, greenhouse_IGauge_Read_res *res,
                           struct nk_arena *res_arena)
{
    const auto count = std::min(req->count, greenhouse_Sizes_SamplesMax);
    auto samples = nk_arena_alloc(nk_uint32_t, res_arena, &res->samples, count);

    if (samples == nullptr) {
        return NK_ENOMEM;
    }
    static_cast<Gauge *>(self)->fill(samples, samples + count);
    res->sum = std::accumulate(samples, samples + count, nk_uint64_t{0});
    return NK_EOK;
}

static int serve(void *context)
{
    auto entity = static_cast<greenhouse_Controller_entity *>(context);
    ServiceId id;
    Handle handle = ServiceLocatorRegister("station", NULL, 0, &id);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(greenhouse_Controller, *entity);

    fprintf(stderr, "serving, %s\n", handle != INVALID_HANDLE ? "registered" : "not registered");
    return NkKosDoDispatch(handle, &info);
}
}

Gauge::Gauge(nk_uint32_t step) : greenhouse_IGauge{}, m_step(step)
{
    static const greenhouse_IGauge_ops table{gauge_read};
    ops = &table;
}

int main()
{
    static const greenhouse_IValve_ops valveOps = {.Open = valve_open, .Close = valve_close};
    static std::array<Valve, 2> valves;
    static Gauge panel(1), left(10), right(100);
    static greenhouse_CPump_component pumps[] = {{.valve = &valves[0], .gauge = &left},
                                                 {.valve = &valves[1], .gauge = &right}};
    static greenhouse_CStation_component station;
    static greenhouse_Controller_entity entity;
    Tid tid;

    for (auto &valve : valves) {
        valve.ops = &valveOps;
    }
    if (JournalOpen("journal", "greenhouse.Journal.journal") != 0) {
        ERROR(TAG, "there is no journal");
    }
    greenhouse_CStation_component_init(&station, &panel, &pumps[0], &pumps[1]);
    greenhouse_Controller_entity_init(&entity, &station);
    if (KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, serve, &entity, 0) != rcOk) {
        return EXIT_FAILURE;
    }
    while (closed < PANEL_COUNT) {
        KosThreadSleep(10);
    }
    return JournalWrite(PANEL_COUNT, "all valves are closed") > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

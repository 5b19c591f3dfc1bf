/* SPDX-License-Identifier: Apache-2.0 */
#define NK_USE_UNQUALIFIED_NAMES

#include <numeric>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kos/mutex.h>
#include <kos/semaphore.h>
#include <kos/thread.h>
#include <kos/trace.h>
#include <rtl/countof.h>

#include "thermostat/Control.edl.h"

namespace
{
constexpr auto Tag = "control";
constexpr rtl_uint32_t SensorsCount = 2;

KosSemaphore g_reports;

class Input : public ITemperature
{
  public:
    Input()
    {
        static ITemperature_ops table{};
        table.Report = [](ITemperature *self, const ITemperature_Report_req *req,
                          const nk_arena *reqArena, ITemperature_Report_res *res, nk_arena *) {
            return static_cast<Input *>(self)->report(*req, *reqArena, *res);
        };
        ops = &table;
    }

    nk_err_t report(const ITemperature_Report_req &req, const nk_arena &arena,
                    ITemperature_Report_res &res)
    {
        nk_uint32_t count = 0;
        const auto *values = nk_arena_get(ITemperature_Value, &arena, &req.values, &count);

        if (values == nullptr) {
            return NK_EINVAL;
        }
        KosMutexLock(&m_mutex);
        res.mean =
            std::accumulate(values, values + count, 0,
                            [](int sum, const auto &value) { return sum + value.milliDegrees; }) /
            static_cast<int>(count);
        KosMutexUnlock(&m_mutex);
        return NK_EOK;
    }

  private:
    KosMutex m_mutex{};
};

Control_entity g_entity;

int serve(void *channel)
{
    NkKosTransport transport;
    const Handle handle =
        ServiceLocatorRegister(static_cast<const char *>(channel), nullptr, 0, nullptr);
    char reqBuffer[Control_entity_req_arena_size];
    nk_arena reqArena = NK_ARENA_INITIALIZER(reqBuffer, reqBuffer + sizeof(reqBuffer));
    Control_entity_req req{};
    Control_entity_res res{};

    rtl_assert(handle != INVALID_HANDLE);
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    for (rtl_uint32_t n = 0; n < SensorsCount; n++) {
        nk_req_reset(&req);
        nk_arena_reset(&reqArena);
        if (nk_transport_recv(&transport.base, &req.base_, &reqArena) != NK_EOK) {
            return 1;
        }
        Control_entity_dispatch(&g_entity, &req.base_, &reqArena, &res.base_, RTL_NULL);
        nk_transport_reply(&transport.base, &res.base_, RTL_NULL);
        KosSemaphoreSignal(&g_reports);
    }
    return 0;
}
} // namespace

int main()
{
    static Input inside;
    static Input outside;
    static CInput_component components[2];
    static char channel[] = "temperature";
    Tid tid = 0;

    CInput_component_init(&components[0], &inside);
    CInput_component_init(&components[1], &outside);
    Control_entity_init(&g_entity, &components[0], &components[1]);
    KosSemaphoreInit(&g_reports, 0);
    Retcode rc =
        KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, serve, channel, 1);
    rtl_assert(rc == rcOk);
    DEBUG(Tag, "%zu inputs", rtl_countof(components));
    KosThreadResume(tid);
    for (rtl_uint32_t n = 0; n < SensorsCount; n++) {
        KosSemaphoreWait(&g_reports);
    }
    rc = KosThreadWait(tid, INFINITE_TIMEOUT);
    INFO(Tag, "all sensors have reported: %d", rc);
    return rc == rcOk ? 0 : 1;
}

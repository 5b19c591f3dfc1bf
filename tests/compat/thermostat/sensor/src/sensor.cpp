/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdlib>
#include <string>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl-static.h>
#include <coresrv/task/task_api.h>
#include <coresrv/time/time_api.h>
#include <kl/core/Types.idl.h>
#include <kos/thread.h>
#include <kos/trace.h>

#include <thermostat/ITemperature.idl.h>

namespace
{
template <nk_uint32_t Size> class Arena : public nk_arena
{
  public:
    Arena() : nk_arena(NK_ARENA_INITIALIZER(m_buffer, m_buffer + Size))
    {
    }
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

  private:
    nk_uint8_t m_buffer[Size]{};
};

std::string taskName()
{
    char name[kl_core_Types_UCoreStringSize];

    return KnTaskGetName(name, sizeof(name)) == rcOk ? name : "?";
}
} // namespace

int main(int argc, char *argv[])
{
    const Handle handle = SLStaticResolveHandle("temperature");
    const nk_iid_t riid = ServiceLocatorGetRiid(handle, argv[2]);
    NkKosTransport transport{};
    thermostat_ITemperature_proxy proxy{};

    rtl_assert(argc > 2 && handle != INVALID_HANDLE && riid != INVALID_RIID);
    NkKosTransport_Init(&transport, handle, nullptr, 0);
    thermostat_ITemperature_proxy_init(&proxy, &transport.base, riid);

    Arena<thermostat_ITemperature_Report_req_arena_size> arena;
    thermostat_ITemperature_Report_req req{};
    thermostat_ITemperature_Report_res res{};
    const int degrees = std::atoi(argv[1]);
    auto *values = nk_arena_alloc(thermostat_ITemperature_Value, &arena, &req.values,
                                  thermostat_ITemperature_ValuesCount);
    RtlTimeSpec now{};
    rtl_assert(values != nullptr && KnGetSystemTime(&now) == rcOk && now.sec > 0);
    for (int i = 0; i < static_cast<int>(thermostat_ITemperature_ValuesCount); i++) {
        values[i] = {degrees + i * 100, static_cast<nk_uint64_t>(now.sec)};
    }
    const nk_err_t err = thermostat_ITemperature_Report(&proxy.base, &req, &arena, &res, nullptr);
    INFO(taskName().c_str(), "%s: error %d, mean %d %s", argv[2], err, res.mean,
         std::getenv("UNIT"));
    return err == NK_EOK ? EXIT_SUCCESS : EXIT_FAILURE;
}

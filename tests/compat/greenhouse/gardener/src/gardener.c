/* SPDX-License-Identifier: Apache-2.0 */
/* Waters one side of the greenhouse: --valve N --seconds N, in any order. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/retcode_hr.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <Controller.edl.h>

#include "common/journal.h"

/* A macro of one name for both ends of a pair */
#define INIT_PROXY(name, endpoint)                                                                 \
    do {                                                                                           \
        nk_iid_t name##Id = ServiceLocatorGetRiid(handle, endpoint);                               \
        assert(name##Id != INVALID_RIID && NK_IID_MAX >= name##Id);                                \
        name##_proxy_init(&name##Proxy, &transport.base, name##Id);                                \
    } while (0)

static const struct {
    const char *valve;
    const char *gauge;
    unsigned iids[2];
} sides[] = {
    {"station.left.valve",
     "station.left.gauge",
     {Controller_station_left_valve_iid, Controller_station_left_gauge_iid}},
    {"station.right.valve",
     "station.right.gauge",
     {Controller_station_right_valve_iid, Controller_station_right_gauge_iid}},
};

static int option(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            return atoi(argv[i + 1]);
        }
    }
    return 0;
}

static void openValve(IValve_proxy *proxy, int valve, int seconds)
{
    char buffer[IValve_Open_req_arena_size];
    nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof buffer);
    IValve_Open_req req = {.valve = (nk_uint8_t)valve, .seconds = (nk_uint32_t)seconds};
    IValve_Open_res res;

    NkKosCopyStringToArena(&arena, &req.gardener, getenv("NAME"));
    if (IValve_Open(&proxy->base, &req, &arena, &res, NULL) != rcOk) {
        fprintf(stderr, "no answer\n");
    } else if (res.err_.status == rcBusy) {
        fprintf(stderr, "%s is busy\n", ValveName(req.valve));
    } else {
        fprintf(stderr, "%s is open for %d s, of %d\n", ValveName(req.valve), seconds,
                (int)res.res_.opened);
    }
}

static void readGauge(IGauge_proxy *proxy)
{
    char buffer[IGauge_Read_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    IGauge_Read_req req = {.count = 4};
    IGauge_Read_res res;
    nk_size_t count = 0; /* 32 bits wide in old releases, where it was the same as the next one */
    nk_uint32_t again = 0;
    rtl_size_t asWell = 0;

    nk_err_t err = IGauge_Read(&proxy->base, &req, NULL, &res, &arena);
    assert(err == NK_EOK);
    nk_uint32_t *samples = nk_arena_get(nk_uint32_t, &arena, &res.samples, &count);
    assert(samples == nk_arena_get(nk_uint32_t, &arena, &res.samples, &again));
    assert(samples == nk_arena_get(nk_uint32_t, &arena, &res.samples, &asWell));
    assert(count == again && again == asWell);
    fprintf(stderr, "%u samples, the last one %u, %lu in all\n", again, samples[count - 1],
            (unsigned long)res.sum);
}

int main(int argc, char **argv)
{
    int valve = option(argc, argv, "--valve");
    int seconds = option(argc, argv, "--seconds");
    Handle handle = ServiceLocatorConnect("station");
    NkKosTransport transport;
    IValve_proxy IValveProxy;
    IGauge_proxy IGaugeProxy;
    IValve_Close_req close = {.valve = (nk_uint8_t)valve};
    IValve_Close_res closed;

    assert(handle != INVALID_HANDLE && JournalOpen("journal", "journal") == 0);
    assert(sides[valve].iids[0] == ServiceLocatorGetRiid(handle, sides[valve].valve));
    assert(sides[valve].iids[1] == ServiceLocatorGetRiid(handle, sides[valve].gauge));
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    INIT_PROXY(IValve, sides[valve].valve);
    INIT_PROXY(IGauge, sides[valve].gauge);
    fprintf(stderr, "%s with a %s in %s\n", getenv("NAME"), getenv("TOOL"), getenv("SEASON"));
    openValve(&IValveProxy, valve, seconds);
    openValve(&IValveProxy, valve, seconds);
    readGauge(&IGaugeProxy);
    assert(JournalWrite((unsigned)valve, "watered") > 0);
    (void)IValve_Close(&IValveProxy.base, &close, NULL, &closed, NULL);
    return EXIT_SUCCESS;
}

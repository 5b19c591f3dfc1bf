/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#define NK_USE_UNQUALIFIED_NAMES

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <IBell.idl.h>
#include <doorbell/ILog.idl.h>

#include <rtl/assert.h>
#include <rtl/string.h>

#include <doorbell/channels.h>

static void write_diary(const char *line)
{
    NkKosTransport transport;
    doorbell_ILog_proxy proxy;
    Handle handle = ServiceLocatorConnect(DIARY_CHANNEL);
    char buffer[doorbell_ILog_write_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    ILog_write_req req;
    ILog_write_res res;

    rtl_assert(handle != INVALID_HANDLE);
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    nk_iid_t riid = ServiceLocatorGetRiid(handle, "log");
    rtl_assert(riid != INVALID_RIID);
    doorbell_ILog_proxy_init(&proxy, &transport.base, riid);
    if (NkKosCopyStringToArena(&arena, &req.line, line) != NK_EOK) {
        fprintf(stderr, "no room for %s\n", line);
        return;
    }
    if (ILog_write(&proxy.base, &req, &arena, &res, NK_NULL) != rcOk) {
        fprintf(stderr, "the diary is gone\n");
    } else if (res.err_.status != rcOk) {
        fprintf(stderr, "the diary says %d\n", res.err_.status);
    }
}

int main(int argc, const char *argv[])
{
    NkKosTransport transport;
    struct IBell_proxy proxy;
    Handle handle = ServiceLocatorConnect("bell_channel");

    rtl_assert(handle != INVALID_HANDLE);
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    nk_iid_t riid = ServiceLocatorGetRiid(handle, "bell.front");
    rtl_assert(riid != INVALID_RIID);
    IBell_proxy_init(&proxy, &transport.base, riid);

    int times = argc > 1 ? atoi(argv[1]) : 0;
    fprintf(stderr, "%s rings %d times, %s\n", getenv("VISITOR"), times,
            argc > 2 && rtl_strcmp(argv[2], "-v") == 0 ? "loudly" : "quietly");
    for (int i = 1; i <= times; i++) {
        char reqBuffer[IBell_Ring_req_arena_size];
        char resBuffer[IBell_Ring_res_arena_size];
        nk_arena reqArena = NK_ARENA_INITIALIZER(reqBuffer, reqBuffer + sizeof(reqBuffer));
        nk_arena resArena = NK_ARENA_INITIALIZER(resBuffer, resBuffer + sizeof(resBuffer));
        IBell_Ring_req req;
        IBell_Ring_res res;

        req.times = (nk_uint32_t)i;
        NkKosCopyStringToArena(&reqArena, &req.visitor, getenv("VISITOR"));
        if (IBell_Ring(&proxy.base, &req, &reqArena, &res, &resArena) != rcOk) {
            fprintf(stderr, "nobody is there\n");
            return EXIT_FAILURE;
        }
        nk_uint32_t size = 0;
        nk_char_t *answer = nk_arena_get(nk_char_t, &resArena, &res.answer, &size);
        fprintf(stderr, "%s (%u), rung %u times\n", answer, size, res.res_.rung);
        write_diary(answer);
    }
    return EXIT_SUCCESS;
}

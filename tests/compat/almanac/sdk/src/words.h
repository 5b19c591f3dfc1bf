/* SPDX-License-Identifier: Apache-2.0 */
/* What programs in C and C++ alike take from the SDK's headers. */
#include <component/logrr/clog/clog.h>
#include <coresrv/cm/cm_api.h>
#include <coresrv/entity/entity_api.h>
#include <coresrv/hal/hal_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/sl/sl-static.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <coresrv/task/task_api.h>
#include <coresrv/thread/thread_api.h>
#include <coresrv/time/time_api.h>
#include <hal/page.h>
#include <kl/core/Types.idl.h>
#include <kos/mutex.h>
#include <kos/thread.h>
#include <kos/trace.h>
#include <kos_net.h>
#include <nk/arena.h>
#include <nk/assert.h>
#include <nk/errno.h>
#include <nk/types.h>
#include <rtl/align.h>
#include <rtl/assert.h>
#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/minmax.h>
#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>
#include <rtl/stdbool.h>
#include <rtl/stdio.h>
#include <rtl/string.h>
#include <services/handle/if_connection.h>
#include <services/rtl/nk_cstr.h>
#include <services/rtl/nk_msg.h>

#include "kernel.h"

#define TAG "Sdk"

static char global_buffer[64];
static struct nk_arena global_arena =
    NK_ARENA_INITIALIZER(global_buffer, global_buffer + sizeof(global_buffer));
static nk_arena zero_arena;
static NkKosTransport global_transport;

static const char *error_name(nk_err_t error)
{
    switch (error) {
    case NK_EOK:
        return "done";
    case NK_EPERM:
    case NK_ENOENT:
    case NK_EAGAIN:
    case NK_ENOMEM:
    case NK_EINVAL:
    case NK_ENOTEMPTY:
    case NK_ENOMSG:
    case NK_EBADMSG:
    case NK_ENOTCONN:
        return "failed";
    default:
        return "unknown";
    }
}

static const char *retcode_name(Retcode rc)
{
    switch (rc) {
    case rcOk:
        return "done";
    case rcFail:
    case rcBusy:
    case rcTimeout:
    case rcResourceNotFound:
    case rcOutOfMemory:
    case rcUnimplemented:
    case rcInvalidArgument:
    case rcInvalidOperation:
    case rcInternalError:
        return "failed";
    default:
        return "unknown";
    }
}

static void check_arenas(void)
{
    char buffer[64];
    const char *begin = buffer;
    struct nk_arena arena = NK_ARENA_INITIALIZER(begin, begin + sizeof(buffer));
    const nk_arena *held = &arena;
    const nk_char_t *string;
    nk_ptr_t chunk, other;
    nk_uint32_t n_32;
    nk_size_t n_nk;
    rtl_size_t n_rtl;
    uint64_t n_64;

    nk_char_t *text = nk_arena_alloc(nk_char_t, &arena, &chunk, strlen("word") + 1);
    rtl_assert(text != RTL_NULL);
    rtl_strncpy(text, "word", rtl_strlen("word") + 1);
    rtl_assert(nk_arena_get(nk_char_t, held, &chunk, &n_32) == text);
    rtl_assert(nk_arena_get(nk_uint8_t, &arena, &chunk, &n_nk) != NK_NULL);
    rtl_assert(nk_arena_get(nk_char_t, held, &chunk, &n_rtl) == text);
    rtl_assert(nk_arena_get(nk_char_t, held, &chunk, &n_64) == text);
    rtl_assert(n_32 == 5 && n_nk == n_rtl && n_64 == 5);
    rtl_assert(nk_arena_store(nk_uint8_t, &global_arena, &other, buffer, 3) == 0);
    rtl_assert(NkKosCopyStringToArena(&arena, &other, "other") == rcOk);
    rtl_assert(RtlArenaGetCStr(&arena, &other, &string) == rcOk && nk_strcmp(string, "other") == 0);
    rtl_assert(nk_arena_alloc(nk_ptr_t, &zero_arena, &other, 1) == NK_NULL);
    nk_arena_reset(&arena);
    nk_arena_init(&arena, buffer, buffer + sizeof(buffer));
    arena.current = arena.start;
    rtl_assert(nk_arena_get(nk_char_t, held, &chunk, &n_32) == NK_NULL);
}

static void check_messages(void)
{
    nk_message request, response;
    nk_handle_desc_t none = nk_handle_desc(INVALID_HANDLE);
    SMsgHdr out, in;

    nk_assert(sizeof(struct nk_message) == 24 && sizeof(nk_ptr_t) == 8);
    nk_memset(&response, 0, sizeof(response));
    nk_message_set_size(&request, sizeof(request));
    nk_message_make_req(&request);
    nk_message_set_iid(&request, 1);
    nk_message_set_mid(&request, 2);
    nk_message_set_ncaps(&request, 0);
    rtl_assert(request.iid == 1 && request.mid == 2 && !nk_msg_check_err(&request));
    PackOutMsg(&out, &request, &global_arena);
    PackInMsg(&in, &response, RTL_NULL);
    rtl_assert(Call(INVALID_HANDLE, &out, &in) != rcOk);
    rtl_assert(nk_get_handle(&none) == INVALID_HANDLE);
    NkKosTransport_Init(&global_transport, INVALID_HANDLE, NK_NULL, 0);
    NkKosTransport copy = global_transport;
    nk_err_t error = nk_transport_recv(&copy.base, &request, NULL);
    rtl_assert(error != NK_EOK && copy.handle == INVALID_HANDLE);
    fprintf(stderr, "a transport without a handle has %s\n", error_name(error));
}

static void check_channels(void)
{
    char client[kl_core_Types_UCoreStringSize], service[1024];
    ServiceId id;
    NsHandle names = NS_INVALID_HANDLE;
    Handle handle = ServiceLocatorConnect("no_such_channel");
    rtl_uint32_t rsid = 0;

    SLStaticServerChannel *served;
    rtl_size_t n_served;

    rtl_assert(handle == INVALID_HANDLE && SLStaticResolveHandle("none") == INVALID_HANDLE);
    rtl_assert(SLStaticResolveRiid(handle, "word.book") == INVALID_RIID);
    rtl_assert(SLStaticGetServerChannels(RTL_NULL, 0, &n_served) == rcOk && n_served == 0);
    rtl_assert(SLStaticAllocateAndGetServerChannels(&served, &n_served) == rcOk);
    SLStaticFreeServerChannels(served);
    rtl_assert(ServiceLocatorRegister("no_such_channel", NULL, 0, &id) == INVALID_HANDLE);
    fprintf(stderr, "service %d\n", id);
    rtl_assert(ServiceLocatorGetRiid(handle, "word.book") == INVALID_RIID);
    nk_assert(NK_IID_MAX >= rsid);
    rtl_assert(KnHandleClose(handle) != rcOk);
    rtl_assert(NsCreate(RTL_NULL, INFINITE_TIMEOUT, &names) == rcOk && names != NS_INVALID_HANDLE);
    rtl_assert(NsEnumServices(names, "almanac.No", 0, client, sizeof(client), service,
                              rtl_countof(service)) == rcResourceNotFound);
    rtl_assert(KnCmListen(RTL_NULL, 1, client, service) == rcTimeout);
    rtl_assert(KnCmDrop("nobody", "nothing") != rcOk);
    rtl_assert(KnCmAccept("nobody", "nothing", 0, INVALID_HANDLE, &handle) != rcOk);
    rtl_assert(KnCmConnect("nobody", "nothing", 0, &handle, &rsid) != rcOk);
    rtl_assert(EntityInitEx(RTL_NULL, "task", "path") == RTL_NULL);
}

static int count_up(void *context)
{
    ++*(int *)context;
    return 0;
}

static void check_threads(void)
{
    struct {
        KosMutex mutex;
        int count;
    } state = {};
    Tid tid;

    rtl_assert(KosMutexTryLock(&state.mutex) == rcOk);
    rtl_assert(KosMutexUnlock(&state.mutex) == rcOk);
    KosMutexInit(&state.mutex);
    KosMutexLock(&state.mutex);
    rtl_assert(KosMutexTryLock(&state.mutex) != rcOk);
    rtl_assert(KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, count_up,
                               &state.count, 0) == rcOk);
    rtl_assert(KosThreadWait(tid, INFINITE_TIMEOUT) == rcOk && state.count == 1);
    rtl_assert(KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, count_up,
                               &state.count, 1) == rcOk);
    rtl_assert(KosThreadResume(tid) == rcOk && KosThreadWait(tid, INFINITE_TIMEOUT) == rcOk);
    rtl_assert(state.count == 2 && KosThreadSleep(1) == rcOk && KnSleep(1) == rcOk);
}

static void check_machine(void)
{
    RtlTimeSpec now;
    char name[32], board[8];
    rtl_bool has_network = wait_for_network();

    rtl_assert(KnGetSystemTime(&now) == rcOk && now.sec > 0 && KnGetMSecSinceStart() > 0);
    rtl_assert(KnTaskGetName(name, sizeof(name)) == rcOk);
    rtl_assert(KnHalGetEnv("no_such_setting", board, sizeof(board)) == rcResourceNotFound);
    rtl_assert(wait_for_iface(DEFAULT_INTERFACE) == has_network);
    rtl_assert(configure_net_iface(DEFAULT_INTERFACE, DEFAULT_ADDR, DEFAULT_MASK, DEFAULT_GATEWAY,
                                   DEFAULT_MTU) == has_network);
    rtl_assert(PAGE_SIZE == 4096 && rtl_align_up(RTL_UINT32_C(5), 4) == 8 && rtl_min(1, 2) == 1);
    rtl_snprintf(board, sizeof(board), "%s", "board");
}

static int check_all(const char *language)
{
    Retcode rc __unused = ClogInit("words");

    check_arenas();
    check_messages();
    check_channels();
    check_threads();
    check_machine();
    check_kernel();
    CLOG(INFO, "a time-out has %s", retcode_name(rcTimeout));
    INFO(TAG, "all of %s: " RETCODE_HR_FMT, language, RETCODE_HR_PARAMS(rc));
    return RC_GET_CODE(rc);
}

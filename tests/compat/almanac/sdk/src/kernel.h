/* SPDX-License-Identifier: Apache-2.0 */
/* What programs in C and C++ alike ask the kernel for: memory, handles, messages, locks, processes.
 */
#pragma once

#include <coresrv/entity/entity_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/syscalls.h>
#include <coresrv/vmm/vmm_api.h>
#include <hal/page.h>
#include <kos/condvar.h>
#include <kos/event.h>
#include <kos/once.h>
#include <kos/rwlock.h>
#include <kos/semaphore.h>
#include <kos/thread.h>
#include <kos/trace.h>
#include <kos_net.h>
#include <rtl/stdio.h>
#include <rtl/string.h>
#include <services/ocap.h>
#include <services/rtl/nk_msg.h>

#include <Keeper.edl.h>

static void check_memory(void)
{
    Handle memory, mapping;
    void *address;

    rtl_assert(KnPmmMdlCreate(PAGE_SIZE, VMM_FLAG_READ | VMM_FLAG_WRITE, &memory) == rcOk);
    rtl_assert(KnPmmMdlMap(memory, 0, PAGE_SIZE, RTL_NULL, VMM_FLAG_READ | VMM_FLAG_WRITE, &address,
                           &mapping) == rcOk);
    rtl_memset(address, 0, PAGE_SIZE);
    rtl_memcpy(address, "page", 5);
    rtl_assert(KnHandleClose(mapping) == rcOk && KnHandleClose(memory) == rcOk);
}

/* a channel with both its ends here, and handles of what is nobody's but ours */
static void check_handles(void)
{
    Handle listener, server, client, object, callable;
    nk_handle_desc_t sent;
    rtl_uint32_t rights = OCAP_HANDLE_TRANSFER;

    rtl_assert(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client) == rcOk);
    rtl_assert(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, rights, RTL_NULL, &object) == rcOk);
    rtl_assert(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL | rights, RTL_NULL,
                                          INVALID_HANDLE, 0, &callable) != rcOk);
    sent = nk_handle_desc(object);
    rtl_assert(nk_get_handle(&sent) == object);
    rtl_assert(KnHandleClose(object) == rcOk && KnHandleClose(client) == rcOk);
    rtl_assert(KnHandleClose(listener) == rcOk && KnHandleClose(server) != rcOk);
}

static void check_system_calls(void)
{
    almanac_Keeper_entity_req req;
    almanac_Keeper_entity_res res;
    SMsgHdr in, out;
    NkKosTransport none;

    nk_req_reset(&req);
    nk_req_reset(&res);
    PackInMsg(&in, &req.base_, NK_NULL);
    PackOutMsg(&out, &res.base_, NK_NULL);
    rtl_assert(Recv(INVALID_HANDLE, &in) != rcOk && Reply(INVALID_HANDLE, &out) != rcOk);
    NkKosTransport_Init(&none, INVALID_HANDLE, NK_NULL, 0);
    nk_msg_set_method_id(&req, almanac_Keeper_book_iidOffset, almanac_Almanac_Almanac_mid);
    rtl_assert(nk_transport_call(&none.base, &req.base_, NULL, &res.base_, NULL) != NK_EOK);
}

static void count_once(void)
{
    static nk_int16_t count;

    rtl_assert(++count == 1);
}

static int leave(void *event)
{
    KosEventSet((KosEvent *)event);
    KosThreadExit(3);
}

static void check_locks(void)
{
    static KosThreadOnceType once = KOS_THREAD_ONCE_INIT;
    KosRWLock lock = {};
    KosSemaphore semaphore;
    KosCondvar condvar;
    KosMutex mutex = {};
    KosEvent event;
    Tid tid;

    rtl_assert(KosThreadOnce(&once, count_once) == rcOk && KosThreadOnce(&once, count_once) == 0);
    rtl_assert(KosRWLockRead(&lock) == rcOk && KosRWLockTryWrite(&lock) != rcOk);
    rtl_assert(KosRWLockUnlock(&lock) == rcOk && KosRWLockWrite(&lock) == rcOk);
    rtl_assert(KosSemaphoreInit(&semaphore, 1) == rcOk && KosSemaphoreWait(&semaphore) == rcOk);
    rtl_assert(KosSemaphoreTryWait(&semaphore) != rcOk);
    rtl_assert(KosCondvarInit(&condvar) == rcOk && KosMutexLock(&mutex) == rcOk);
    rtl_assert(KosCondvarWaitTimeout(&condvar, &mutex, 1) == rcTimeout);
    rtl_assert(KosEventInit(&event) == rcOk);
    rtl_assert(KosThreadCreate(&tid, ThreadPriorityNormal, ThreadStackSizeDefault, leave, &event,
                               0) == rcOk);
    rtl_assert(KosEventWait(&event) == rcOk && KosThreadWait(tid, INFINITE_TIMEOUT) == rcOk);
    rtl_assert(KosThreadSuspend(tid) != rcOk);
}

/* what there is no more of than its name */
static void check_processes(void)
{
    static const char *const args[] = {"program", RTL_NULL};

    rtl_assert(EntitySetArgs(RTL_NULL, args) != rcOk && EntityRun(RTL_NULL) != rcOk);
    rtl_assert(EntityConnectToService(RTL_NULL, RTL_NULL, "channel") != rcOk);
}

static void check_kernel(void)
{
    nk_char_t text[8] = "";

    check_memory();
    check_handles();
    check_system_calls();
    check_locks();
    check_processes();
    nk_strncpy(text, "kernel", sizeof(text) - 1);
    rtl_assert(nk_strnlen(text, sizeof(text)) == 6);
    WARN("kernel", "%s", text);
    ERR("kernel", "%d", rcOk);
    rtl_printf("%s\n", text);
}

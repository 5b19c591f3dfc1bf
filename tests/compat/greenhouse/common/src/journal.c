/* SPDX-License-Identifier: Apache-2.0 */
#include "common/journal.h"

#include <coresrv/sl/sl_api.h>
#include <kos/mutex.h>
#include <rtl/string.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <greenhouse/IJournal.idl.h>

static NkKosTransport transport;
static struct IJournal_proxy proxy;
static KosMutex mutex;

int JournalOpen(const char *channel, const char *endpoint)
{
    Handle handle = ServiceLocatorConnect(channel);
    nk_iid_t riid = ServiceLocatorGetRiid(handle, endpoint);

    if (handle == INVALID_HANDLE || riid == INVALID_RIID) {
        return -1;
    }
    KosMutexInit(&mutex);
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    IJournal_proxy_init(&proxy, &transport.base, riid);
    return 0;
}

/* The note is bytes to the IDL; in it are a string's place and length, and the string lies behind
 * it in the arena, of which no type says anything. */
int JournalWrite(unsigned int id, const char *text)
{
    char buffer[IJournal_write_req_arena_size + 256];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    IJournal_write_req req;
    IJournal_write_res res;
    rtl_uint32_t length = (rtl_uint32_t)rtl_strlen(text) + 1U;

    nk_arena_reset(&arena);
    req.id = id;
    nk_ptr_t *inner = nk_arena_alloc(nk_ptr_t, &arena, &req.note, 1);
    nk_char_t *copy =
        inner != RTL_NULL ? nk_arena_alloc(nk_char_t, &arena, inner, length) : RTL_NULL;
    if (copy == RTL_NULL) {
        return NK_ENOMEM;
    }
    rtl_strncpy(copy, text, length);
    KosMutexLock(&mutex);
    nk_err_t err = IJournal_write(&proxy.base, &req, &arena, &res, RTL_NULL);
    KosMutexUnlock(&mutex);
    return err == NK_EOK ? (int)res.number : -err;
}

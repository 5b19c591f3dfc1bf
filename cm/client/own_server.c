/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/client/own_server.h"

#include <coresrv/nk/transport-kos.h>
#include <coresrv/time/timeout.h>
#include <pthread.h>
#include <stdatomic.h>

#include "cm/client/broker_call.h"
#include "core/background.h"
#include "core/deadline.h"
#include "core/error.h"
#include "core/session.h"
#include "core/static_channel.h"

#define ENDPOINT "names"

/*
 * Looking for the server waits until its program runs and answers, which may be never. So a thread
 * does it, one at a time, and those who want to know wait as long as they like. What it found out
 * after nobody waited any more is for who asks next.
 *
 * @lock:       guards the rest, but for @is_found, @handle and @riid
 * @is_running: there is that thread
 * @is_unread:  @result is what it came to, and nobody was told yet
 * @is_found:   @handle and @riid are set, and never change again
 */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_running;
    bool is_unread;
    Retcode result;
    atomic_bool is_found;
    Handle handle;
    nk_iid_t riid;
} own = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/*
 * own_server_connect() - have the channel to it
 *
 * Context: any thread; waits for the broker only.
 * Return:  0; ERROR_DENIED: init.yaml declares none; ERROR_NOT_CONNECTED: it has ended;
 * ERROR_NO_BROKER; ERROR_QUOTA; negative errno.
 */
int own_server_connect(Handle *ret_handle)
{
    static atomic_bool is_none;

    if (atomic_load(&is_none)) {
        return ERROR_DENIED;
    }
    int r = static_channel_open(SESSION_CONNECT, OWN_SERVER_CHANNEL, ret_handle);
    if (r == ERROR_DENIED) {
        atomic_store(&is_none, true); /* what is not declared never will be */
    }
    return r;
}

/* ask() - whether it is there. Return: what became of the call. */
static nk_err_t ask(Handle handle, nk_iid_t riid)
{
    struct capchan_NameServer_Enumerate_req req = {0};
    struct capchan_NameServer_Enumerate_res res;
    struct capchan_NameServer_proxy proxy;
    struct broker_call call;
    NkKosTransport transport;

    broker_call_init(&call);
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    capchan_NameServer_proxy_init(&proxy, &transport.base, riid);
    return capchan_NameServer_Enumerate(&proxy.base, &req, NULL, &res, &call.res_arena);
}

/* search() - wait until the server behind @handle answers */
static Retcode search(Handle handle)
{
    struct session_message reply;
    int fd;

    int r = session_request(SESSION_RIID, handle, 0, ENDPOINT, &reply, &fd);
    if (r != 0) {
        return error_to_retcode(r);
    }
    nk_err_t answer = ask(handle, (nk_iid_t)reply.head.riid);
    if (answer != NK_EOK) {
        return error_nk_to_retcode(answer);
    }
    own.handle = handle;
    own.riid = (nk_iid_t)reply.head.riid;
    atomic_store(&own.is_found, true);
    return rcOk;
}

static void *search_run(void *handle)
{
    Retcode result = search((Handle)(uintptr_t)handle);

    pthread_mutex_lock(&own.lock);
    own.result = result;
    own.is_unread = true;
    own.is_running = false;
    pthread_cond_broadcast(&own.changed);
    pthread_mutex_unlock(&own.lock);
    return NULL;
}

/* search_start() - in a thread of its own */
static Retcode search_start(Handle handle)
{
    int r = background_start("capchan-names", 0, search_run, (void *)(uintptr_t)handle);

    own.is_running = r == 0;
    return r == 0 ? rcOk : rcOutOfMemory;
}

/* wait_for_result() - with the lock held; @deadline: NULL for none */
static Retcode wait_for_result(const struct timespec *deadline)
{
    int r = 0;

    while (own.is_running && r == 0) {
        r = deadline == NULL
                ? pthread_cond_wait(&own.changed, &own.lock)
                : pthread_cond_clockwait(&own.changed, &own.lock, CLOCK_MONOTONIC, deadline);
    }
    if (own.is_running) {
        return rcTimeout;
    }
    own.is_unread = false;
    return own.result;
}

/*
 * own_server_await() - wait until the server answers, the first time
 * @handle: from own_server_connect()
 *
 * Context: any thread; waits for @msecs milliseconds, or without end for INFINITE_TIMEOUT.
 * Return:  rcOk; rcTimeout; rcNotConnected: the server has ended; rcResourceNotFound: it is no name
 * server; rcNotReady: there is no broker; rcOutOfMemory; what else the call came to.
 */
Retcode own_server_await(Handle handle, rtl_uint32_t msecs)
{
    struct timespec deadline;
    Retcode r = rcOk;

    if (atomic_load(&own.is_found)) {
        return rcOk;
    }
    if (msecs != INFINITE_TIMEOUT) {
        deadline = deadline_after(msecs);
    }
    pthread_mutex_lock(&own.lock);
    if (!own.is_running && !own.is_unread) {
        r = search_start(handle);
    }
    if (r == rcOk) {
        r = wait_for_result(msecs != INFINITE_TIMEOUT ? &deadline : NULL);
    }
    pthread_mutex_unlock(&own.lock);
    return r;
}

/* own_server_get() - how to call it. Return: false: it was not found yet. */
bool own_server_get(Handle *ret_handle, nk_iid_t *ret_riid)
{
    if (!atomic_load(&own.is_found)) {
        return false;
    }
    *ret_handle = own.handle;
    *ret_riid = own.riid;
    return true;
}

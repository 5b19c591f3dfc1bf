/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/transport.h - sending and receiving messages, whatever they travel over
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4. A transport may be copied and used from
 * several threads at once. Every function blocks until it is done; deadlines and interrupts are
 * those of an NkKosTransportSync, see <coresrv/nk/transport-kos.h>.
 */
#ifndef NK_TRANSPORT_H_
#define NK_TRANSPORT_H_

#include <nk/arena.h>
#include <nk/assert.h>
#include <nk/errno.h>
#include <nk/handle.h>
#include <nk/message.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nk_transport;

/** struct nk_transport_ops - what a kind of transport does; see the functions of the same names
 * below */
struct nk_transport_ops {
    nk_err_t (*call)(struct nk_transport *self, struct nk_message *req,
                     const struct nk_arena *req_arena, struct nk_message *res,
                     struct nk_arena *res_arena);
    nk_err_t (*recv)(struct nk_transport *self, struct nk_message *req, struct nk_arena *req_arena);
    nk_err_t (*reply)(struct nk_transport *self, struct nk_message *res,
                      const struct nk_arena *res_arena);
};

/** struct nk_transport - base of every transport; set up by NkKosTransport_Init() */
typedef struct nk_transport {
    const struct nk_transport_ops *ops_;
} nk_transport;

/**
 * nk_transport_call() - send a request and wait for its response
 * @transport: over a client handle; borrowed
 * @req:       header of the request, addressed with nk_msg_set_method_id(); borrowed
 * @req_arena: variable-size parts of the request, or NULL; borrowed
 * @res:       header of the response to fill; what it held before does not matter; borrowed
 * @res_arena: room for variable-size parts of the response, or NULL for none; overwritten from its
 * start
 *
 * Context: any thread. Blocks until the server replies or one of the events below; a server that
 * has not registered yet is waited for. Rights:  OCAP_IPC_CALL. Return:  NK_EOK, also for an error
 * response; NK_ENOTCONN: the server or the broker ended, a handle of the channel was closed, or the
 * handle was taken back; NK_EINVAL: the handle is bad or stale, or a listener; NK_EPERM: it lacks
 * the right; NK_ENOENT: the server has no such endpoint or method; NK_EBADMSG: the request or the
 * response is malformed or breaks a limit of its IDL; NK_ENOMEM: no memory, or the response does
 * not fit into @res_arena; any code that the server's handler returned.
 */
static inline nk_err_t nk_transport_call(struct nk_transport *transport, struct nk_message *req,
                                         const struct nk_arena *req_arena, struct nk_message *res,
                                         struct nk_arena *res_arena)
{
    return transport->ops_->call(transport, req, req_arena, res, res_arena);
}

/**
 * nk_transport_recv() - wait for a request
 * @transport: over a listener handle; borrowed
 * @req:       header of the object to fill, after nk_req_reset() on that object; borrowed
 * @req_arena: room for variable-size parts, or NULL for none; overwritten from its start; borrowed
 *
 * Requests that are malformed, unknown, or larger than @req or @req_arena hold are answered with an
 * error and never returned. A request that this thread received earlier from the same handle and
 * never replied to is answered with NK_ENOMSG.
 *
 * Context: any thread; several threads may wait on one handle and each request goes to one of them.
 * Return:  NK_EOK; NK_EINVAL: the handle is bad or stale or no listener, or @req was not reset;
 *          NK_ENOTCONN: the broker ended and no client is left, or the handle was closed while
 * waiting; NK_ENOMEM: no memory.
 */
static inline nk_err_t nk_transport_recv(struct nk_transport *transport, struct nk_message *req,
                                         struct nk_arena *req_arena)
{
    return transport->ops_->recv(transport, req, req_arena);
}

/**
 * nk_transport_reply() - answer the request that this thread received last from the same handle
 * @transport: over a listener handle; borrowed
 * @res:       header of the response; dispatch sets it up, nk_req_reset() does too; borrowed
 * @res_arena: variable-size parts of the response, or NULL; borrowed
 *
 * Context: any thread; never waits for the client.
 * Return:  NK_EOK; NK_ENOMSG: there is no request to reply to; NK_EINVAL: the handle is bad or
 * stale or no listener; NK_ENOTCONN: the client is gone or does not take its replies; NK_EBADMSG:
 * @res was never set up, is the response to another method, or breaks a limit of its IDL, and the
 * client got NK_EBADMSG; NK_ENOMEM: no memory.
 */
static inline nk_err_t nk_transport_reply(struct nk_transport *transport, struct nk_message *res,
                                          const struct nk_arena *res_arena)
{
    return transport->ops_->reply(transport, res, res_arena);
}

#ifdef __cplusplus
}
#endif

#endif

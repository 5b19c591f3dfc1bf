/* SPDX-License-Identifier: Apache-2.0 */
#include "core/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/listener.h"
#include "core/token.h"

/*
 * Calls have no time for malloc().
 * @spare:       what the last request of this thread was made of, and its next one will be
 * @keeps_spare: there is to be one
 */
static _Thread_local struct {
    struct request *spare;
    bool keeps_spare;
} own __attribute__((tls_model("initial-exec")));

/* request_keep_spare() - or no longer, before this thread ends */
void request_keep_spare(bool keeps)
{
#ifdef __SANITIZE_ADDRESS__
    keeps = false; /* it is to see who uses a request after its end */
#endif
    own.keeps_spare = keeps;
    if (!keeps) {
        free(STEAL(own.spare));
    }
}

static void request_free(struct request *request)
{
    served_unref(request->served);
    incoming_deinit(&request->incoming);
    if (own.keeps_spare && own.spare == NULL) {
        own.spare = request;
    } else {
        free(request);
    }
}

/*
 * request_reply() - answer a request, which is consumed
 * @encoded:  the response
 * @is_error: it is an error response
 *
 * Context: any thread; never waits. A client that does not take its replies is cut off.
 * Return:  0; ERROR_NOT_CONNECTED: the client is gone or was cut off; negative errno, and the
 * client got NK_ENOMEM.
 */
int request_reply(struct request *request, struct encoded *encoded, bool is_error)
{
    int r = served_send_reply(request->served, request->slot, request->incoming.frame.head.call,
                              encoded, is_error);

    if (r < 0) {
        (void)request_fail(request, NK_ENOMEM);
        return r;
    }
    if (r != 0) {
        listener_drop(request->listener, request->served);
    }
    request_free(request);
    return r;
}

/* request_fail() - answer a request, which is consumed, with a status. Return: as request_reply().
 */
int request_fail(struct request *request, int32_t status)
{
    int r = served_send_status(request->served, request->slot, request->incoming.frame.head.call,
                               status);

    if (r != 0) {
        listener_drop(request->listener, request->served);
    }
    request_free(request);
    return r;
}

/* request_new() - without content. Return: NULL without memory. */
static struct request *request_new(struct listener *listener, struct served *served, int slot)
{
    struct request *request = own.spare != NULL ? STEAL(own.spare) : malloc(sizeof(*request));

    if (request != NULL) {
        request->listener = listener;
        request->served = served;
        request->slot = slot;
    }
    return request;
}

/* check() - what was received, once it is in our own memory. Return: @r; ERROR_BAD_MESSAGE: it has
 * flags besides @allowed; ERROR_NOT_CONNECTED: its client may not call any more. */
EVERY_CALL static int check(struct request *request, int r, uint16_t allowed)
{
    struct frame_head *head = &request->incoming.frame.head;
    const struct served *served = request->served;

    if (served->is_bound) {
        head->riid = served->riid;
    }
    if (served_is_over(served)) {
        return ERROR_NOT_CONNECTED;
    }
    return r == 0 && (head->flags & ~allowed) != 0 ? ERROR_BAD_MESSAGE : r;
}

/*
 * request_from_slot() - make a request of what is in a slot, or answer it with an error
 * @found: its reference is consumed
 *
 * Return: 0, and *ret_request is set unless there was an error.
 */
int request_from_slot(struct listener *listener, const struct found *found,
                      struct request **ret_request)
{
    struct served *served = found->served;
    struct request *request = request_new(listener, served, (int)found->slot);

    if (request == NULL) {
        (void)served_send_status(served, (int)found->slot, 0, NK_ENOMEM);
        served_unref(served);
        return 0;
    }
    int r = shared_server_take(&served->shared, found->slot, &request->incoming);
    r = check(request, r, FRAME_BULK);
    if (r != 0) {
        (void)request_fail(request, error_to_nk(r));
        return 0;
    }
    *ret_request = request;
    return 0;
}

/* claim() - the request in a datagram, if its client may take it back. Return: 0;
 * ERROR_INTERRUPTED: it has; ERROR_BAD_MESSAGE. */
static int claim(const struct frame_head *head, struct fd_list *fds)
{
    if (head->magic != FRAME_MAGIC || (head->flags & FRAME_CLAIM) == 0) {
        return 0;
    }
    CLEANUP(fd_close_p) int token = fd_list_take(fds);
    return token < 0 ? ERROR_BAD_MESSAGE : token_take(token);
}

/* take() - incoming_init(), but of what was taken back only its number. Return: as that;
 * ERROR_INTERRUPTED. */
static int take(struct incoming *incoming, uint8_t *datagram, size_t size, struct fd_list *fds)
{
    struct frame_head head = {0};

    memcpy(&head, datagram, size < sizeof(head) ? size : sizeof(head));
    int r = claim(&head, fds);
    if (r == 0) {
        return incoming_init(incoming, datagram, size, fds);
    }
    incoming_clear(incoming);
    incoming->frame.head.call = head.call;
    free(datagram);
    fd_list_deinit(fds);
    return r;
}

/*
 * request_from_datagram() - make a request of a datagram, or answer it with an error
 * @served:        a reference, consumed
 * @datagram, @fds: consumed
 *
 * Return: 0, and *ret_request is set unless there was an error; -ENOMEM.
 */
int request_from_datagram(struct listener *listener, struct served *served, uint8_t *datagram,
                          size_t size, struct fd_list *fds, struct request **ret_request)
{
    struct request *request = request_new(listener, served, SERVED_SOCKET);

    if (request == NULL) {
        free(datagram);
        fd_list_deinit(fds);
        served_unref(served);
        return -ENOMEM;
    }
    int r = take(&request->incoming, datagram, size, fds);
    r = check(request, r, FRAME_MEMFD | FRAME_CLAIM);
    if (r != 0) {
        (void)request_fail(request, error_to_nk(r));
        return 0;
    }
    *ret_request = request;
    return 0;
}

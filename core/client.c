/* SPDX-License-Identifier: Apache-2.0 */
#include "core/client.h"

#include <errno.h>
#include <stdlib.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/link.h"
#include "core/outgoing.h"

struct client {
    struct object object;
    struct link link;
};

static void client_shut(struct object *object)
{
    link_shut(&((struct client *)object)->link);
}

static void client_free(struct object *object)
{
    struct client *client = (struct client *)object;

    link_deinit(&client->link);
    free(client);
}

const struct object_class client_class = {
    .kind = OBJECT_CLIENT, .shut = client_shut, .free = client_free};

/*
 * client_new() - a client end
 * @fd:         from the broker; consumed, on failure too
 * @ret_client: one reference, the caller's
 *
 * Return: 0; -ENOMEM.
 */
int client_new(int fd, struct client **ret_client)
{
    struct client *client = malloc(sizeof(*client));

    if (client == NULL) {
        fd_close(fd);
        return -ENOMEM;
    }
    object_init(&client->object, &client_class);
    link_init(&client->link, fd, sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX,
              CALLS_PER_CHANNEL_MAX);
    *ret_client = client;
    return 0;
}

/* client_send() - pack a request into the channel's buffer and send it */
static int client_send(struct client *client, struct frame_head *head,
                       const struct encoded *encoded)
{
    struct outgoing outgoing;

    int r = outgoing_init(&outgoing, frame_payload_bytes(head));
    if (r == 0) {
        encoded_pack(encoded, outgoing.payload);
        r = outgoing_send(&outgoing, client->link.fd, head, 0);
    }
    outgoing_deinit(&outgoing);
    return r;
}

/*
 * client_call() - send a request and wait for its reply
 * @encoded:   the request
 * @ret_reply: the reply, to be ended with incoming_deinit()
 *
 * Context: any thread; calls of several threads are in flight together.
 * Return:  0; ERROR_NOT_CONNECTED; ERROR_QUOTA: CALLS_PER_CHANNEL_MAX calls are in flight;
 * ERROR_BAD_MESSAGE: the reply is malformed; negative errno.
 */
int client_call(struct client *client, nk_iid_t riid, nk_mid_t mid, const struct encoded *encoded,
                struct incoming *ret_reply)
{
    struct frame_head head = encoded->head;
    struct link_waiter waiter;

    int r = link_begin(&client->link, &waiter);
    if (r != 0) {
        return r;
    }
    head.call = waiter.number;
    head.riid = riid;
    head.mid = mid;
    r = client_send(client, &head, encoded);
    if (r == 0) {
        r = link_wait(&client->link, &waiter);
    }
    if (r == 0) {
        r = incoming_init(ret_reply, STEAL(waiter.reply.bytes), waiter.reply.size,
                          &waiter.reply.fds);
        if (r == 0 && (ret_reply->frame.head.flags & FRAME_REPLY) == 0) {
            r = ERROR_BAD_MESSAGE;
        }
        if (r != 0) {
            incoming_deinit(ret_reply);
        }
    }
    link_end(&client->link, &waiter);
    return r;
}

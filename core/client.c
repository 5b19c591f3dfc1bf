/* SPDX-License-Identifier: Apache-2.0 */
#include "core/client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/announced.h"
#include "core/cleanup.h"
#include "core/container.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/link.h"
#include "core/lookout.h"
#include "core/shared_client.h"
#include "core/outgoing.h"
#include "core/not_inline.h"
#include "core/step.h"
#include "core/token.h"
#include "core/transfer.h"

/* How far the offer of shared memory has come. */
enum offer_state {
    OFFER_NEW,
    OFFER_MADE,
    OFFER_OVER, /* answered, or not possible */
};

/*
 * @handle:    what the broker calls it
 * @watch:     of the socket, from when there is memory to wait in
 * @interface: of the one endpoint that it leads to; "": there may be several
 * @known:     a method that is one of @interface; or NULL
 */
struct client {
    struct object object;
    Handle handle;
    struct link link;
    atomic_int offer;
    struct shared_client shared;
    struct lookout_watch watch;
    char *interface;
    const struct capchan_method *_Atomic known;
};

/* client_tell() - the server has hung up, or the broker has something to say; what has come over
 * the socket before that can still be received */
static bool client_tell(struct lookout_watch *watch, bool has_hung_up)
{
    struct client *client = CONTAINER_OF(watch, struct client, watch);

    if (has_hung_up) {
        shared_client_shut(&client->shared);
    }
    if (!shared_client_is_over(&client->shared)) {
        return true;
    }
    (void)shutdown(client->link.fd, SHUT_RDWR);
    return shared_client_wake(&client->shared);
}

static void client_shut(struct object *object)
{
    struct client *client = (struct client *)object;

    shared_client_shut(&client->shared);
    if (!shared_client_wake(&client->shared)) {
        lookout_insist(&client->watch);
    }
    link_shut(&client->link);
}

static void client_free(struct object *object)
{
    struct client *client = (struct client *)object;

    lookout_end(&client->watch);
    shared_client_deinit(&client->shared);
    link_deinit(&client->link);
    free(client->interface);
    free(client);
}

const struct object_class client_class = {
    .kind = OBJECT_CLIENT, .shut = client_shut, .free = client_free, .is_over_when_shut = true};

/*
 * client_new() - a client end
 * @fd:         from the broker; consumed, on failure too
 * @handle:     what the broker calls it
 * @interface:  of the one endpoint that it leads to; "": there may be several; copied
 * @ret_client: one reference, the caller's
 *
 * Return: 0; -ENOMEM.
 */
int client_new(int fd, Handle handle, const char *interface, struct client **ret_client)
{
    struct client *client = calloc(1, sizeof(*client));
    char *copy = strdup(interface);

    if (client == NULL || copy == NULL) {
        free(client);
        free(copy);
        fd_close(fd);
        return -ENOMEM;
    }
    object_init(&client->object, &client_class);
    client->handle = handle;
    link_init(&client->link, fd, sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX,
              CALLS_PER_CHANNEL_MAX);
    atomic_init(&client->offer, OFFER_NEW);
    shared_client_init(&client->shared, handle);
    client->watch = (struct lookout_watch){.tell = client_tell, .fd = fd};
    client->interface = copy;
    *ret_client = client;
    return 0;
}

/* client_interface() - of the one endpoint that it leads to; "": there may be several */
const char *client_interface(const struct client *client)
{
    return client->interface;
}

/* client_leads_to() - whether @method, number @mid of its interface, may be called through it */
bool client_leads_to(struct client *client, const struct capchan_method *method, nk_mid_t mid)
{
    if (*client->interface == '\0' ||
        atomic_load_explicit(&client->known, memory_order_relaxed) == method) {
        return true;
    }
    if (!announced_is_method(client->interface, mid, method)) {
        return false;
    }
    atomic_store_explicit(&client->known, method, memory_order_relaxed);
    return true;
}

/* send_until() - outgoing_send(), unless the wait for room is to end. Nothing was sent then. */
static int send_until(struct client *client, struct outgoing *outgoing, struct frame_head *head,
                      struct until *until)
{
    int r;

    if (until == NULL) {
        return outgoing_send(outgoing, client->link.fd, head, 0);
    }
    while ((r = outgoing_send(outgoing, client->link.fd, head, MSG_DONTWAIT)) == -EAGAIN &&
           (r = until_look(until)) == 0) {
        (void)until_poll(until, client->link.fd, POLLOUT);
    }
    return r;
}

/* client_send() - pack a request and send it; @token as in outgoing.h */
static int client_send(struct client *client, struct encoded *encoded, int token,
                       struct until *until)
{
    struct outgoing outgoing;

    int r = outgoing_pack(&outgoing, encoded);
    outgoing.token = token;
    if (r == 0) {
        r = send_until(client, &outgoing, &encoded->head, until);
    }
    outgoing_deinit(&outgoing);
    return r;
}

/* offer_memory() - with the first call; without memory to share, the socket does */
static void offer_memory(struct client *client)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = SHARED_OFFER_NUMBER, .flags = FRAME_OFFER};
    struct iovec part = {.iov_base = &head, .iov_len = sizeof(head)};
    int expected = OFFER_NEW;

    if (atomic_load_explicit(&client->offer, memory_order_relaxed) != OFFER_NEW ||
        !atomic_compare_exchange_strong(&client->offer, &expected, OFFER_OVER)) {
        return;
    }
    int memfd = shared_client_offer(&client->shared);
    if (memfd >= 0 && lookout_begin(&client->watch) == 0 &&
        fd_send(client->link.fd, &part, 1, memfd, MSG_DONTWAIT) == 0) {
        atomic_store(&client->offer, OFFER_MADE);
        STEP("client: memory offered");
    }
}

/* take_answer() - see whether the server has answered the offer */
static void take_answer(struct client *client)
{
    int expected = OFFER_MADE;
    struct link_message answer;
    struct frame_head head;
    int bell = -1;

    if (atomic_load_explicit(&client->offer, memory_order_relaxed) != OFFER_MADE ||
        !link_take_kept(&client->link, SHARED_OFFER_NUMBER, &answer)) {
        return;
    }
    if (atomic_compare_exchange_strong(&client->offer, &expected, OFFER_OVER)) {
        int n_fds = answer.fds.surplus ? FD_PER_MESSAGE_MAX + 1 : answer.fds.n_fds;
        if (frame_parse_head(answer.bytes, answer.size, n_fds, &head) == 0 &&
            head.flags == (FRAME_REPLY | FRAME_OFFER)) {
            bell = fd_list_take(&answer.fds);
        }
        if (shared_client_accept(&client->shared, bell)) {
            link_limit(&client->link, CALLS_PER_CHANNEL_MAX - SHARED_SLOTS);
        }
    }
    link_message_deinit(&answer);
}

/* wait_for_reply() - the reply to a request that was sent, which ends here; but if @until ended it,
 * @waiter is still the caller's */
static int wait_for_reply(struct client *client, struct link_waiter *waiter, struct until *until,
                          struct incoming *ret_reply)
{
    int r = link_wait_until(&client->link, waiter, until);

    if (r == ERROR_TIMEOUT || r == ERROR_INTERRUPTED) {
        return r;
    }
    if (r == 0) {
        r = incoming_init(ret_reply, STEAL(waiter->reply.bytes), waiter->reply.size,
                          &waiter->reply.fds);
        if (r == 0 && (ret_reply->frame.head.flags & (FRAME_REPLY | FRAME_OFFER)) != FRAME_REPLY) {
            r = ERROR_BAD_MESSAGE;
        }
        if (r != 0) {
            incoming_deinit(ret_reply);
        }
    }
    link_end(&client->link, waiter);
    return r;
}

/* drop() - a reply that has come late: nobody wants what it brings */
static void drop(struct client *client, struct incoming *reply)
{
    if (reply->frame.head.n_handles > 0) {
        transfer_drop(reply, client->handle);
    }
    incoming_deinit(reply);
}

/* drop_message() - one that took the socket, consumed */
static void drop_message(struct client *client, struct link_message *message)
{
    struct incoming reply;

    if (incoming_init(&reply, STEAL(message->bytes), message->size, &message->fds) != 0) {
        reply.frame.head.n_handles = 0;
    }
    drop(client, &reply);
}

/* drop_late() - all replies that took the socket and came too late, to requests that did so too */
static void drop_late(struct client *client)
{
    struct link_message message;

    while (link_take_late(&client->link, &message)) {
        drop_message(client, &message);
    }
}

/* withdraw() - take a request in the socket back, before the server has it */
static bool withdraw(void *token)
{
    return token_take(*(const int *)token) == 0;
}

/* exchange_until() - exchange() with a request that may be given up, @waiter from malloc consumed
 */
static int exchange_until(struct client *client, struct encoded *encoded, struct until *until,
                          struct link_waiter *waiter, struct incoming *ret_reply)
{
    CLEANUP(fd_close_p) int token = -1;

    int r = token_new(&token);
    if (r == 0) {
        r = client_send(client, encoded, token, until);
    }
    if (r != 0) {
        link_end(&client->link, waiter);
        free(waiter);
        return r;
    }
    shared_client_announce_mail(&client->shared);
    until_guard(until, withdraw, &token);
    r = wait_for_reply(client, waiter, until, ret_reply);
    if (r == ERROR_TIMEOUT) {
        (void)withdraw(&token);
    }
    if (r == ERROR_TIMEOUT || r == ERROR_INTERRUPTED) {
        link_give_up(&client->link, waiter);
    } else {
        free(waiter);
    }
    return r;
}

/* exchange() - send a request that has its number, and wait for the reply */
static int exchange(struct client *client, struct encoded *encoded, struct link_waiter *waiter,
                    struct incoming *ret_reply)
{
    int r = client_send(client, encoded, -1, NULL);

    STEP("client: request sent");
    if (r != 0) {
        link_end(&client->link, waiter);
        return r;
    }
    shared_client_announce_mail(&client->shared);
    return wait_for_reply(client, waiter, NULL, ret_reply);
}

/* call_over_socket() - until the memory is there, and for what is too large for it */
NOT_INLINE static int call_over_socket(struct client *client, struct encoded *encoded,
                                       struct until *until, struct incoming *ret_reply)
{
    struct link_waiter own = {0};
    struct link_waiter *waiter = until != NULL ? malloc(sizeof(*waiter)) : &own;

    drop_late(client);
    int r = waiter == NULL ? -ENOMEM : link_begin(&client->link, waiter);
    if (r != 0) {
        if (waiter != &own) {
            free(waiter);
        }
        return r;
    }
    offer_memory(client);
    encoded->head.call = waiter->number;
    r = until != NULL ? exchange_until(client, encoded, until, waiter, ret_reply)
                      : exchange(client, encoded, waiter, ret_reply);
    take_answer(client);
    STEP("client: reply received");
    return r;
}

/* collect() - the reply to the call in @slot, which took the socket. Nothing but its time ends that
 * wait: the server has had the request. */
NOT_INLINE static int collect(struct client *client, unsigned slot, uint32_t number,
                              struct until *until, struct incoming *ret_reply)
{
    struct link_waiter waiter;

    until_commit(until);
    int r = link_collect(&client->link, number, &waiter);
    if (r == 0) {
        r = wait_for_reply(client, &waiter, until, ret_reply);
    }
    if (r == ERROR_TIMEOUT) {
        link_leave(&client->link, &waiter);
        shared_client_give_up(&client->shared, slot);
    } else {
        shared_client_give_back(&client->shared, slot);
    }
    return r;
}

/* call_in_slot() - through the memory; a reply that is too large for it takes the socket */
static int call_in_slot(struct client *client, unsigned slot, struct encoded *encoded,
                        struct until *until, struct incoming *ret_reply)
{
    int r = shared_client_call(&client->shared, slot, encoded, until, ret_reply);

    if (r == 0 && (ret_reply->frame.head.flags & FRAME_REPLY) == 0) {
        r = ERROR_BAD_MESSAGE;
    }
    if (r == 0 && (ret_reply->frame.head.flags & FRAME_ELSEWHERE) == 0) {
        return 0;
    }
    incoming_deinit(ret_reply);
    return r == 0 ? collect(client, slot, ret_reply->frame.head.call, until, ret_reply) : r;
}

/* reap() - a slot whose call was given up, if the late reply has come. Return: whether it has, so
 * that the slot can be used again. */
static bool reap(struct client *client, unsigned slot)
{
    struct link_message message;
    struct incoming reply;

    if (!shared_client_take_late(&client->shared, slot, &reply)) {
        return false;
    }
    if ((reply.frame.head.flags & FRAME_ELSEWHERE) == 0) {
        drop(client, &reply);
    } else if (link_receive_kept(&client->link, reply.frame.head.call, &message)) {
        drop_message(client, &message);
    } else {
        shared_client_give_up(&client->shared, slot);
        return false;
    }
    shared_client_give_back(&client->shared, slot);
    return true;
}

/* reap_all() - and what took the socket. Return: whether a slot can be used again. */
NOT_INLINE static bool reap_all(struct client *client)
{
    bool has_any = false;

    drop_late(client);
    for (unsigned slot = 0; slot < SHARED_SLOTS; slot++) {
        has_any = reap(client, slot) || has_any;
    }
    return has_any;
}

/* take_slot() - for one call. Return: its number; -1: take the socket. */
static int take_slot(struct client *client, size_t payload_bytes)
{
    int slot;

    do {
        slot = shared_client_take(&client->shared, payload_bytes);
    } while (shared_client_has_given_up(&client->shared) && reap_all(client) && slot < 0);
    return slot;
}

/*
 * client_call() - send a request and wait for its reply
 * @encoded:   the request; the rest of its head is filled in
 * @until:     what ends the call without a reply; NULL: nothing does. An interrupt only if the
 *             server has not had the request yet, which it never gets then
 * @ret_reply: the reply, to be ended with incoming_deinit(); stays where it is until then
 *
 * Context: any thread; calls of several threads are in flight together.
 * Return:  0; ERROR_NOT_CONNECTED; ERROR_QUOTA: CALLS_PER_CHANNEL_MAX calls are in flight, those
 * that were given up and not answered included; ERROR_BAD_MESSAGE: the reply is malformed;
 * ERROR_INTERRUPTED; ERROR_TIMEOUT; negative errno.
 */
int client_call(struct client *client, nk_iid_t riid, nk_mid_t mid, struct encoded *encoded,
                struct until *until, struct incoming *ret_reply)
{
    int slot = take_slot(client, frame_payload_bytes(&encoded->head));
    STEP("client: slot taken");

    encoded->head.riid = riid;
    encoded->head.mid = mid;
    return slot >= 0 ? call_in_slot(client, (unsigned)slot, encoded, until, ret_reply)
                     : call_over_socket(client, encoded, until, ret_reply);
}

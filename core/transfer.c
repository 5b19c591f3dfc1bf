/* SPDX-License-Identifier: Apache-2.0 */
#include "core/transfer.h"

#include <errno.h>
#include <nk/handle.h>
#include <string.h>

#include "core/adopt.h"
#include "core/control.h"
#include "core/error.h"
#include "core/handle_question.h"
#include "core/limits.h"
#include "core/session.h"

_Static_assert(capchan_Handles_SentMax == HANDLES_PER_MESSAGE_MAX,
               "the broker is asked for all handles of a message at once");

/*
 * name_interface() - that @interface has to be what a handle leads to
 * @names:     that are asked for already, with room for all that may be; where there are too many,
 *             it is left to the receiver's own calls to find out
 * @ret_place: among them, from 1; 0 without one
 *
 * Return: 0; ERROR_BAD_MESSAGE: they do not fit into a message to the broker.
 */
static int name_interface(struct nk_arena *arena, const char *interface, nk_ptr_t *names,
                          size_t *n_names, nk_uint8_t *ret_place)
{
    size_t place = 0;
    size_t size;

    *ret_place = 0;
    if (interface == NULL) {
        return 0;
    }
    while (place < *n_names &&
           strcmp(nk_arena_get(nk_char_t, arena, &names[place], &size), interface) != 0) {
        place++;
    }
    if (place == capchan_Handles_NamesMax) {
        return 0;
    }
    if (place == *n_names) {
        if (nk_arena_store(nk_char_t, arena, &names[place], interface, strlen(interface) + 1) !=
            NK_EOK) {
            return ERROR_BAD_MESSAGE;
        }
        ++*n_names;
    }
    *ret_place = (nk_uint8_t)(place + 1);
    return 0;
}

/* describe() - one handle, for the broker */
static capchan_Handles_Sent describe(const nk_handle_desc_t *desc, nk_uint8_t interface)
{
    bool is_given = (desc->rights & NK_HANDLE_RIGHTS_GIVEN_) != 0;
    bool has_badge = (desc->rights & NK_HANDLE_BADGE_GIVEN_) != 0;
    nk_rights_t rights = nk_get_rights(desc);

    return (capchan_Handles_Sent){.handle = desc->handle,
                                  .rights =
                                      is_given || rights != 0 ? rights : capchan_Handles_AllRights,
                                  .badge = has_badge ? (Handle)desc->badge : INVALID_HANDLE,
                                  .interface = interface};
}

/* fill() - the request for all handles of a message. Return: 0; ERROR_BAD_MESSAGE. */
static int fill(capchan_Handles_Send_req *req, const struct encoded *encoded,
                struct nk_arena *arena)
{
    const size_t n = encoded->head.n_handles;
    capchan_Handles_Sent *sent = nk_arena_alloc(capchan_Handles_Sent, arena, &req->handles, n);
    nk_ptr_t *names = nk_arena_alloc(nk_ptr_t, arena, &req->interfaces, capchan_Handles_NamesMax);
    size_t n_names = 0;
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++) {
        const struct encoded_handle *handle = &encoded->handles[i];
        nk_uint8_t place;
        r = name_interface(arena, handle->interface, names, &n_names, &place);
        sent[i] = describe(&handle->desc, place);
    }
    req->interfaces.size = (nk_uint32_t)(n_names * sizeof(nk_ptr_t));
    return r;
}

/*
 * transfer_handles() - have the handles of a message made for its receiver: all or none
 * @channel: our end of the channel that the message will take
 * @encoded: its numbers are filled in
 *
 * Context: any thread; waits for the broker.
 * Return:  0; ERROR_BAD_HANDLE: one, or its badge, is none; ERROR_REVOKED; ERROR_DENIED: one lacks
 * a right, or leads to another interface; ERROR_NOT_CONNECTED; ERROR_QUOTA; ERROR_BAD_MESSAGE;
 * ERROR_NO_BROKER; negative errno.
 */
int transfer_handles(Handle channel, const struct encoded *encoded)
{
    nk_uint64_t room[SESSION_BYTES_MAX / sizeof(nk_uint64_t)];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, (char *)room + sizeof(room));
    Handle numbers[HANDLES_PER_MESSAGE_MAX];
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(numbers, (char *)numbers + sizeof(numbers));
    capchan_Handles_Send_req req = {.channel = channel};
    capchan_Handles_Send_res res;
    struct question question;

    int r = fill(&req, encoded, &arena);
    if (r != 0) {
        return r;
    }
    nk_err_t e = capchan_Handles_Send(question_ask(&question), &req, &arena, &res, &res_arena);
    r = error_from_retcode(question_answer(&question, e, &res.base_, res.err_.code));
    if (r == 0 && res.numbers.size != encoded->head.n_handles * sizeof(Handle)) {
        r = ERROR_BAD_MESSAGE;
    }
    if (r == 0) {
        memcpy(encoded->numbers, numbers, res.numbers.size);
    }
    return r;
}

/* transfer_take_back() - the message could not be sent */
void transfer_take_back(Handle channel, const struct encoded *encoded)
{
    for (size_t i = 0; i < encoded->head.n_handles; i++) {
        session_announce(SESSION_NOT_SENT, channel, encoded->numbers[i], NULL);
    }
}

/* open_parcel() - see what a number in a message stands for. Return: 0; ERROR_BAD_MESSAGE: nothing
 * came under it over this channel; -ENOMEM; what the broker said. */
static int open_parcel(Handle number, Handle source, nk_handle_desc_t *ret_desc)
{
    struct control_label label;

    if (!control_read_label(number, &label) || label.source != source) {
        return ERROR_BAD_MESSAGE;
    }
    if ((label.flags & CONTROL_RETURNED) != 0) {
        *ret_desc = (nk_handle_desc_t){.handle = label.own,
                                       .rights = label.rights | NK_HANDLE_DEREFERENCED_,
                                       .badge = (nk_badge_t)label.context};
        return 0;
    }
    *ret_desc = (nk_handle_desc_t){.handle = number, .rights = label.rights};
    return (label.flags & CONTROL_LISTENER) != 0
               ? adopt_sent_listener(number)
               : adopt_parcel(number, (label.flags & CONTROL_CHANNEL) != 0);
}

/* give_back() - tell the broker that nobody wants the first @n of the handles. It has heard that
 * when we go on, so no other message can bring them. */
static void give_back(const Handle *numbers, const nk_handle_desc_t *descs, size_t n)
{
    struct session_message reply;
    int fd;

    for (size_t i = 0; i < n; i++) {
        if (descs[i].handle == numbers[i]) {
            adopt_undo(numbers[i]);
        }
        if (i < n - 1) {
            session_announce(SESSION_GIVE_BACK, numbers[i], 0, NULL);
        } else {
            (void)session_request(SESSION_REFUSED, numbers[i], 0, NULL, &reply, &fd);
        }
    }
}

/* settle() - tell the broker that the first @n of the handles were taken, or that they were not */
static void settle(const Handle *numbers, const nk_handle_desc_t *descs, size_t n, bool are_taken)
{
    if (!are_taken) {
        give_back(numbers, descs, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        session_announce(SESSION_TAKEN, numbers[i], 0, NULL);
    }
}

/* open_all() - see what the numbers in a message stand for, up to the first that is none. Return:
 * 0; ERROR_BAD_MESSAGE; -ENOMEM. */
static int open_all(struct incoming *incoming, Handle source, Handle *numbers,
                    nk_handle_desc_t *descs, size_t *n_open)
{
    const size_t n = incoming->frame.head.n_handles;

    int r = incoming_own(incoming);
    if (r != 0) {
        return r;
    }
    memcpy(numbers, incoming->frame.handles, n * sizeof(Handle));
    while (r == 0 && *n_open < n) {
        r = open_parcel(numbers[*n_open], source, &descs[*n_open]);
        *n_open += r == 0;
    }
    return r;
}

/*
 * transfer_take() - incoming_decode(), with the handles in the message
 * @source: the end of the channel that it came over
 *
 * On failure the handles are gone.
 */
int transfer_take(struct incoming *incoming, Handle source, const struct capchan_record *record,
                  void *object, struct nk_arena *arena)
{
    nk_handle_desc_t descs[HANDLES_PER_MESSAGE_MAX];
    Handle numbers[HANDLES_PER_MESSAGE_MAX];
    size_t n_open = 0;

    int r = open_all(incoming, source, numbers, descs, &n_open);
    if (r == 0) {
        incoming->frame.parcels = descs;
        r = incoming_decode(incoming, record, object, arena);
        incoming->frame.parcels = NULL;
    }
    settle(numbers, descs, n_open, r == 0);
    return r;
}

/* transfer_drop() - the handles of a message that nobody decodes are gone */
void transfer_drop(struct incoming *incoming, Handle source)
{
    nk_handle_desc_t descs[HANDLES_PER_MESSAGE_MAX];
    Handle numbers[HANDLES_PER_MESSAGE_MAX];
    size_t n_open = 0;

    (void)open_all(incoming, source, numbers, descs, &n_open);
    settle(numbers, descs, n_open, false);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/incoming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/copy.h"
#include "core/decode.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/not_inline.h"

#define SEALS_NEEDED (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/*
 * memfd_copy() - copy the @size bytes of a peer's memfd
 *
 * The seals prove that it is a memfd and that its size and content are final; pread() cannot raise
 * SIGBUS.
 *
 * Return: 0; ERROR_BAD_MESSAGE: it is something else; -ENOMEM.
 */
static int memfd_copy(int fd, size_t size, uint8_t **ret_bytes)
{
    struct stat status;
    int seals = fcntl(fd, F_GET_SEALS);

    if (seals < 0 || (seals & SEALS_NEEDED) != SEALS_NEEDED || fstat(fd, &status) < 0 ||
        status.st_size < 0 || (size_t)status.st_size != size) {
        return ERROR_BAD_MESSAGE;
    }
    uint8_t *bytes = buffer_alloc(size + 1);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(fd, bytes + done, size - done, (off_t)done);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            buffer_free(bytes);
            return ERROR_BAD_MESSAGE;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    *ret_bytes = bytes;
    return 0;
}

/* incoming_clear() - nothing has come yet; to be ended with incoming_deinit() all the same */
void incoming_clear(struct incoming *incoming)
{
    incoming->frame = (struct frame){0};
    incoming->shared = NULL;
    incoming->give_back = NULL;
    incoming->datagram = NULL;
    incoming->payload = NULL;
}

/*
 * incoming_init() - check a datagram and fetch its payload
 * @datagram: from malloc; consumed
 * @fds:      that came with it; consumed
 *
 * incoming->frame.head.call is set whenever the datagram has a header at all, so that it can be
 * answered; 0 otherwise. To be ended with incoming_deinit() in any case.
 *
 * Return: 0; ERROR_BAD_MESSAGE; -ENOMEM.
 */
int incoming_init(struct incoming *incoming, uint8_t *datagram, size_t size, struct fd_list *fds)
{
    struct frame_head head = {0};
    const uint8_t *payload = datagram + sizeof(head);

    incoming_clear(incoming);
    incoming->datagram = datagram;
    if (size >= sizeof(head)) {
        memcpy(&incoming->frame.head, datagram, sizeof(head));
    }
    int n_fds = fds->surplus ? FD_PER_MESSAGE_MAX + 1 : fds->n_fds;
    int r = frame_parse_head(datagram, size, n_fds, &head);
    if (r == 0 && (head.flags & FRAME_MEMFD) != 0) {
        r = memfd_copy(fds->fds[0], frame_payload_bytes(&head), &incoming->payload);
        payload = incoming->payload;
    }
    fd_list_deinit(fds);
    if (r == 0) {
        frame_split(&head, payload, &incoming->frame);
    }
    return r;
}

/*
 * incoming_take() - check what was copied from a line of shared memory after incoming_clear():
 * the head, and into @small the payload, if it is as small as that
 * @payload_bytes: frame_payload_bytes()
 * @payload: @small, or where it is otherwise, and the other end may be changing it; NULL: there is
 * no place for one of that size. It stays there until incoming_own() or incoming_deinit().
 *
 * The rest is as in incoming_init().
 */
EVERY_CALL int incoming_take(struct incoming *incoming, size_t payload_bytes,
                             const uint8_t *payload)
{
    const struct frame_head *head = &incoming->frame.head;

    if (frame_check_head(head, payload_bytes) != 0 ||
        (head->flags & (FRAME_MEMFD | FRAME_OFFER)) != 0 || payload == NULL) {
        return ERROR_BAD_MESSAGE;
    }
    if (payload == incoming->small) {
        frame_split(head, payload, &incoming->frame);
    } else {
        incoming->shared = payload;
    }
    return 0;
}

/* incoming_own() - have the payload where no peer can change it. Return: 0; -ENOMEM. */
int incoming_own(struct incoming *incoming)
{
    const struct frame_head head = incoming->frame.head;
    size_t size = frame_payload_bytes(&head);
    uint8_t *to = incoming->small;

    if (incoming->shared == NULL) {
        return 0;
    }
    if (size > sizeof(incoming->small)) {
        to = incoming->payload = buffer_alloc(size);
        if (to == NULL) {
            return -ENOMEM;
        }
    }
    copy_bytes(to, incoming->shared, size);
    /* From here on the copy counts, and nobody may look at the original again. */
    atomic_signal_fence(memory_order_seq_cst);
    frame_split(&head, to, &incoming->frame);
    incoming->shared = NULL;
    return 0;
}

/* incoming_decode() - decode(), from where the payload is if that can be done in a single pass */
EVERY_CALL int incoming_decode(struct incoming *incoming, const struct capchan_record *record,
                               void *object, struct nk_arena *arena)
{
    const uint8_t *body = incoming->shared != NULL ? incoming->shared : incoming->frame.body;

    if (decode_flat(record, &incoming->frame.head, body, object, arena)) {
        return 0;
    }
    int r = incoming_own(incoming);
    return r != 0 ? r : decode(record, &incoming->frame, object, arena);
}

/* free_copies() - of a message that did not come in a slot, or was too large to be read there */
NOT_INLINE static void free_copies(struct incoming *incoming)
{
    free(incoming->datagram);
    buffer_free(incoming->payload);
    incoming->datagram = NULL;
    incoming->payload = NULL;
}

/* incoming_deinit() - give everything back */
void incoming_deinit(struct incoming *incoming)
{
    if (incoming->datagram != NULL || incoming->payload != NULL) {
        free_copies(incoming);
    }
    if (incoming->give_back != NULL) {
        incoming->give_back(incoming->lender, incoming->slot);
        incoming->give_back = NULL;
    }
}

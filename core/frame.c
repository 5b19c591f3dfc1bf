/* SPDX-License-Identifier: Apache-2.0 */
#include "core/frame.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"

/*
 * frame_check_head() - check what does not depend on how a frame travels
 * @payload_bytes: frame_payload_bytes()
 *
 * Return: 0; ERROR_BAD_MESSAGE.
 */
int frame_check_head(const struct frame_head *head, size_t payload_bytes)
{
    const uint16_t bare = FRAME_STATUS | FRAME_OFFER | FRAME_ELSEWHERE;

    if (head->magic != FRAME_MAGIC || (head->flags & ~FRAME_FLAGS_ALL) != 0 ||
        head->n_handles > HANDLES_PER_MESSAGE_MAX || payload_bytes > MESSAGE_BYTES_MAX) {
        return ERROR_BAD_MESSAGE;
    }
    if ((head->flags & bare) != 0 && payload_bytes != 0) {
        return ERROR_BAD_MESSAGE;
    }
    return (head->flags & FRAME_STATUS) != 0 && head->status == 0 ? ERROR_BAD_MESSAGE : 0;
}

/*
 * frame_parse_head() - check a datagram from a peer
 * @bytes:    the datagram; read once
 * @n_fds:    descriptors that came with it
 * @ret_head: its header
 *
 * Return: 0: the header is sound and the payload complete, either in the datagram or in the one
 * descriptor; ERROR_BAD_MESSAGE.
 */
int frame_parse_head(const void *bytes, size_t size, int n_fds, struct frame_head *ret_head)
{
    struct frame_head head;

    if (size < sizeof(head)) {
        return ERROR_BAD_MESSAGE;
    }
    memcpy(&head, bytes, sizeof(head));
    size_t payload_bytes = frame_payload_bytes(&head);
    if (frame_check_head(&head, payload_bytes) != 0 ||
        (head.flags & (FRAME_ELSEWHERE | FRAME_BULK)) != 0) {
        return ERROR_BAD_MESSAGE;
    }
    size_t in_datagram = (head.flags & FRAME_MEMFD) != 0 ? 0 : payload_bytes;
    int n_expected = (head.flags & (FRAME_MEMFD | FRAME_OFFER)) != 0 ? 1 : 0;
    if (in_datagram > MESSAGE_INLINE_BYTES_MAX || size - sizeof(head) != in_datagram ||
        n_fds != n_expected) {
        return ERROR_BAD_MESSAGE;
    }
    *ret_head = head;
    return 0;
}

/* frame_split() - find the parts of the @payload that belongs to @head; both checked, @payload
 * borrowed */
void frame_split(const struct frame_head *head, const uint8_t *payload, struct frame *ret_frame)
{
    ret_frame->head = *head;
    ret_frame->body = payload;
    ret_frame->pointers = payload + head->body_bytes;
    ret_frame->arena = ret_frame->pointers + (size_t)head->n_pointers * sizeof(nk_ptr_t);
    ret_frame->handles = ret_frame->arena + head->arena_bytes;
    ret_frame->parcels = NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session_wire.h"

#include <string.h>

#include "core/error.h"
#include "core/fd.h"

/*
 * session_message_parse() - check and take apart what the other end of a session sent
 *
 * Return: 0; ERROR_BAD_MESSAGE: wrong size, version, operation or lengths, or a NUL in a string.
 */
int session_message_parse(const void *bytes, size_t size, struct session_message *ret_message)
{
    struct session_head *head = &ret_message->head;
    size_t at = sizeof(*head);

    if (size < sizeof(*head)) {
        return ERROR_BAD_MESSAGE;
    }
    memcpy(head, bytes, sizeof(*head));
    if (head->magic != SESSION_MAGIC || head->op >= _SESSION_OP_N || head->zero != 0) {
        return ERROR_BAD_MESSAGE;
    }
    for (int i = 0; i < SESSION_STRINGS; i++) {
        size_t length = head->lengths[i];
        if (length > LOCATOR_NAME_BYTES_MAX || length > size - at) {
            return ERROR_BAD_MESSAGE;
        }
        memcpy(ret_message->strings[i], (const char *)bytes + at, length);
        ret_message->strings[i][length] = '\0';
        if (strlen(ret_message->strings[i]) != length) {
            return ERROR_BAD_MESSAGE;
        }
        at += length;
    }
    return at == size ? 0 : ERROR_BAD_MESSAGE;
}

/*
 * session_send() - send a message
 * @head:    complete but for the magic word and the lengths
 * @strings: each NULL or at most LOCATOR_NAME_BYTES_MAX long; borrowed. NULL: none
 * @passed:  descriptor to attach, borrowed; -1 for none
 * @flags:   MSG_DONTWAIT, or 0 to wait for room
 *
 * Return: 0; negative errno.
 */
int session_send(int socket, struct session_head *head, const char *const strings[SESSION_STRINGS],
                 int passed, int flags)
{
    struct iovec parts[1 + SESSION_STRINGS] = {{.iov_base = head, .iov_len = sizeof(*head)}};

    head->magic = SESSION_MAGIC;
    head->zero = 0;
    for (int i = 0; i < SESSION_STRINGS; i++) {
        const char *string = strings != NULL ? strings[i] : NULL;
        size_t length = string != NULL ? strlen(string) : 0;
        head->lengths[i] = (uint16_t)length;
        parts[1 + i] = (struct iovec){.iov_base = (char *)string, .iov_len = length};
    }
    return fd_send(socket, parts, 1 + SESSION_STRINGS, passed, flags);
}

/* session_post_bytes() - how much of @post is to be sent */
size_t session_post_bytes(const struct session_inbox_post *post)
{
    return offsetof(struct session_inbox_post, client) + strlen(post->client) + 1;
}

/* session_post_is_sound() - whether the first @size bytes of @post, which were received, are one */
bool session_post_is_sound(const struct session_inbox_post *post, size_t size)
{
    const size_t head = offsetof(struct session_inbox_post, client);

    return size > head && size <= sizeof(*post) && post->magic == SESSION_MAGIC &&
           memchr(post->client, '\0', size - head) != NULL;
}

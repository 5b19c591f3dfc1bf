/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buffer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Smaller ones are malloc()'s business. */
#define LARGE_BYTES ((size_t)64 << 10)

/* In front of each buffer; the alignment is that of what follows. */
struct head {
    _Alignas(16) size_t size;
};

static struct {
    pthread_mutex_t lock;
    size_t n_kept;
    size_t bytes;
    struct head *kept[BUFFERS_KEPT_MAX];
} buffers = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* take_kept() - one that is large enough and not much too large; NULL if there is none */
static struct head *take_kept(size_t size)
{
    struct head *head = NULL;

    pthread_mutex_lock(&buffers.lock);
    for (size_t i = 0; i < buffers.n_kept && head == NULL; i++) {
        if (buffers.kept[i]->size >= size && buffers.kept[i]->size / 4 <= size) {
            head = buffers.kept[i];
            buffers.kept[i] = buffers.kept[--buffers.n_kept];
            buffers.bytes -= head->size;
        }
    }
    pthread_mutex_unlock(&buffers.lock);
    return head;
}

/* keep() - for later. Return: whether there was room. */
static bool keep(struct head *head)
{
    pthread_mutex_lock(&buffers.lock);
    bool has_room =
        buffers.n_kept < BUFFERS_KEPT_MAX && head->size <= BUFFERS_KEPT_BYTES_MAX - buffers.bytes;
    if (has_room) {
        buffers.kept[buffers.n_kept++] = head;
        buffers.bytes += head->size;
    }
    pthread_mutex_unlock(&buffers.lock);
    return has_room;
}

/* buffer_alloc() - @size bytes, aligned to 16. Return: to be ended with buffer_free(); NULL. */
void *buffer_alloc(size_t size)
{
    struct head *head = size >= LARGE_BYTES ? take_kept(size) : NULL;

    if (head == NULL && size <= SIZE_MAX - sizeof(*head)) {
        head = malloc(sizeof(*head) + size);
        if (head != NULL) {
            head->size = size;
        }
    }
    return head != NULL ? head + 1 : NULL;
}

/* buffer_free() - give it back; NULL is fine */
void buffer_free(void *buffer)
{
    struct head *head = buffer;

    if (buffer == NULL) {
        return;
    }
    head--;
    if (head->size < LARGE_BYTES || !keep(head)) {
        free(head);
    }
}

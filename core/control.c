/* SPDX-License-Identifier: Apache-2.0 */
#include "core/control.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"
#include "core/futex.h"
#include "core/limits.h"

/* A handle's index is its low half; pages without a handle in use take no memory. */
#define CONTROL_INDEX(handle) ((size_t)((handle)&0xffff))
#define CONTROL_BYTES (HANDLES_PER_ENTITY_MAX * sizeof(uint32_t))

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

/* What a process without a broker has; also the words of handles that it has none for. */
static const _Atomic uint32_t live = CONTROL_LIVE;
static const _Atomic uint32_t *mapped;

/*
 * control_init() - words for a new process
 *
 * Return: 0: to be ended with control_deinit(); negative errno.
 */
int control_init(struct control *control)
{
    CLEANUP(fd_close_p) int fd = memfd_create("capchan-control", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || ftruncate(fd, CONTROL_BYTES) < 0) {
        return -errno;
    }
    void *words = mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (words == MAP_FAILED) {
        return -errno;
    }
    if (fcntl(fd, F_ADD_SEALS, SEALS) < 0) {
        int r = -errno;
        (void)munmap(words, CONTROL_BYTES);
        return r;
    }
    control->words = words;
    control->fd = fd;
    fd = -1;
    return 0;
}

/* control_deinit() - give the words back, if there are any; the process keeps its view of them */
void control_deinit(struct control *control)
{
    if (control->words != NULL) {
        (void)munmap(control->words, CONTROL_BYTES);
        fd_close(control->fd);
        *control = (struct control){.fd = -1};
    }
}

/* control_set() - say something new about @handle, and wake whoever waits for that */
void control_set(struct control *control, Handle handle, enum control_state state)
{
    _Atomic uint32_t *word = &control->words[CONTROL_INDEX(handle)];

    atomic_store_explicit(word, state, memory_order_release);
    futex_wake(word);
}

/* control_nudge() - have the listener @handle look at its descriptors */
void control_nudge(struct control *control, Handle handle)
{
    _Atomic uint32_t *word = &control->words[CONTROL_INDEX(handle)];

    atomic_fetch_add_explicit(word, 1, memory_order_release);
    futex_wake(word);
}

/* control_map() - take over the words that the broker sent. Return: 0; negative errno. */
int control_map(int fd)
{
    void *words = mmap(NULL, CONTROL_BYTES, PROT_READ, MAP_SHARED, fd, 0);

    if (words == MAP_FAILED) {
        return -errno;
    }
    mapped = words;
    return 0;
}

const _Atomic uint32_t *control_word(Handle handle)
{
    return mapped == NULL ? &live : &mapped[CONTROL_INDEX(handle)];
}

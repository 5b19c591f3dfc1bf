/* SPDX-License-Identifier: Apache-2.0 */
#include "core/control.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"
#include "core/handle_number.h"
#include "core/hints.h"
#include "core/limits.h"

/* Pages without a handle in use take no memory. */
#define WORDS_BYTES (HANDLES_PER_ENTITY_MAX * sizeof(uint32_t))
#define LABELS_BYTES (HANDLES_PER_ENTITY_MAX * sizeof(struct tagged_label))
#define CONTROL_BYTES (WORDS_BYTES + LABELS_BYTES + sizeof(struct hints))

/* A label, and the handle that it is about, or 0. The handle is written last and cleared first. */
struct tagged_label {
    _Atomic Handle handle;
    struct control_label label;
};

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

/* What a process without a broker has; also the words of handles that it has none for. */
static const _Atomic uint32_t live = CONTROL_LIVE;
static const _Atomic uint32_t *mapped;
static const struct tagged_label *mapped_labels;
static const struct hints *mapped_hints;

/* hints_in() - behind the labels */
static struct hints *hints_in(void *words)
{
    return (struct hints *)((char *)words + WORDS_BYTES + LABELS_BYTES);
}

/*
 * control_init() - words for a new process
 *
 * Return: 0: to be ended with control_deinit(); negative errno.
 */
int control_init(struct control *control)
{
    CLEANUP(fd_close_p) int fd = memfd_create("capchan-control", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int bell[2];

    if (fd < 0 || ftruncate(fd, CONTROL_BYTES) < 0) {
        return -errno;
    }
    void *words = mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (words == MAP_FAILED) {
        return -errno;
    }
    int r = fcntl(fd, F_ADD_SEALS, SEALS) < 0 ? -errno : fd_pair(bell);
    if (r != 0) {
        (void)munmap(words, CONTROL_BYTES);
        return r;
    }
    *control = (struct control){.words = words,
                                .labels = (struct tagged_label *)((char *)words + WORDS_BYTES),
                                .hints = hints_in(words),
                                .fd = fd,
                                .bell = bell[0],
                                .hearer = bell[1]};
    fd = -1;
    hints_init(control->hints);
    return 0;
}

/* control_deinit() - give the words back, if there are any; the process keeps its view of them */
void control_deinit(struct control *control)
{
    if (control->words != NULL) {
        (void)munmap(control->words, CONTROL_BYTES);
        fd_close(control->fd);
        fd_close(control->bell);
        fd_close(control->hearer);
        *control = (struct control){.fd = -1};
    }
}

/* word_of() - what says @state of @handle, and of no other one that has its index */
static uint32_t word_of(Handle handle, enum control_state state)
{
    return handle_number(handle_generation(handle), state);
}

/* control_set() - say something new about @handle; nobody waits for one to begin */
void control_set(struct control *control, Handle handle, enum control_state state)
{
    atomic_store_explicit(&control->words[handle_index(handle)], word_of(handle, state),
                          memory_order_release);
    control->has_news = control->has_news || state != CONTROL_LIVE;
}

/* control_nudge() - have the listener @handle look at its descriptors */
void control_nudge(struct control *control, Handle handle)
{
    atomic_fetch_add_explicit(&control->words[handle_index(handle)], 1, memory_order_release);
    control->has_news = true;
}

/* control_ring() - have the process look at its words now, if any have changed. Sockets tell of
 * most changes as well; this is for those of which none does. A bell that is full has been rung. */
void control_ring(struct control *control)
{
    if (control->has_news) {
        control->has_news = false;
        (void)send(control->bell, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

/* control_label() - say what @handle is, which is about to arrive */
void control_label(struct control *control, Handle handle, const struct control_label *label)
{
    struct tagged_label *tagged = &control->labels[handle_index(handle)];

    tagged->label = *label;
    atomic_store_explicit(&tagged->handle, handle, memory_order_release);
}

/* control_unlabel() - that is known, or @handle will not arrive */
void control_unlabel(struct control *control, Handle handle)
{
    struct tagged_label *tagged = &control->labels[handle_index(handle)];

    atomic_store_explicit(&tagged->handle, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release); /* before the next label is written */
}

/* control_map() - take over the words that the broker sent. Return: 0; negative errno. */
int control_map(int fd)
{
    void *words = mmap(NULL, CONTROL_BYTES, PROT_READ, MAP_SHARED, fd, 0);

    if (words == MAP_FAILED) {
        return -errno;
    }
    mapped_labels = (const struct tagged_label *)((const char *)words + WORDS_BYTES);
    mapped_hints = hints_in(words);
    mapped = words;
    return 0;
}

/* control_hints() - of the broker; NULL without one */
const struct hints *control_hints(void)
{
    return mapped_hints;
}

const _Atomic uint32_t *control_word(Handle handle)
{
    return mapped == NULL ? &live : &mapped[handle_index(handle)];
}

/* control_view() - look at the word of @handle from now on */
struct control_view control_view(Handle handle)
{
    return (struct control_view){.word = control_word(handle),
                                 .live = mapped == NULL ? live : word_of(handle, CONTROL_LIVE)};
}

/* control_is_revoked() - whether the broker says that @handle was taken back */
bool control_is_revoked(Handle handle)
{
    return atomic_load_explicit(control_word(handle), memory_order_acquire) ==
           word_of(handle, CONTROL_REVOKED);
}

/* control_read_label() - what arrives as @handle. Return: whether anything does. */
bool control_read_label(Handle handle, struct control_label *ret_label)
{
    const struct tagged_label *tagged;

    if (mapped == NULL || handle == 0) {
        return false;
    }
    tagged = &mapped_labels[handle_index(handle)];
    if (atomic_load_explicit(&tagged->handle, memory_order_acquire) != handle) {
        return false;
    }
    *ret_label = tagged->label;
    atomic_thread_fence(memory_order_acquire); /* what was written meanwhile has another handle */
    return atomic_load_explicit(&tagged->handle, memory_order_relaxed) == handle;
}

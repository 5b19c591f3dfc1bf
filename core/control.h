/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control words of one process: what the broker has to say about each of its handles, in memory
 * that only the broker can write. A call looks at its handle's word first. The bell says that words
 * have changed, to those who do not look.
 */
#pragma once

#include <handle/handletype.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What a word says in its lower half; the upper one is that of the handle which it says that of. An
 * index is used again, and starts as LIVE: whoever knows the handle before must not take that for
 * its own.
 */
enum control_state {
    CONTROL_LIVE = 0,
    CONTROL_ENDED,   /* the channel is closed, or the peer ended */
    CONTROL_REVOKED, /* the handle was taken back */
};

/* What a label says of a handle besides its rights. */
enum control_label_flags {
    CONTROL_RETURNED = 0x1, /* it came back to whom it came from, and is no new one */
    CONTROL_CHANNEL = 0x2,  /* the broker has the end of a channel that belongs to it */
    CONTROL_LISTENER = 0x4, /* the broker has an inbox that belongs to it */
};

/*
 * What a message brings, as the broker knows it.
 * @source:  the handle of the end of the channel that it comes over; for a server that under which
 *           the control words tell it of its client
 * @rights:  that it was sent with
 * @flags:   of enum control_label_flags
 * @own:     if it came back: the receiver's handle that it was made from; INVALID_HANDLE: closed
 * @context: if it came back: what the receiver said that it wants to see then
 */
struct control_label {
    Handle source;
    uint32_t rights;
    uint32_t flags;
    Handle own;
    uint64_t context;
};

/* The word of a listener is a number instead, which changes whenever there is something new in its
 * inbox or one of its clients ends. */

struct hints;
struct tagged_label;

/*
 * The broker's side; a zeroed struct has no words.
 * @labels:   a tagged_label for each index
 * @hints:    how to wait for the broker
 * @fd:       what the process maps, which is read-only for everybody but us
 * @bell:     our end of it
 * @hearer:   the process's end; -1 once it has it
 * @has_news: since the bell was rung
 */
struct control {
    _Atomic uint32_t *words;
    struct tagged_label *labels;
    struct hints *hints;
    int fd;
    int bell;
    int hearer;
    bool has_news;
};

int control_init(struct control *control);
void control_deinit(struct control *control);
void control_set(struct control *control, Handle handle, enum control_state state);
void control_nudge(struct control *control, Handle handle);
void control_ring(struct control *control);
void control_label(struct control *control, Handle handle, const struct control_label *label);
void control_unlabel(struct control *control, Handle handle);

/* The process's side: the word of a handle in its own memory, and what it is as long as the handle
 * is LIVE, which it always is without a broker. */
struct control_view {
    const _Atomic uint32_t *word;
    uint32_t live;
};

/* control_is_live() - whether the broker has said nothing else of the handle, nor anything of
 * another one in its place */
static inline bool control_is_live(const struct control_view *view)
{
    return atomic_load_explicit(view->word, memory_order_relaxed) == view->live;
}

int control_map(int fd);
const struct hints *control_hints(void);
const _Atomic uint32_t *control_word(Handle handle);
struct control_view control_view(Handle handle);
bool control_is_revoked(Handle handle);
bool control_read_label(Handle handle, struct control_label *ret_label);

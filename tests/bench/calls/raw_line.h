/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What raw channels are made of: the line of a message, and the line in which each side says how it
 * waits.
 */
#pragma once

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/support/futex_word.h"
#include "tests/bench/support/ticks.h"

#define RAW_LINE_BYTES 64
#define RAW_INLINE_BYTES 56

/* More than one wake-up across CPUs takes. */
#define RAW_SPIN_NS 50000
#define RAW_ROUNDS_PER_CLOCK 32

/* The sequence number publishes what is behind it. */
struct raw_line {
    _Alignas(RAW_LINE_BYTES) _Atomic uint32_t sequence;
    uint32_t length;
    uint8_t bytes[RAW_INLINE_BYTES];
};

/* @cpu is written when it changes only, so that the peer can keep the line in its cache */
struct raw_side {
    _Alignas(RAW_LINE_BYTES) _Atomic uint32_t asleep;
    _Atomic uint32_t cpu;
};

_Static_assert(sizeof(struct raw_line) == RAW_LINE_BYTES, "a line is a cache line");

static inline void raw_pause(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ __volatile__("yield");
#endif
}

/* raw_side_tell_cpu() - leave the hint for the peer. Return: where we are. */
static inline uint32_t raw_side_tell_cpu(struct raw_side *side)
{
    uint32_t cpu = (uint32_t)sched_getcpu();

    if (atomic_load_explicit(&side->cpu, memory_order_relaxed) != cpu) {
        atomic_store_explicit(&side->cpu, cpu, memory_order_relaxed);
    }
    return cpu;
}

/* raw_line_publish() - with all that was written before, and wake the peer if it sleeps */
static inline void raw_line_publish(struct raw_line *line, uint32_t sequence, struct raw_side *peer)
{
    atomic_store_explicit(&line->sequence, sequence, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&peer->asleep, memory_order_relaxed) != 0) {
        futex_word_wake(&line->sequence);
    }
}

static inline bool raw_line_is_there(struct raw_line *line, uint32_t sequence)
{
    return atomic_load_explicit(&line->sequence, memory_order_acquire) == sequence;
}

/* raw_line_look() - look for message @sequence for at most @spin_ns. Return: whether it came. */
static inline bool raw_line_look(struct raw_line *line, uint32_t sequence, uint64_t spin_ns)
{
    const uint64_t deadline_ns = clock_ns() + spin_ns;

    for (unsigned round = 1; round % RAW_ROUNDS_PER_CLOCK != 0 || clock_ns() < deadline_ns;
         round++) {
        if (raw_line_is_there(line, sequence)) {
            return true;
        }
        raw_pause();
    }
    return false;
}

/* raw_line_sleep() - until message @sequence has come */
static inline void raw_line_sleep(struct raw_line *line, uint32_t sequence, struct raw_side *self)
{
    atomic_store_explicit(&self->asleep, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    while (!raw_line_is_there(line, sequence)) {
        futex_word_wait(&line->sequence, sequence - 1, NULL);
    }
    atomic_store_explicit(&self->asleep, 0, memory_order_relaxed);
}

/*
 * raw_line_await() - wait for message @sequence
 * @spin_ns: for how long to look while the peer is on another CPU
 */
static inline void raw_line_await(struct raw_line *line, uint32_t sequence, struct raw_side *self,
                                  struct raw_side *peer, uint64_t spin_ns)
{
    uint32_t cpu = raw_side_tell_cpu(self);

    if (raw_line_is_there(line, sequence)) {
        return;
    }
    if (spin_ns > 0 && atomic_load_explicit(&peer->cpu, memory_order_relaxed) != cpu &&
        raw_line_look(line, sequence, spin_ns)) {
        return;
    }
    raw_line_sleep(line, sequence, self);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that rewrites the memory of a channel all the time: lengths, flags, sequence numbers,
 * bodies, bell; what the other end writes as well.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/shared.h"
#include "tests/support/random_value.h"

/* What tells an end that all is over, or that a call is: rewritten now and then only, or there
 * would be no second call. */
#define REWRITER_RARITY 50000

struct rewriter {
    struct shared *memory;
    struct random_source random;
    atomic_bool stop;
    pthread_t thread;
};

void rewriter_start(struct rewriter *rewriter, struct shared *memory, uint64_t seed);
void rewriter_end(struct rewriter *rewriter);
struct frame_head rewriter_head(struct random_source *random);

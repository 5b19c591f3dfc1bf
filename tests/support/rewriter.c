/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/rewriter.h"

#include <sched.h>

#include "tests/support/chaos.h"

/* Its own end goes on in between, where both share a CPU. */
#define REWRITES_PER_YIELD 256

/* Its own end's threads know nothing of what a rewriter does, as little as they would know of what
 * the other process does: ThreadSanitizer is not to call that a race. */
#define UNSEEN __attribute__((no_sanitize("thread")))

/* random_word() - the values that matter more often than chance would have them */
static uint32_t random_word(struct random_source *random)
{
    static const uint32_t edges[] = {0,
                                     1,
                                     SHARED_INLINE_BYTES,
                                     SHARED_INLINE_BYTES + 1,
                                     SHARED_PAYLOAD_BYTES,
                                     SHARED_PAYLOAD_BYTES + 1,
                                     SHARED_SLOT_BYTES,
                                     0x7fffffff,
                                     0x80000000,
                                     0xfffffff0,
                                     0xffffffff};
    uint32_t bits = (uint32_t)random_next(random);

    return bits % 2 == 0 ? edges[(bits >> 8) % (sizeof(edges) / sizeof(edges[0]))]
                         : bits >> (bits >> 3) % 32;
}

/* rewriter_head() - what a line may say */
struct frame_head rewriter_head(struct random_source *random)
{
    struct frame_head head = {.riid = (uint16_t)chaos_below(random, 2),
                              .mid = (uint16_t)chaos_below(random, 8)};

    head.body_bytes = random_word(random);
    if (chaos_below(random, 4) == 0) {
        head.flags = (uint16_t)(random_next(random) & 0x3f);
        head.n_handles = (uint16_t)random_next(random);
        head.status = (int32_t)random_word(random);
        head.n_pointers = random_word(random);
        head.arena_bytes = random_word(random);
    }
    return head;
}

/* rewrite_line() - one word of a line; its sequence number seldom */
UNSEEN static void rewrite_line(struct rewriter *rewriter, struct shared_line *line)
{
    size_t n_words = sizeof(*line) / sizeof(uint32_t);
    size_t i = 1 + chaos_below(&rewriter->random, (unsigned)n_words - 1);

    if (chaos_below(&rewriter->random, REWRITER_RARITY) == 0) {
        i = 0;
    }
    __atomic_store_n((uint32_t *)line + i, random_word(&rewriter->random), __ATOMIC_RELAXED);
}

/* rewrite_slot() - one word of it */
UNSEEN static void rewrite_slot(struct rewriter *rewriter, struct shared_slot *slot)
{
    struct random_source *random = &rewriter->random;
    unsigned n_words = SHARED_PAYLOAD_BYTES / sizeof(uint32_t);

    switch (chaos_below(random, 8)) {
    case 0:
    case 1:
    case 2:
        rewrite_line(rewriter, &slot->request);
        break;
    case 3:
    case 4:
    case 5:
        rewrite_line(rewriter, &slot->reply);
        break;
    case 6:
        slot->client.asleep = slot->server.asleep = random_word(random) & 1;
        slot->client.cpu = slot->server.cpu = random_word(random);
        break;
    default:
        __atomic_store_n((uint32_t *)(void *)slot->payload + chaos_below(random, n_words),
                         random_word(random), __ATOMIC_RELAXED);
    }
}

UNSEEN static void *rewrite(void *argument)
{
    struct rewriter *rewriter = argument;
    struct random_source *random = &rewriter->random;
    struct shared *memory = rewriter->memory;

    for (unsigned n = 0; !atomic_load_explicit(&rewriter->stop, memory_order_relaxed); n++) {
        rewrite_slot(rewriter, &memory->slots[chaos_below(random, SHARED_SLOTS)]);
        if (chaos_below(random, 8) == 0) {
            memory->bell = random_word(random);
            memory->others = random_word(random);
        }
        if (chaos_below(random, 100 * REWRITER_RARITY) == 0) {
            memory->closed = random_word(random);
        }
        if (n % REWRITES_PER_YIELD == 0) {
            sched_yield();
        }
    }
    return NULL;
}

/* rewriter_start() - until rewriter_end(); @memory is borrowed */
void rewriter_start(struct rewriter *rewriter, struct shared *memory, uint64_t seed)
{
    *rewriter = (struct rewriter){.memory = memory, .random.state = seed};
    pthread_create(&rewriter->thread, NULL, rewrite, rewriter);
}

void rewriter_end(struct rewriter *rewriter)
{
    atomic_store(&rewriter->stop, true);
    pthread_join(rewriter->thread, NULL);
}

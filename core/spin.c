/* SPDX-License-Identifier: Apache-2.0 */
#include "core/spin.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/rseq.h>
#include <time.h>
#include <unistd.h>

#include "core/every_call.h"

/* Longer than one wake-up, or callers that are not quite hot pay for both. */
#define SPIN_US_DEFAULT 50
#define SPIN_US_MAX 1000

#define ROUNDS_PER_CLOCK 32

/* What a large message adds. */
#define BYTES_PER_NS 2

#define FAILURES_MAX 8
#define SKIPS_MAX 64

/*
 * What calls look at; libc's own words lie in pages that a call comes to for nothing else.
 * @budget_ns:   0: never
 * @rseq_offset: of what the kernel says about a thread, from its pointer; 0: it says nothing
 */
EVERY_CALL_DATA static struct {
    int64_t budget_ns;
    ptrdiff_t rseq_offset;
} settings;

/* spin_now_ns() - monotonic */
int64_t spin_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* spin_budget_ns() - nobody can be on another CPU if there is only one */
int64_t spin_budget_ns(const char *setting, long n_cpus)
{
    char *end = NULL;
    long us = setting == NULL ? SPIN_US_DEFAULT : strtol(setting, &end, 10);

    if (us < 0 || us > SPIN_US_MAX || (setting != NULL && end == setting)) {
        us = SPIN_US_DEFAULT;
    }
    return n_cpus > 1 ? us * INT64_C(1000) : 0;
}

/* settings_load() - once, before main(): calls have no time to ask whether it was done */
__attribute__((constructor)) static void settings_load(void)
{
    settings.rseq_offset = __rseq_size > 0 ? __rseq_offset : 0;
    settings.budget_ns =
        spin_budget_ns(secure_getenv("CAPCHAN_SPIN_US"), sysconf(_SC_NPROCESSORS_ONLN));
}

/* spin_cpu() - sched_getcpu(), without a call where the kernel has the thread's memory say it */
uint32_t spin_cpu(void)
{
    const char *thread = __builtin_thread_pointer();
    const volatile struct rseq *own = (const struct rseq *)(thread + settings.rseq_offset);
    int cpu = settings.rseq_offset != 0 ? (int)own->cpu_id : -1;

    if (cpu < 0) {
        cpu = sched_getcpu();
    }
    return cpu < 0 ? 0 : (uint32_t)cpu;
}

/* spin_is_worthwhile() - whether to look for a while before sleeping */
bool spin_is_worthwhile(struct spin *spin, uint32_t own_cpu, uint32_t peer_cpu)
{
    if (own_cpu == peer_cpu || settings.budget_ns == 0) {
        return false;
    }
    return atomic_load_explicit(&spin->n_failures, memory_order_relaxed) < FAILURES_MAX ||
           atomic_fetch_add_explicit(&spin->n_skipped, 1, memory_order_relaxed) + 1 >= SKIPS_MAX;
}

/* spin_begin() - @bytes: that the other end has to work through first */
void spin_begin(struct spin_attempt *attempt, size_t bytes)
{
    *attempt = (struct spin_attempt){.deadline_ns = spin_now_ns() + settings.budget_ns +
                                                    (int64_t)(bytes / BYTES_PER_NS)};
}

/* spin_goes_on() - rest for a moment; false when it has taken long enough */
bool spin_goes_on(struct spin_attempt *attempt)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ __volatile__("yield");
#endif
    return ++attempt->n_rounds % ROUNDS_PER_CLOCK != 0 || spin_now_ns() < attempt->deadline_ns;
}

/* spin_end() - learn from an attempt */
void spin_end(struct spin *spin, bool has_succeeded)
{
    unsigned n_failures = atomic_load_explicit(&spin->n_failures, memory_order_relaxed);

    if (n_failures > 0 || !has_succeeded) {
        atomic_store_explicit(&spin->n_failures, has_succeeded ? 0 : n_failures + 1,
                              memory_order_relaxed);
        atomic_store_explicit(&spin->n_skipped, 0, memory_order_relaxed);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hints.h"

#include <stddef.h>

/* hints_init() - there are none yet */
void hints_init(struct hints *hints)
{
    hints_set_place(hints, HINTS_NO_CPU);
    hints_set_cpu(hints, HINTS_NO_CPU);
}

/* hints_set_place() - whoever is woken soon is best woken on @cpu, or HINTS_NO_CPU */
void hints_set_place(struct hints *hints, uint32_t cpu)
{
    atomic_store_explicit(&hints->place, cpu, memory_order_relaxed);
}

/* hints_set_cpu() - an answer is going to come from @cpu, and soon; or HINTS_NO_CPU */
void hints_set_cpu(struct hints *hints, uint32_t cpu)
{
    atomic_store_explicit(&hints->cpu, cpu, memory_order_relaxed);
}

/* hints_sent() - there is another answer */
void hints_sent(struct hints *hints)
{
    uint32_t n_sent = atomic_load_explicit(&hints->n_sent, memory_order_relaxed);

    atomic_store_explicit(&hints->n_sent, n_sent + 1, memory_order_release);
}

/* hinted_wait_init() - follow @hints from now on */
void hinted_wait_init(struct hinted_wait *wait, const struct hints *hints)
{
    *wait = (struct hinted_wait){.hints = hints, .colocation.never_looks = true};
}

/* hinted_wait_seen() - for hinted_wait_look(), to be asked for before anything is requested */
uint32_t hinted_wait_seen(const struct hinted_wait *wait)
{
    return wait->hints == NULL ? 0
                               : atomic_load_explicit(&wait->hints->n_sent, memory_order_acquire);
}

/* hinted_wait_look() - until there is an answer, if that is likely to come soon, or for as long as
 * that pays */
void hinted_wait_look(struct hinted_wait *wait, uint32_t seen)
{
    struct spin_attempt attempt;
    bool is_there;

    if (wait->hints == NULL) {
        return;
    }
    uint32_t cpu = atomic_load_explicit(&wait->hints->cpu, memory_order_relaxed);
    if (cpu == HINTS_NO_CPU || !spin_is_worthwhile(&wait->spin, spin_cpu(), cpu)) {
        return;
    }
    spin_begin(&attempt, 0);
    do {
        is_there = hinted_wait_seen(wait) != seen;
    } while (!is_there && spin_goes_on(&attempt));
    spin_end(&wait->spin, is_there);
}

/* hinted_wait_sleep() - before the thread sleeps; nothing else comes before hinted_wait_wake(), and
 * no other thread does the same meanwhile */
void hinted_wait_sleep(struct hinted_wait *wait)
{
    if (wait->hints != NULL) {
        colocation_begin(&wait->colocation,
                         atomic_load_explicit(&wait->hints->place, memory_order_relaxed));
    }
}

/* hinted_wait_wake() - and afterwards */
void hinted_wait_wake(struct hinted_wait *wait)
{
    colocation_end(&wait->colocation);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for messages of the broker, which says in memory how that is done best.
 *
 * A wake-up across CPUs costs as much as all the work for one message. So who waits for an answer
 * on another CPU than the broker's looks out for it for a while, and who waits to be told of others
 * sleeps where the broker stays; see core/spin.h and core/colocation.h.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/colocation.h"
#include "core/spin.h"

#define HINTS_NO_CPU UINT32_MAX

/*
 * What the broker says to one process; no more than hints.
 * @place:  the CPU to sleep on
 * @cpu:    the CPU that an answer is going to come from
 * @n_sent: changes with each answer, after it was sent
 */
struct hints {
    _Atomic uint32_t place;
    _Atomic uint32_t cpu;
    _Atomic uint32_t n_sent;
};

/* One waiting place; zeroed at first, and then there are none. */
struct hinted_wait {
    const struct hints *hints;
    struct spin spin;
    struct colocation colocation;
};

void hints_init(struct hints *hints);
void hints_set_place(struct hints *hints, uint32_t cpu);
void hints_set_cpu(struct hints *hints, uint32_t cpu);
void hints_sent(struct hints *hints);

void hinted_wait_init(struct hinted_wait *wait, const struct hints *hints);
uint32_t hinted_wait_seen(const struct hinted_wait *wait);
void hinted_wait_look(struct hinted_wait *wait, uint32_t seen);
void hinted_wait_sleep(struct hinted_wait *wait);
void hinted_wait_wake(struct hinted_wait *wait);

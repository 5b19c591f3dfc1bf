/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may end a wait besides what it is for: a deadline, and a sync object. A pointer to one may
 * be NULL wherever it is asked for: then nothing does.
 */
#pragma once

#include <rtl/stdint.h>
#include <stdbool.h>
#include <time.h>

#include "core/futex.h"
#include "core/sync_object.h"

/*
 * @sync:     a reference; NULL: the wait cannot be interrupted, or not any more
 * @deadline: on CLOCK_MONOTONIC, if @has_deadline
 * @withdraw: what an interrupt takes, see sync_object_break(), with @what
 * @outcome:  how it ended: ERROR_TIMEOUT, ERROR_INTERRUPTED; 0 before that
 */
struct until {
    struct sync_object *sync;
    bool has_deadline;
    struct timespec deadline;
    bool (*withdraw)(void *what);
    void *what;
    int outcome;
};

int until_init(struct until *until, rtl_uint32_t timeout_ms, Handle sync);
void until_deinit(struct until *until);
struct until *until_or_null(struct until *until);
void until_guard(struct until *until, bool (*withdraw)(void *what), void *what);
void until_commit(struct until *until);

int until_enter(struct until *until);
int until_look(struct until *until);
bool until_is_due(const struct until *until);
size_t until_n_words(const struct until *until);
void until_sleep(const struct until *until, struct futex_expectation *expected, size_t n_words);
bool until_poll(const struct until *until, int fd, short events);

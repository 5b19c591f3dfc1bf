/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels whose shared memory a server looks at, because they had a request a moment ago. The
 * bells of all others are armed. Guarded by the listener's lock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/served.h"

/* @next: the one to look at first, so that each has its turn */
struct hot_set {
    struct served **channels;
    size_t n_channels;
    size_t next;
};

/* A request in a slot, with a reference to its channel. */
struct found {
    struct served *served;
    int slot;
};

int hot_reserve(struct hot_set *hot, size_t n_channels);
void hot_deinit(struct hot_set *hot);
void hot_add(struct hot_set *hot, struct served *served);
void hot_remove(struct hot_set *hot, struct served *served);
void hot_arm(struct hot_set *hot, bool is_armed);
void hot_forget(struct hot_set *hot);
bool hot_find(struct hot_set *hot, struct found *ret_found);

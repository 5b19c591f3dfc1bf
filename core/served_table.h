/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels of a listener, found by the key that epoll reports for them. Guarded by the
 * listener's lock.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/served.h"

/*
 * Zeroed at first.
 * @places:     NULL where a channel ended
 * @n_channels: there are
 * @first_free: no place before it is free
 * @generation: of the last key
 */
struct served_table {
    struct served **places;
    size_t n_places;
    size_t n_channels;
    size_t first_free;
    uint32_t generation;
};

void served_table_deinit(struct served_table *table);
int served_table_add(struct served_table *table, struct served *served);
bool served_table_remove(struct served_table *table, struct served *served);
struct served *served_table_find(const struct served_table *table, uint64_t key);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who wants to know what happens to something: embedded in what is watched (the tree of a
 * resource's handles, one handle, a task), filled by core/notices.c. Zeroed, nobody does.
 *
 * Events are those of <handle/event_descr.h>.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

struct watcher;

LIST_HEAD(watchers, watcher);

void watchers_tell(struct watchers *watchers, uint32_t events);
void watchers_tell_last(struct watchers *watchers, uint32_t events);
void watchers_lose_handle(struct watchers *watchers, uint32_t events);

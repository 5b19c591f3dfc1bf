/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entities hear of what happens to resources: notices, their subscriptions, and what has
 * happened and was not taken yet.
 *
 * A subscription is one set of events, so however much happens nothing is lost and nothing grows.
 * It watches the resource, the handle that it was made with, and at the end of a channel the task
 * behind the other end. It ends when nothing more can happen to it and what has happened was taken;
 * with its notice; or when it is taken back.
 *
 * The process waits with one end of a socket pair, in which there is a byte as long as there is
 * something to take. We put it in, and take it out again through a copy of the process's end, so
 * that nothing that the process does to its own can make us wait.
 */
#pragma once

#include <handle/handletype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct holder;
struct notice;

/* One for all entities. @n_to_spare: notices that may still be made */
struct notices {
    size_t n_to_spare;
};

/* What to hear of: @events of @object, told as @id. */
struct notice_wish {
    Handle object;
    uint32_t events;
    uint64_t id;
};

struct notice_event {
    uint64_t id;
    uint32_t events;
};

void notices_init(struct notices *notices);

int notice_new(struct notices *notices, struct holder *holder, Handle *ret_handle, int *ret_fd);
void notice_free(struct notice *notice);
int notice_drop(struct holder *holder, Handle handle);

int notice_subscribe(struct holder *holder, Handle handle, const struct notice_wish *wish);
int notice_unsubscribe(struct holder *holder, Handle handle, Handle object, const uint64_t *id);
int notice_take(struct holder *holder, Handle handle, size_t n_max, struct notice_event *ret_events,
                size_t *ret_n);
int notice_set_event(struct holder *holder, Handle object, uint32_t events);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread waiting for many descriptors.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A descriptor that is waited for; embedded in what it belongs to (see
 * CONTAINER_OF()).
 * @ready: called while there is something to read, or the other end is closed
 */
struct loop_source {
    int fd; /* -1: not in the loop */
    void (*ready)(struct loop_source *source);
};

struct loop {
    int epoll;
};

int loop_init(struct loop *loop);
void loop_deinit(struct loop *loop);
int loop_add(struct loop *loop, struct loop_source *source);
void loop_pause(struct loop *loop, struct loop_source *source);
void loop_remove(struct loop *loop, struct loop_source *source);
int loop_turn(struct loop *loop, int timeout_ms);

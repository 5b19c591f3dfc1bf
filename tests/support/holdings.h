/* SPDX-License-Identifier: Apache-2.0 */
/* What a process holds that could leak: descriptors, memories of channels, memory objects. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* What a process keeps from its first channel with memory on, until it ends. */
#define LOOKOUT_DESCRIPTORS 2

struct holdings {
    int n_descriptors;
    int n_memories;
};

struct holdings holdings_of(pid_t pid);
struct holdings holdings_settled(pid_t pid);
bool holdings_are_same(struct holdings a, struct holdings b);

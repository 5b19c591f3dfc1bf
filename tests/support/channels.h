/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels without a broker: the test posts their server ends into a listener's inbox itself.
 */
#pragma once

#include <sys/types.h>

#include "core/client.h"

int channel_open(int inbox);
struct client *channel_client(int end);
pid_t channel_fork(void);
void channel_threads_print(pid_t pid);
void channel_slots_print(pid_t pid);
void channel_hold_end(void);
void channel_await_end(void);

/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the processes of a solution from outside. */
#pragma once

#include <sys/types.h>

int processes_find(const char *folder, pid_t *ret_pids, int pids_max);
int processes_in(const char *folder);
void processes_expect_none_in(const char *folder);
pid_t process_child_of(pid_t parent);
int processes_children_of(pid_t parent, pid_t *ret_pids, int pids_max);

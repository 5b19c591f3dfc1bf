/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The processes of one run. None of them outlives this one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FAMILY_MAX 1200

struct family {
    pid_t members[FAMILY_MAX];
    size_t n_members;
};

void family_heed_signals(void);
bool family_is_interrupted(void);
pid_t family_fork(struct family *family);
void family_end(struct family *family);

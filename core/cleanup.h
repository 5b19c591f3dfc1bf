/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ownership of locals: CLEANUP(fn) releases a local when it goes out of scope, STEAL() passes it
 * on.
 */
#pragma once

#include <stdlib.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

/* STEAL() - the value of a pointer, which becomes NULL; the caller now owns what it pointed to */
#define STEAL(pointer)                                                                             \
    ({                                                                                             \
        __typeof__(pointer) steal_value_ = (pointer);                                              \
        (pointer) = NULL;                                                                          \
        steal_value_;                                                                              \
    })

/* free_p() - for CLEANUP() of memory from malloc */
static inline void free_p(void *pointer)
{
    free(*(void **)pointer);
}

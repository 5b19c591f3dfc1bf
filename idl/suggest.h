/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "did you mean ...": the best of several candidates for a name that was not found.
 */
#pragma once

#include <stddef.h>

struct idl_suggestion {
    const char *wanted;
    size_t wanted_size;
    const char *best; /* NULL as long as nothing is near enough */
    size_t distance;  /* a candidate must be nearer than this */
    size_t n_offered;
};

void idl_suggestion_init(struct idl_suggestion *suggestion, const char *wanted, size_t wanted_size);
void idl_suggestion_offer(struct idl_suggestion *suggestion, const char *candidate);

/* For "%s%s%s" behind a message: "; did you mean '", the candidate, "'", or three empty strings. */
#define IDL_SUGGESTION_FORMAT "%s%s%s"
#define IDL_SUGGESTION_ARGUMENTS(suggestion)                                                       \
    (suggestion)->best == NULL ? "" : "; did you mean '",                                          \
        (suggestion)->best == NULL ? "" : (suggestion)->best,                                      \
        (suggestion)->best == NULL ? "" : "'?"

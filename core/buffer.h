/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for large messages. What was given back is kept for the next one, up to a limit: malloc()
 * would return it to the kernel each time, and each page of it would have to be faulted in again.
 */
#pragma once

#include <stddef.h>

/* What is kept for later, in all. */
#define BUFFERS_KEPT_MAX 4
#define BUFFERS_KEPT_BYTES_MAX ((size_t)8 << 20)

void *buffer_alloc(size_t size);
void buffer_free(void *buffer);

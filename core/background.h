/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of the library's own in a process that is somebody else's.
 */
#pragma once

#include <stddef.h>

int background_start(const char *name, size_t stack_bytes, void *(*run)(void *), void *argument);

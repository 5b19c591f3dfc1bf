/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that processes share because they know the name of its file.
 */
#pragma once

#include <stddef.h>

void *shared_file_make(const char *folder, const char *name, size_t size);
void *shared_file_open(const char *folder, const char *name, size_t size);

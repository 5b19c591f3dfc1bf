/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory objects that this process made, and may write. Once others can read one, the kernel makes
 * no writable mapping of it any more, but it does multiply one that is there. So one is kept.
 */
#pragma once

#include <handle/handletype.h>
#include <stddef.h>
#include <stdint.h>

struct own_pages;

int own_pages_new(int fd, size_t size, struct own_pages **ret_pages);
struct own_pages *own_pages_unref(struct own_pages *pages);
void own_pages_unref_p(struct own_pages **pages);
size_t own_pages_size(const struct own_pages *pages);
void own_pages_fill(struct own_pages *pages, const void *bytes);
int own_pages_map(struct own_pages *pages, size_t offset, size_t length, int protection,
                  void **ret_address);

int own_memory_adopt(Handle handle, struct own_pages *pages);
int own_memory_copy(Handle from, uint32_t rights, Handle copy);
struct own_pages *own_memory_pages(Handle handle);

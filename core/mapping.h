/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where memory objects are mapped in this process. A mapping has a handle, and ends with it; or
 * somebody unmaps its pages, after which others may be there.
 */
#pragma once

#include <handle/handletype.h>
#include <stddef.h>

int mapping_protection(int vmm_flags);
int mapping_adopt(Handle handle, void *address, size_t length);
int mapping_unmap(void *address, size_t size);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a member back to what it is embedded in.
 */
#pragma once

#include <stddef.h>

/* CONTAINER_OF() - the @type that @pointer points into, at its member @member */
#define CONTAINER_OF(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

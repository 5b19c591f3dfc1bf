/* SPDX-License-Identifier: Apache-2.0 */
/* Whether bytes are well-formed UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool utf8_is_valid(const void *bytes, size_t size);

/* SPDX-License-Identifier: Apache-2.0 */
/* The value of a string constant of a C or C++ header, found without a compiler. */
#pragma once

#include <stddef.h>

/* Outcomes of c_constant_find(). */
enum c_constant_error {
    C_CONSTANT_E_NOT_FOUND = 1,
    C_CONSTANT_E_NOT_STRING, /* it is there, but its value is no plain string */
};

int c_constant_find(const char *text, size_t size, const char *name, char **ret_value);

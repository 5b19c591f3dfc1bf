/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving privileges up, of this process and of all that it will execute.
 */
#pragma once

#include <stddef.h>
#include <sys/capability.h>

int privileges_keep_only(const cap_value_t *capabilities, size_t n_capabilities);
int privileges_change_user(const char *user, const char *group);

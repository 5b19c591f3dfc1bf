/* SPDX-License-Identifier: Apache-2.0 */
/* Which Linux capabilities a process that we launched holds now. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/capability.h>
#include <sys/types.h>

uint64_t held_bits(const cap_value_t *capabilities, size_t n_capabilities);
uint64_t held_by_process(pid_t pid, int pidfd, const cap_value_t *declared, size_t n_declared);

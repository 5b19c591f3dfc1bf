/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is allowed but hardly meant, or meant for this compiler only: one look at a checked file.
 * Each kind has its name in warnings.h.
 */
#pragma once

struct idl_arena;
struct idl_diagnostics;
struct idl_file;

int idl_find_warnings(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                      const struct idl_file *file);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a grammar cannot say: names, bounds, duplicates, sizes. Completes the model of a parsed
 * file.
 */
#pragma once

#include "idl/model.h"

struct idl_arena;
struct idl_diagnostics;

/* Each checks one file whose imports, endpoints and instances are loaded and checked.
 * Returns 0, IDL_E_INVALID (reported) or -ENOMEM. */
int idl_check_idl(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                  struct idl_file *file);
int idl_check_component(struct idl_diagnostics *diagnostics, struct idl_file *file);

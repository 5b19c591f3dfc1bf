/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder for one run, in memory if that is possible.
 */
#pragma once

#define SCRATCH_BYTES 64

int scratch_make(char ret_folder[SCRATCH_BYTES]);
void scratch_remove(const char *folder);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When and where something was measured.
 */
#pragma once

/*
 * @date:    of today
 * @machine: the CPU, how many of it, and the kernel
 */
struct occasion {
    char date[16];
    char machine[256];
};

void occasion_find(struct occasion *ret_occasion);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How idlc ends.
 */
#pragma once

enum status {
    STATUS_DONE = 0,
    STATUS_INPUT = 1, /* an error in a file, or with one */
    STATUS_USAGE = 2,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a small file as a whole: never a device, a FIFO or anything that could block or go on for
 * ever. */
#pragma once

#include <stddef.h>

/* Outcomes of init_file_read(). */
enum init_file_error {
    INIT_FILE_E_NOT_REGULAR = 1, /* a folder, a device, a FIFO, a socket */
    INIT_FILE_E_TOO_LARGE,
};

int init_file_read(const char *path, size_t size_max, char **ret_bytes, size_t *ret_size);
int init_file_list_folders(const char *const *folders, size_t n_folders, char **ret_list);
int init_file_join(const char *folder, const char *path, char **ret_joined);

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/shipped.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "share/capchan/idl"

/**
 * shipped_dir() - PREFIX/share/capchan/idl for PREFIX/bin/idlc
 * @ret_dir: for the path
 * @size:    of @ret_dir, bytes
 *
 * Return: 0; -ENOENT: the program is in no such folder; -ENAMETOOLONG; other negative errno.
 */
int shipped_dir(char *ret_dir, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", ret_dir, size);

    if (n < 0) {
        return -errno;
    }
    if ((size_t)n + sizeof(FOLDER) > size) {
        return -ENAMETOOLONG;
    }
    ret_dir[n] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(ret_dir, '/');
        if (slash == NULL) {
            return -ENOENT;
        }
        *slash = '\0';
    }
    memcpy(ret_dir + strlen(ret_dir), "/" FOLDER, sizeof("/" FOLDER));
    return access(ret_dir, F_OK) == 0 ? 0 : -errno;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"

/* read_up_to() - read until the end of the file or until @size bytes are there. Return: 0; negative
 * errno. */
static int read_up_to(int fd, char *bytes, size_t size, size_t *ret_size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n = read(fd, bytes + done, size - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return -errno;
        }
        if (n == 0) {
            break;
        }
        done += (size_t)n;
    }
    *ret_size = done;
    return 0;
}

/**
 * init_file_read() - read a regular file into memory
 * @path:      borrowed
 * @size_max:  largest size that is accepted, bytes
 * @ret_bytes: the bytes, and a NUL after them; owned by the caller
 * @ret_size:  how many, without that NUL
 *
 * A file that is too large is refused by its size, before it is read.
 *
 * Return: 0; INIT_FILE_E_NOT_REGULAR; INIT_FILE_E_TOO_LARGE; negative errno.
 */
int init_file_read(const char *path, size_t size_max, char **ret_bytes, size_t *ret_size)
{
    CLEANUP(fd_close_p) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    CLEANUP(free_p) char *bytes = NULL;
    struct stat status;
    size_t size = 0;
    int r;

    if (fd < 0 || fstat(fd, &status) < 0) {
        return -errno;
    }
    if (!S_ISREG(status.st_mode)) {
        return INIT_FILE_E_NOT_REGULAR;
    }
    if ((unsigned long long)status.st_size > size_max) {
        return INIT_FILE_E_TOO_LARGE;
    }
    bytes = malloc(size_max + 1);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    r = read_up_to(fd, bytes, size_max + 1, &size);
    if (r < 0) {
        return r;
    }
    if (size > size_max) {
        return INIT_FILE_E_TOO_LARGE; /* it grew meanwhile, or is of a file system that tells no
                                         sizes */
    }
    bytes[size] = '\0';
    *ret_bytes = STEAL(bytes);
    *ret_size = size;
    return 0;
}

/**
 * init_file_list_folders() - "/a, /b, /c" for a message
 * @folders:  borrowed
 * @ret_list: owned by the caller
 *
 * Return: 0; -ENOMEM.
 */
int init_file_list_folders(const char *const *folders, size_t n_folders, char **ret_list)
{
    size_t size = 1;
    size_t used = 0;
    char *list;

    for (size_t i = 0; i < n_folders; i++) {
        size += strlen(folders[i]) + strlen(", ");
    }
    list = malloc(size);
    if (list == NULL) {
        return -ENOMEM;
    }
    list[0] = '\0';
    for (size_t i = 0; i < n_folders; i++) {
        used += (size_t)snprintf(list + used, size - used, "%s%s", i > 0 ? ", " : "", folders[i]);
    }
    *ret_list = list;
    return 0;
}

/**
 * init_file_join() - the path of a file that is named relative to a folder
 * @folder:     borrowed
 * @path:       what was written; an absolute one stays as it is; borrowed
 * @ret_joined: owned by the caller
 *
 * Return: 0; -ENOMEM.
 */
int init_file_join(const char *folder, const char *path, char **ret_joined)
{
    size_t folder_length = strlen(folder);
    bool has_slash = folder_length > 0 && folder[folder_length - 1] == '/';
    size_t size = folder_length + strlen(path) + sizeof("/");
    char *joined = malloc(size);

    if (joined == NULL) {
        return -ENOMEM;
    }
    if (path[0] == '/') {
        (void)snprintf(joined, size, "%s", path);
    } else {
        (void)snprintf(joined, size, "%s%s%s", folder, has_slash ? "" : "/", path);
    }
    *ret_joined = joined;
    return 0;
}

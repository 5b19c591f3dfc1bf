/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/shared_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void *map(const char *folder, const char *name, size_t size, int flags)
{
    char path[PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (fd < 0 || (flags != 0 && ftruncate(fd, (off_t)size) < 0)) {
        perror(path);
        return NULL;
    }
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (memory == MAP_FAILED) {
        perror(path);
        return NULL;
    }
    return memory;
}

/* shared_file_make() - a new file full of zeros. Return: its memory, kept for good; NULL. */
void *shared_file_make(const char *folder, const char *name, size_t size)
{
    return map(folder, name, size, O_CREAT | O_EXCL);
}

/* shared_file_open() - what another process made. Return: its memory, kept for good; NULL. */
void *shared_file_open(const char *folder, const char *name, size_t size)
{
    return map(folder, name, size, 0);
}

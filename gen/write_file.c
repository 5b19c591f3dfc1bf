/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* make_parents() - the directories that lead to @path, which is changed and restored meanwhile */
static int make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int r = mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : -errno;
        *slash = '/';
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

/* read_all() - the content of an open file */
static int read_all(FILE *file, char **ret_text, size_t *ret_size)
{
    char *text = NULL;
    size_t size = 0;
    FILE *copy = open_memstream(&text, &size);
    char buffer[16384];
    size_t n;

    if (copy == NULL) {
        return -errno;
    }
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
        fwrite(buffer, 1, n, copy);
    }
    bool is_bad = ferror(file) != 0 || ferror(copy) != 0;
    if (fclose(copy) != 0 || is_bad) {
        free(text);
        return -EIO;
    }
    *ret_text = text;
    *ret_size = size;
    return 0;
}

int read_file(const char *path, char **ret_text, size_t *ret_size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -errno;
    }
    int r = read_all(file, ret_text, ret_size);
    fclose(file);
    return r;
}

/* is_unchanged() - whether the file is there and has exactly this content */
static bool is_unchanged(const char *path, const char *text, size_t size)
{
    char *old_text = NULL;
    size_t old_size = 0;

    if (read_file(path, &old_text, &old_size) != 0 || old_text == NULL) {
        return false;
    }
    bool is_same = old_size == size && memcmp(old_text, text, size) == 0;
    free(old_text);
    return is_same;
}

/* write_new() - a new file, or none at all on failure */
static int write_new(const char *path, const char *text, size_t size)
{
    int r = 0;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);

    if (fd < 0) {
        return -errno;
    }
    while (size > 0 && r == 0) {
        ssize_t n = write(fd, text, size);
        if (n < 0) {
            r = errno == EINTR ? 0 : -errno;
        } else {
            text += n;
            size -= (size_t)n;
        }
    }
    if (close(fd) != 0 && r == 0) {
        r = -errno;
    }
    if (r != 0) {
        unlink(path);
    }
    return r;
}

/* replace() - write beside the file and rename */
static int replace(const char *path, const char *text, size_t size)
{
    char *temporary = malloc(strlen(path) + 32);
    if (temporary == NULL) {
        return -ENOMEM;
    }
    sprintf(temporary, "%s.tmp%ld", path, (long)getpid());
    int r = write_new(temporary, text, size);
    if (r == 0 && rename(temporary, path) != 0) {
        r = -errno;
        unlink(temporary);
    }
    free(temporary);
    return r;
}

/**
 * write_file() - give a file its content
 * @path: of the file
 * @text: its content
 * @size: of @text, bytes
 *
 * A file that has this content already is left alone; whoever reads the file meanwhile sees the old
 * content or the new one.
 *
 * Return: 0; negative errno.
 */
int write_file(const char *path, const char *text, size_t size)
{
    if (is_unchanged(path, text, size)) {
        return 0;
    }
    char *copy = strdup(path);
    if (copy == NULL) {
        return -ENOMEM;
    }
    int r = make_parents(copy);
    free(copy);
    return r == 0 ? replace(path, text, size) : r;
}

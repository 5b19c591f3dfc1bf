/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idl/arena.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* utf8_is_shortest() - is the decoded @value of @length bytes in shortest form and a character at
 * all? */
static bool utf8_is_shortest(uint32_t value, size_t length)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

    return value >= smallest[length] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

size_t idl_utf8_length(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x80             ? 1
                    : (first & 0xE0) == 0xC0 ? 2
                    : (first & 0xF0) == 0xE0 ? 3
                    : (first & 0xF8) == 0xF0 ? 4
                                             : 0;
    if (length <= 1) {
        return length;
    }
    uint32_t value = first & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (i >= size || ((unsigned char)text[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | ((unsigned char)text[i] & 0x3F);
    }
    return utf8_is_shortest(value, length) ? length : 0;
}

const char *idl_source_line(const struct idl_source *source, uint32_t line, size_t *ret_size)
{
    const char *start = source->text;
    const char *end = source->text + source->size;

    for (uint32_t i = 1; i < line && start < end; i++) {
        const char *newline = memchr(start, '\n', (size_t)(end - start));
        start = newline == NULL ? end : newline + 1;
    }
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    size_t size = (size_t)((newline == NULL ? end : newline) - start);
    if (size > 0 && start[size - 1] == '\r') {
        size--;
    }
    *ret_size = size;
    return start;
}

/* position_at() - the position of the byte at @offset */
static struct idl_position position_at(const struct idl_source *source, size_t offset)
{
    struct idl_position position = {.source = source, .line = 1, .column = 1};

    for (size_t i = 0; i < offset; i++) {
        position.column++;
        if (source->text[i] == '\n') {
            position.line++;
            position.column = 1;
        }
    }
    return position;
}

/* check_text() - refuse what is not text: NUL bytes and broken UTF-8 */
static int check_text(struct idl_diagnostics *diagnostics, const struct idl_source *source)
{
    size_t length;

    for (size_t i = 0; i < source->size; i += length) {
        length = idl_utf8_length(source->text + i, source->size - i);
        if (length == 0) {
            return idl_diagnose(diagnostics, position_at(source, i),
                                "byte 0x%02X is not valid UTF-8; save the file as UTF-8",
                                (unsigned char)source->text[i]);
        }
        if (source->text[i] == '\0') {
            return idl_diagnose(diagnostics, position_at(source, i),
                                "a NUL byte; this is not a text file");
        }
    }
    return 0;
}

/* source_fill() - take over @text of @size bytes, which lies in the arena; the BOM is skipped */
static int source_fill(struct idl_source *source, struct idl_diagnostics *diagnostics,
                       const char *text, size_t size)
{
    size_t skip = strlen(BYTE_ORDER_MARK);

    if (size < skip || memcmp(text, BYTE_ORDER_MARK, skip) != 0) {
        skip = 0;
    }
    source->text = text + skip;
    source->size = size - skip;
    return check_text(diagnostics, source);
}

/* refuse_size() - say that the file is too large */
static int refuse_size(struct idl_diagnostics *diagnostics, struct idl_source *source)
{
    source->text = "";
    source->size = 0;
    return idl_diagnose(diagnostics, position_at(source, 0),
                        "the file is larger than %d bytes; split it", IDL_FILE_BYTES_MAX);
}

/* read_all() - read up to one byte more than a file may have; returns the bytes read or -errno */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t n = read(fd, buffer + used, size - used);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return -errno;
        }
        if (n == 0) {
            break;
        }
        used += (size_t)n;
    }
    return (ssize_t)used;
}

/* read_fd() - the text behind @fd; @source->path is set */
static int read_fd(int fd, struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                   struct idl_source *source)
{
    struct stat status;

    if (fstat(fd, &status) != 0) {
        return -errno;
    }
    if (!S_ISREG(status.st_mode)) {
        return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
    }
    source->is_file = true;
    source->device = status.st_dev;
    source->inode = status.st_ino;
    if (status.st_size > IDL_FILE_BYTES_MAX) {
        return refuse_size(diagnostics, source);
    }
    size_t capacity = (size_t)status.st_size + 1;
    char *text = idl_arena_alloc(arena, capacity + 1);
    if (text == NULL) {
        return -ENOMEM;
    }
    ssize_t size = read_all(fd, text, capacity);
    if (size < 0) {
        return (int)size;
    }
    if ((size_t)size == capacity) {
        return -EBUSY;
    }
    return source_fill(source, diagnostics, text, (size_t)size);
}

/**
 * idl_source_read() - read a file
 * @arena:       memory of the source and its text
 * @diagnostics: where a file that is too large or not text is reported
 * @path:        the file; borrowed
 * @ret_source:  the source, lives in @arena; set on IDL_E_INVALID too, for its identity
 *
 * Return: 0; IDL_E_INVALID; -EISDIR, -EINVAL (not a regular file), -EBUSY (grows while it is read),
 * other -errno.
 */
int idl_source_read(struct idl_arena *arena, struct idl_diagnostics *diagnostics, const char *path,
                    struct idl_source **ret_source)
{
    struct idl_source *source = idl_arena_alloc(arena, sizeof(*source));
    if (source == NULL) {
        return -ENOMEM;
    }
    source->path = idl_arena_copy(arena, path, strlen(path));
    if (source->path == NULL) {
        return -ENOMEM;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return -errno;
    }
    int r = read_fd(fd, arena, diagnostics, source);
    close(fd);
    if (r >= 0) {
        *ret_source = source;
    }
    return r;
}

/**
 * idl_source_from_memory() - take a file's text from memory
 * @path: the name to show in diagnostics; borrowed
 * @text: the bytes, copied; need not end with a NUL
 *
 * The rest is as in idl_source_read().
 *
 * Return: 0; IDL_E_INVALID; -ENOMEM.
 */
int idl_source_from_memory(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                           const char *path, const char *text, size_t size,
                           struct idl_source **ret_source)
{
    struct idl_source *source = idl_arena_alloc(arena, sizeof(*source));
    if (source == NULL) {
        return -ENOMEM;
    }
    source->path = idl_arena_copy(arena, path, strlen(path));
    if (source->path == NULL) {
        return -ENOMEM;
    }
    *ret_source = source;
    if (size > IDL_FILE_BYTES_MAX) {
        return refuse_size(diagnostics, source);
    }
    char *copy = idl_arena_copy(arena, text, size);
    if (copy == NULL) {
        return -ENOMEM;
    }
    return source_fill(source, diagnostics, copy, size);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/utf8.h"
#include "locator/init_config.h"
#include "locator/init_file.h"

static const struct init_position whole_file = {0, 0};
static const struct init_position file_start = {1, 1};

/* utf8_length() - bytes of the well-formed character at @p, of which @left bytes are there; 0 if it
 * is none */
static size_t utf8_length(const char *p, size_t left)
{
    unsigned char first = (unsigned char)*p;
    size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (first < 0x80) {
        return 1;
    }
    return length <= left && utf8_is_valid(p, length) ? length : 0;
}

/**
 * init_is_control() - whether a control character begins at @p: U+0000 to U+001F or U+007F to
 * U+009F
 * @p: a whole character in UTF-8
 */
bool init_is_control(const char *p)
{
    const unsigned char *byte = (const unsigned char *)p;

    return byte[0] < 0x20 || byte[0] == 0x7f || (byte[0] == 0xc2 && byte[1] < 0xa0);
}

/* make_printable() - replace what must not reach a terminal: control characters and bad UTF-8 */
static void make_printable(char *text)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(text + i, size - i);
        size_t step = length > 0 ? length : 1;
        if (length == 0 || (init_is_control(text + i) && text[i] != '\t')) {
            memset(text + i, '?', step);
        }
        i += step;
    }
}

/**
 * init_quote() - a name for a message
 * @name: borrowed
 *
 * Return: the name in quotes; of a long one the beginning, ending in dots.
 */
struct init_quoted init_quote(const char *name)
{
    struct init_quoted quoted;
    size_t size = strlen(name);
    size_t room = sizeof(quoted.text) - sizeof("'...'");
    size_t shown = size;

    if (size > room) {
        shown = room;
        while (shown > 0 && ((unsigned char)name[shown] & 0xc0) == 0x80) {
            shown--;
        }
    }
    (void)snprintf(quoted.text, sizeof(quoted.text), "'%.*s%s'", (int)shown, name,
                   shown < size ? "..." : "");
    return quoted;
}

/* line_copy() - line number @line of @source without its line end, owned by the caller; NULL
 * without memory */
static char *line_copy(const struct init_source *source, unsigned int line)
{
    size_t start = source->line_starts[line - 1];
    size_t size = 0;
    char *copy;

    while (start + size < source->size && source->text[start + size] != '\n' &&
           source->text[start + size] != '\r') {
        size++;
    }
    copy = malloc(size + 1);
    if (copy != NULL) {
        memcpy(copy, source->text + start, size);
        for (size_t i = 0; i < size; i++) {
            copy[i] = copy[i] == '\0' ? '?' : copy[i];
        }
        copy[size] = '\0';
    }
    return copy;
}

/* format_text() - what vprintf() would print, owned by the caller; NULL without memory */
__attribute__((format(printf, 1, 0))) static char *format_text(const char *format,
                                                               va_list arguments)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        return NULL;
    }
    int printed = vfprintf(stream, format, arguments);
    if (fclose(stream) != 0 || printed < 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* error_set() - make an error; consumes @source_line. Return: INIT_E_INVALID; -ENOMEM. */
__attribute__((format(printf, 5, 0))) static int
error_set(const char *file, struct init_position position, char *source_line,
          struct init_error *ret_error, const char *format, va_list arguments)
{
    struct init_error error = {.position = position, .source_line = source_line};

    error.file = strdup(file);
    error.message = format_text(format, arguments);
    if (error.file == NULL || error.message == NULL) {
        init_error_deinit(&error);
        return -ENOMEM;
    }
    make_printable(error.file);
    make_printable(error.message);
    if (error.source_line != NULL) {
        make_printable(error.source_line);
    }
    *ret_error = error;
    return INIT_E_INVALID;
}

/* fail_unread() - the error of a file whose text is not there. Return: INIT_E_INVALID; -ENOMEM. */
__attribute__((format(printf, 4, 5))) static int fail_unread(const char *file,
                                                             struct init_position position,
                                                             struct init_error *ret_error,
                                                             const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int r = error_set(file, position, NULL, ret_error, format, arguments);
    va_end(arguments);
    return r;
}

/**
 * init_source_fail() - make the error of a place in the text
 * @source:    borrowed
 * @position:  of the offending text
 * @ret_error: written when INIT_E_INVALID is returned
 * @format:    of the message, without the position and without a line end
 *
 * Return: INIT_E_INVALID; -ENOMEM.
 */
int init_source_fail(const struct init_source *source, struct init_position position,
                     struct init_error *ret_error, const char *format, ...)
{
    char *source_line = line_copy(source, position.line);
    va_list arguments;

    if (source_line == NULL) {
        return -ENOMEM;
    }
    va_start(arguments, format);
    int r = error_set(source->file, position, source_line, ret_error, format, arguments);
    va_end(arguments);
    return r;
}

/* is_line_end() - whether a new line begins after byte @i; CR LF is one line end */
static bool is_line_end(const struct init_source *source, size_t i)
{
    return source->text[i] == '\n' || (source->text[i] == '\r' && source->text[i + 1] != '\n');
}

/* find_lines() - fill in the table of lines. Return: 0; -ENOMEM. */
static int find_lines(struct init_source *source)
{
    size_t n = 1;

    for (size_t i = 0; i < source->size; i++) {
        n += is_line_end(source, i);
    }
    source->line_starts = calloc(n, sizeof(source->line_starts[0]));
    if (source->line_starts == NULL) {
        return -ENOMEM;
    }
    source->n_lines = 1;
    for (size_t i = 0; i < source->size; i++) {
        if (is_line_end(source, i)) {
            source->line_starts[source->n_lines++] = i + 1;
        }
    }
    return 0;
}

/**
 * init_source_position() - line and column of a byte
 * @source: borrowed
 * @offset: of the byte, up to the size of the text
 */
struct init_position init_source_position(const struct init_source *source, size_t offset)
{
    size_t low = 0;
    size_t high = source->n_lines;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (struct init_position){
        .line = (unsigned int)low + 1,
        .column = (unsigned int)(offset - source->line_starts[low]) + 1,
    };
}

/* check_character() - refuse the character at @offset if it cannot be in YAML; @length is 0 if it
 * is none */
static int check_character(const struct init_source *source, size_t offset, size_t length,
                           struct init_error *ret_error)
{
    const char *p = source->text + offset;

    if (length == 0) {
        return init_source_fail(source, init_source_position(source, offset), ret_error,
                                "byte 0x%02x is not UTF-8 here; save the file as UTF-8",
                                (unsigned char)*p);
    }
    if (*p == '\0') {
        return init_source_fail(source, init_source_position(source, offset), ret_error,
                                "NUL byte; the file must be plain text in UTF-8");
    }
    if (init_is_control(p) && strchr("\t\r\n", *p) == NULL) {
        return init_source_fail(source, init_source_position(source, offset), ret_error,
                                "control character U+%04X; remove it",
                                (unsigned char)p[length - 1]);
    }
    return 0;
}

/* check_text() - refuse NUL bytes, other control characters and what is not UTF-8, the first one
 * found */
static int check_text(const struct init_source *source, struct init_error *ret_error)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < source->size;) {
        size_t length = utf8_length(source->text + i, source->size - i);
        r = check_character(source, i, length, ret_error);
        i += length;
    }
    return r;
}

/**
 * init_source_new() - take over a text
 * @file:       how messages call it; borrowed
 * @bytes:      the text, with or without a byte order mark; borrowed
 * @size:       bytes
 * @ret_source: owned by the caller
 * @ret_error:  written when INIT_E_INVALID is returned
 *
 * Return: 0; INIT_E_INVALID: too large, control characters, not UTF-8; -ENOMEM.
 */
int init_source_new(const char *file, const void *bytes, size_t size,
                    struct init_source **ret_source, struct init_error *ret_error)
{
    static const char mark[] = "\xef\xbb\xbf";
    CLEANUP(init_source_free_p) struct init_source *source = NULL;
    size_t skip = size >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
    int r;

    if (size > INIT_FILE_BYTES_MAX) {
        return fail_unread(file, file_start, ret_error,
                           "the file is larger than %u bytes, the most that is read",
                           INIT_FILE_BYTES_MAX);
    }
    source = calloc(1, sizeof(*source));
    if (source == NULL) {
        return -ENOMEM;
    }
    source->size = size - skip;
    source->file = strdup(file);
    source->text = malloc(source->size + 1);
    if (source->file == NULL || source->text == NULL) {
        return -ENOMEM;
    }
    if (source->size > 0) {
        memcpy(source->text, (const char *)bytes + skip, source->size);
    }
    source->text[source->size] = '\0';
    r = find_lines(source);
    if (r == 0) {
        r = check_text(source, ret_error);
    }
    if (r != 0) {
        return r;
    }
    *ret_source = STEAL(source);
    return 0;
}

/**
 * init_source_new_from_file() - read a text
 * @path:       borrowed; messages call the file so
 * @ret_source: owned by the caller
 * @ret_error:  written when INIT_E_INVALID is returned
 *
 * Return: 0; INIT_E_INVALID: cannot be read, or as init_source_new(); -ENOMEM.
 */
int init_source_new_from_file(const char *path, struct init_source **ret_source,
                              struct init_error *ret_error)
{
    CLEANUP(free_p) char *bytes = NULL;
    size_t size;
    int r = init_file_read(path, INIT_FILE_BYTES_MAX, &bytes, &size);

    if (r == INIT_FILE_E_TOO_LARGE) {
        return fail_unread(path, file_start, ret_error,
                           "the file is larger than %u bytes, the most that is read",
                           INIT_FILE_BYTES_MAX);
    }
    if (r == INIT_FILE_E_NOT_REGULAR) {
        return fail_unread(path, whole_file, ret_error, "not a regular file");
    }
    if (r == -ENOMEM) {
        return r;
    }
    if (r != 0) {
        return fail_unread(path, whole_file, ret_error, "cannot be read: %s", strerror(-r));
    }
    return init_source_new(path, bytes, size, ret_source, ret_error);
}

/* init_source_free() - release a text; NULL is none. Return: NULL. */
struct init_source *init_source_free(struct init_source *source)
{
    if (source != NULL) {
        free(source->file);
        free(source->text);
        free(source->line_starts);
        free(source);
    }
    return NULL;
}

/* init_source_free_p() - for CLEANUP() */
void init_source_free_p(struct init_source **source)
{
    *source = init_source_free(*source);
}

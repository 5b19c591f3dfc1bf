/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/excerpt.h"

#include <stdbool.h>
#include <string.h>

#include "idl/source.h"

/* How much of a long line is shown, and how much of that before the column in question. */
#define EXCERPT_BYTES_MAX 160
#define EXCERPT_BYTES_BEFORE 80

/* One character of a line. */
struct character {
    size_t size;   /* in bytes */
    uint32_t code; /* 0xFFFD for a byte that is no character */
};

struct range {
    uint32_t first;
    uint32_t last;
};

/* Would command the terminal, or reorder the line. */
static const struct range controls[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
    {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

/* Take no column: combining marks and the like. */
static const struct range narrow[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x200B, 0x200D},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};

/* Take two columns: East Asian scripts and pictures. */
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

#define IS_IN(code, ranges) is_in(code, ranges, sizeof(ranges) / sizeof((ranges)[0]))

static bool is_in(uint32_t code, const struct range *ranges, size_t n_ranges)
{
    for (size_t i = 0; i < n_ranges; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* character_at() - the one that begins at @text, of which there are @size bytes, at least one */
static struct character character_at(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0];
    size_t length = idl_utf8_length(text, size);

    if (length == 0) {
        return (struct character){.size = 1, .code = 0xFFFD};
    }
    uint32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        code = code << 6 | ((unsigned char)text[i] & 0x3F);
    }
    return (struct character){.size = length, .code = code};
}

/* is_harmless() - may the terminal get it as it is? */
static bool is_harmless(struct character character)
{
    return character.code == '\t' || (character.code != 0xFFFD && !IS_IN(character.code, controls));
}

/* n_columns() - how many columns a character takes, or the '?' that stands for it */
static unsigned n_columns(struct character character)
{
    if (!is_harmless(character)) {
        return 1;
    }
    return IS_IN(character.code, narrow) ? 0 : IS_IN(character.code, wide) ? 2 : 1;
}

/* print_text() - @size bytes, characters that are not harmless as '?' */
static void print_text(const char *text, size_t size, FILE *out)
{
    for (size_t i = 0; i < size;) {
        struct character character = character_at(text + i, size - i);
        if (is_harmless(character)) {
            fwrite(text + i, 1, character.size, out);
        } else {
            fputc('?', out);
        }
        i += character.size;
    }
}

void idl_print_harmless(const char *text, FILE *out)
{
    print_text(text, strlen(text), out);
}

/* print_indent() - blanks as wide as @size bytes of text; tabs stay tabs */
static void print_indent(const char *text, size_t size, FILE *out)
{
    for (size_t i = 0; i < size;) {
        struct character character = character_at(text + i, size - i);
        if (character.code == '\t') {
            fputc('\t', out);
        }
        for (unsigned n = character.code == '\t' ? 0 : n_columns(character); n > 0; n--) {
            fputc(' ', out);
        }
        i += character.size;
    }
}

static bool is_name_part(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* token_size() - of the name, with its dots, number or mark that begins at @text; at least 1 */
static size_t token_size(const char *text, size_t size)
{
    static const char *const pairs[] = {"<<", ">>", "**", "/*"};
    size_t n = 0;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (size >= 2 && memcmp(text, pairs[i], 2) == 0) {
            return 2;
        }
    }
    while (n < size && (is_name_part(text[n]) ||
                        (n > 0 && text[n] == '.' && n + 1 < size && is_name_part(text[n + 1])))) {
        n++;
    }
    return n == 0 ? 1 : n;
}

/* is_continuation() - is this byte inside a UTF-8 character? */
static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* excerpt_start() - where to begin to show a line of @size bytes with the caret at @caret */
static size_t excerpt_start(const char *line, size_t size, size_t caret)
{
    size_t start = caret - EXCERPT_BYTES_BEFORE;

    if (size <= EXCERPT_BYTES_MAX || caret <= EXCERPT_BYTES_BEFORE) {
        return 0;
    }
    while (start < caret && is_continuation(line[start])) {
        start++;
    }
    return start;
}

void idl_excerpt_print(struct idl_position position, FILE *out)
{
    size_t size;
    const char *line = idl_source_line(position.source, position.line, &size);
    size_t caret = position.column - 1 > size ? size : position.column - 1;
    size_t start = excerpt_start(line, size, caret);
    size_t end = size - start > EXCERPT_BYTES_MAX ? start + EXCERPT_BYTES_MAX : size;

    if (size == 0) {
        return;
    }
    while (end < size && is_continuation(line[end])) {
        end++;
    }
    print_text(line + start, end - start, out);
    fputc('\n', out);
    print_indent(line + start, caret - start, out);
    fputc('^', out);
    for (size_t i = 1; i < token_size(line + caret, end - caret); i++) {
        fputc('~', out);
    }
    fputc('\n', out);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two passes: strip() makes a copy without comments and continued lines, then find() looks at each
 * identifier of that copy. Conditionals are not evaluated: the first definition that is a string
 * counts.
 */
#include "locator/c_constant.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\v\f");
}

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t\r\v\f\n");
}

/* literal_end() - behind the string or character literal at @p; an unfinished one ends with its
 * line */
static const char *literal_end(const char *p)
{
    char quote = *p++;

    while (*p != '\0' && *p != '\n' && *p != quote) {
        p += p[0] == '\\' && p[1] != '\0' && p[1] != '\n' ? 2 : 1;
    }
    return *p == quote ? p + 1 : p;
}

/* comment_end() - behind the comment at @p; @p if there is none. A line comment ends before its
 * line end. */
static const char *comment_end(const char *p)
{
    const char *end;

    if (p[0] == '/' && p[1] == '/') {
        return p + strcspn(p, "\n");
    }
    if (p[0] == '/' && p[1] == '*') {
        end = strstr(p + 2, "*/");
        return end != NULL ? end + 2 : p + strlen(p);
    }
    return p;
}

/* join_lines() - take out each backslash with the line end after it, in place */
static void join_lines(char *text)
{
    char *to = text;

    for (const char *p = text; *p != '\0';) {
        if (p[0] == '\\' && p[1] == '\n') {
            p += 2;
        } else if (p[0] == '\\' && p[1] == '\r' && p[2] == '\n') {
            p += 3;
        } else {
            *to++ = *p++;
        }
    }
    *to = '\0';
}

/* strip_comments() - put a space in place of each comment, in place */
static void strip_comments(char *text)
{
    char *to = text;

    for (const char *p = text; *p != '\0';) {
        const char *end = comment_end(p);
        if (end != p) {
            *to++ = ' ';
            p = end;
            continue;
        }
        end = *p == '"' || *p == '\'' ? literal_end(p) : p + 1;
        memmove(to, p, (size_t)(end - p));
        to += end - p;
        p = end;
    }
    *to = '\0';
}

/* append_literal() - append what the string literal at *@p stands for, and go behind it. Return:
 * false if it is not finished or has an escape other than of a quote, a question mark or a
 * backslash. */
static bool append_literal(const char **p, char **to)
{
    const char *c = *p + 1;

    for (; *c != '"'; c++) {
        if (*c == '\\') {
            c++;
            if (*c == '\0' || strchr("\\\"'?", *c) == NULL) {
                return false;
            }
        }
        if (*c == '\0' || *c == '\n') {
            return false;
        }
        *(*to)++ = *c;
    }
    *p = c + 1;
    return true;
}

/* starts_literal() - whether a string literal is at *@p; goes past the prefix of a UTF-8 one */
static bool starts_literal(const char **p)
{
    if (strncmp(*p, "u8\"", 3) == 0) {
        *p += 2;
    }
    return **p == '"';
}

/* read_strings() - one or more adjacent string literals; *@p ends behind them and the space that
 * @skip skips */
static bool read_strings(const char **p, const char *(*skip)(const char *), char *value)
{
    if (!starts_literal(p)) {
        return false;
    }
    while (starts_literal(p)) {
        if (!append_literal(p, &value)) {
            return false;
        }
        *p = skip(*p);
    }
    *value = '\0';
    return true;
}

/* read_macro() - the value of `#define NAME value`, @p being behind the name */
static int read_macro(const char *p, char *value)
{
    bool is_function = *p == '(';
    const char *start = skip_blanks(p);
    bool has_parenthesis = *start == '(';

    p = has_parenthesis ? skip_blanks(start + 1) : start;
    if (is_function || !read_strings(&p, skip_blanks, value)) {
        return C_CONSTANT_E_NOT_STRING;
    }
    if (has_parenthesis && *p++ != ')') {
        return C_CONSTANT_E_NOT_STRING;
    }
    p = skip_blanks(p);
    return *p == '\n' || *p == '\0' ? 0 : C_CONSTANT_E_NOT_STRING;
}

/* read_declaration() - the value of `NAME = value;`, `NAME[] = value;` or `NAME{value};`, @p behind
 * the name */
static int read_declaration(const char *p, char *value)
{
    bool has_brace;

    p = skip_space(p);
    if (*p == '[') {
        p += strcspn(p, "]\n");
        p = skip_space(*p == ']' ? p + 1 : p);
    }
    if ((*p != '=' || p[1] == '=') && *p != '{') {
        return C_CONSTANT_E_NOT_FOUND; /* it is used here, not defined */
    }
    p = skip_space(p + (*p == '='));
    has_brace = *p == '{';
    p = has_brace ? skip_space(p + 1) : p;
    if (!read_strings(&p, skip_space, value)) {
        return C_CONSTANT_E_NOT_STRING;
    }
    if (has_brace && *p++ != '}') {
        return C_CONSTANT_E_NOT_STRING;
    }
    p = skip_space(p);
    return *p == ';' || *p == ',' ? 0 : C_CONSTANT_E_NOT_STRING;
}

/* is_word_at() - whether the word from @start to @end is @word */
static bool is_word_at(const char *start, const char *end, const char *word)
{
    size_t size = (size_t)(end - start);

    return size == strlen(word) && memcmp(start, word, size) == 0;
}

/* find() - look at each word of a text without comments, and at what follows the ones that are
 * @name; @value has room for the whole text */
static int find(const char *text, const char *name, char *value)
{
    enum {
        ELSEWHERE,
        LINE_START,
        AFTER_HASH,
        AFTER_DEFINE
    } where = LINE_START;
    int outcome = C_CONSTANT_E_NOT_FOUND;

    for (const char *p = text; *p != '\0';) {
        const char *start = p;
        if (is_word(*p)) {
            while (is_word(*p)) {
                p++;
            }
            if (is_word_at(start, p, name)) {
                int r = where == AFTER_DEFINE ? read_macro(p, value) : read_declaration(p, value);
                if (r == 0) {
                    return 0;
                }
                outcome = r > outcome ? r : outcome;
            }
            where =
                where == AFTER_HASH && is_word_at(start, p, "define") ? AFTER_DEFINE : ELSEWHERE;
        } else if (*p == '\n') {
            where = LINE_START;
            p++;
        } else if (skip_blanks(p) != p) {
            p = skip_blanks(p);
        } else {
            where = where == LINE_START && *p == '#' ? AFTER_HASH : ELSEWHERE;
            p = *p == '"' || *p == '\'' ? literal_end(p) : p + 1;
        }
    }
    return outcome;
}

/**
 * c_constant_find() - look up a string constant
 * @text:      the header; borrowed
 * @size:      bytes of it; a NUL ends it early
 * @name:      `#define NAME "value"`, or `NAME = "value"` and `NAME[] = "value"` in a declaration;
 * borrowed
 * @ret_value: owned by the caller
 *
 * Adjacent literals are joined; of several definitions the first that is a string counts, whatever
 * #if says.
 *
 * Return: 0; C_CONSTANT_E_NOT_FOUND; C_CONSTANT_E_NOT_STRING; -ENOMEM.
 */
int c_constant_find(const char *text, size_t size, const char *name, char **ret_value)
{
    CLEANUP(free_p) char *stripped = strndup(text, size);

    CLEANUP(free_p) char *buffer = malloc(size + 1);
    char *value;
    int r;

    if (stripped == NULL || buffer == NULL) {
        return -ENOMEM;
    }
    join_lines(stripped);
    strip_comments(stripped);
    r = find(stripped, name, buffer);
    if (r != 0) {
        return r;
    }
    value = strdup(buffer);
    if (value == NULL) {
        return -ENOMEM;
    }
    *ret_value = value;
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/lexer.h"

#include <string.h>

#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"
#include "idl/source.h"

#define PUNCTUATION "{}()<>,;:.=+-*/%&|~"

/* How much of a wrong number or of a long word is quoted. */
#define QUOTE_BYTES_MAX 40

/* idl_lexer_init() - start at the beginning of @source; both pointers are borrowed */
void idl_lexer_init(struct idl_lexer *lexer, const struct idl_source *source,
                    struct idl_diagnostics *diagnostics)
{
    *lexer = (struct idl_lexer){
        .source = source,
        .diagnostics = diagnostics,
        .cursor = source->text,
        .end = source->text + source->size,
        .line_start = source->text,
        .line = 1,
    };
}

bool idl_token_is_word(const struct idl_token *token, const char *word)
{
    return token->kind == IDL_TOKEN_NAME && strlen(word) == token->size &&
           memcmp(word, token->text, token->size) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_part(char c)
{
    return is_name_start(c) || is_digit(c);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

/* position_here() - where the cursor stands */
static struct idl_position position_here(const struct idl_lexer *lexer)
{
    return (struct idl_position){
        .source = lexer->source,
        .line = lexer->line,
        .column = (uint32_t)(lexer->cursor - lexer->line_start) + 1,
    };
}

/* starts_with() - does the rest begin with the two characters of @mark? The text ends with a NUL.
 */
static bool starts_with(const struct idl_lexer *lexer, const char *mark)
{
    return lexer->cursor[0] == mark[0] && lexer->cursor[1] == mark[1];
}

/* step() - one byte on, counting lines */
static void step(struct idl_lexer *lexer)
{
    if (*lexer->cursor++ == '\n') {
        lexer->line++;
        lexer->line_start = lexer->cursor;
    }
}

/* skip_comment() - over a block comment; one without an end is an error at its beginning */
static int skip_comment(struct idl_lexer *lexer)
{
    struct idl_position start = position_here(lexer);

    lexer->cursor += 2;
    while (lexer->cursor < lexer->end && !starts_with(lexer, "*/")) {
        step(lexer);
    }
    if (lexer->cursor == lexer->end) {
        return idl_diagnose(lexer->diagnostics, start,
                            "this comment has no end; close it with '*/'");
    }
    lexer->cursor += 2;
    return 0;
}

/* skip_blanks() - over blanks and comments */
static int skip_blanks(struct idl_lexer *lexer)
{
    while (lexer->cursor < lexer->end) {
        if (is_blank(*lexer->cursor)) {
            step(lexer);
        } else if (starts_with(lexer, "//")) {
            while (lexer->cursor < lexer->end && *lexer->cursor != '\n') {
                lexer->cursor++;
            }
        } else if (starts_with(lexer, "/*")) {
            int r = skip_comment(lexer);
            if (r != 0) {
                return r;
            }
        } else {
            break;
        }
    }
    return 0;
}

/* refuse() - report the token and make it BROKEN; 0 unless memory is out */
static int refuse(struct idl_token *token, int r)
{
    token->kind = IDL_TOKEN_BROKEN;
    return r < 0 ? r : 0;
}

/* lex_name() - NAME = letter or '_', then letters, digits and '_' */
static int lex_name(struct idl_lexer *lexer, struct idl_token *token)
{
    while (lexer->cursor < lexer->end && is_name_part(*lexer->cursor)) {
        lexer->cursor++;
    }
    token->kind = IDL_TOKEN_NAME;
    token->size = (size_t)(lexer->cursor - token->text);
    if (token->size > IDL_NAME_BYTES_MAX) {
        return refuse(token, idl_diagnose(lexer->diagnostics, token->position,
                                          "this name has %zu characters; at most %d are allowed",
                                          token->size, IDL_NAME_BYTES_MAX));
    }
    return 0;
}

/* digit_value() - of 0-9, a-f, A-F; 16 for anything else */
static unsigned digit_value(char c)
{
    if (is_digit(c)) {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10;
    }
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

/* number_value() - digits to a value; says in words what is wrong with them, or NULL */
static const char *number_value(const char *text, size_t size, uint64_t *ret_value)
{
    unsigned base = 10;
    uint64_t value = 0;
    size_t i = 0;

    if (size > 1 && text[0] == '0') {
        base = text[1] == 'x' || text[1] == 'X' ? 16 : text[1] == 'o' || text[1] == 'O' ? 8 : 10;
        i = base == 10 ? 0 : 2;
        if (base == 10 && is_digit(text[1])) {
            return "starts with 0; write octal numbers as 0o17 and decimal ones without it";
        }
    }
    if (i == size) {
        return "has no digits";
    }
    for (; i < size; i++) {
        unsigned digit = digit_value(text[i]);
        if (digit >= base) {
            return "is not a number; write 10, 0x1F or 0o17";
        }
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value)) {
            return "does not fit in 64 bits";
        }
    }
    *ret_value = value;
    return NULL;
}

/* lex_number() - NUMBER = decimal, 0x hexadecimal or 0o octal digits */
static int lex_number(struct idl_lexer *lexer, struct idl_token *token)
{
    while (lexer->cursor < lexer->end && is_name_part(*lexer->cursor)) {
        lexer->cursor++;
    }
    token->kind = IDL_TOKEN_NUMBER;
    token->size = (size_t)(lexer->cursor - token->text);
    const char *wrong = number_value(token->text, token->size, &token->value);
    if (wrong != NULL) {
        int quoted = token->size > QUOTE_BYTES_MAX ? QUOTE_BYTES_MAX : (int)token->size;
        return refuse(token,
                      idl_diagnose(lexer->diagnostics, token->position, "'%.*s'%s %s", quoted,
                                   token->text, token->size > QUOTE_BYTES_MAX ? "..." : "", wrong));
    }
    return 0;
}

/* lex_punctuation() - the marks of one and two characters; false if there is none */
static bool lex_punctuation(struct idl_lexer *lexer, struct idl_token *token)
{
    static const struct {
        const char *mark;
        int kind;
    } pairs[] = {
        {"<<", IDL_TOKEN_SHIFT_LEFT}, {">>", IDL_TOKEN_SHIFT_RIGHT}, {"**", IDL_TOKEN_POWER}};

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (starts_with(lexer, pairs[i].mark)) {
            token->kind = pairs[i].kind;
            token->size = 2;
            lexer->cursor += 2;
            return true;
        }
    }
    if (strchr(PUNCTUATION, *lexer->cursor) == NULL) {
        return false;
    }
    token->kind = (unsigned char)*lexer->cursor++;
    token->size = 1;
    return true;
}

/* is_stray() - can no token start here, and no blank or comment either? */
static bool is_stray(char c)
{
    return !is_name_part(c) && !is_blank(c) && strchr(PUNCTUATION, c) == NULL;
}

/* skip_quoted() - to the closing quotation mark on this line; the cursor stays if there is none */
static void skip_quoted(struct idl_lexer *lexer)
{
    const char *c = lexer->cursor + 1;

    while (c < lexer->end && *c != '"' && *c != '\n') {
        c++;
    }
    if (c < lexer->end && *c == '"') {
        lexer->cursor = c;
    }
}

/* hint_for() - how these languages say what the character means in others */
static const char *hint_for(char c)
{
    return c == '['   ? "; an array is written array<UInt8, 16>"
           : c == '#' ? "; there is no preprocessor, use 'import' and 'const'"
                      : "";
}

/* lex_stray() - refuse a run of characters that do not belong here, as one error */
static int lex_stray(struct idl_lexer *lexer, struct idl_token *token)
{
    unsigned char first = (unsigned char)*lexer->cursor;
    int length = (int)idl_utf8_length(lexer->cursor, (size_t)(lexer->end - lexer->cursor));
    int r;

    if (first < 0x20 || first == 0x7F) {
        r = idl_diagnose(lexer->diagnostics, token->position, "unexpected control character 0x%02X",
                         first);
    } else if (first == '"') {
        r = idl_diagnose(lexer->diagnostics, token->position,
                         "unexpected text in quotes; these languages have none");
        skip_quoted(lexer);
    } else if (first < 0x80) {
        r = idl_diagnose(lexer->diagnostics, token->position, "unexpected character '%c'%s", first,
                         hint_for((char)first));
    } else {
        r = idl_diagnose(lexer->diagnostics, token->position,
                         "unexpected character '%.*s'; outside comments only ASCII is allowed",
                         length, lexer->cursor);
    }
    while (lexer->cursor < lexer->end && is_stray(*lexer->cursor)) {
        lexer->cursor++;
    }
    token->size = (size_t)(lexer->cursor - token->text);
    return refuse(token, r);
}

/**
 * idl_lexer_next() - the next token
 * @lexer:     where to read on
 * @ret_token: the token; END again and again at the end, BROKEN for what was reported as an error
 *
 * Return: 0; -ENOMEM.
 */
int idl_lexer_next(struct idl_lexer *lexer, struct idl_token *ret_token)
{
    uint32_t line_before = lexer->line;
    bool is_at_start = lexer->cursor == lexer->source->text;
    int r = skip_blanks(lexer);

    *ret_token = (struct idl_token){
        .kind = IDL_TOKEN_END,
        .position = position_here(lexer),
        .text = lexer->cursor,
        .is_first_on_line = is_at_start || lexer->line != line_before,
    };
    if (r != 0) {
        return refuse(ret_token, r);
    }
    if (lexer->cursor == lexer->end) {
        return 0;
    }
    if (is_name_start(*lexer->cursor)) {
        return lex_name(lexer, ret_token);
    }
    if (is_digit(*lexer->cursor)) {
        return lex_number(lexer, ret_token);
    }
    return lex_punctuation(lexer, ret_token) ? 0 : lex_stray(lexer, ret_token);
}

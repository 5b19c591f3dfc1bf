/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

#include <stdint.h>
#include <string.h>

/* utf8_sequence() - bytes of the well-formed sequence at @p, of which @left are there; 0 if it is
 * none */
static size_t utf8_sequence(const uint8_t *p, size_t left)
{
    size_t length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

    if (p[0] < 0xc2 || p[0] > 0xf4 || left < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    /* overlong forms, surrogates, and what lies beyond U+10FFFF */
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)) {
        return 0;
    }
    return length;
}

/* is_ascii_word() - whether the next bytes, of which @left are there, are a word of nothing but
 * ASCII */
static bool is_ascii_word(const uint8_t *p, size_t left)
{
    uint64_t word;

    if (left < sizeof(word)) {
        return false;
    }
    memcpy(&word, p, sizeof(word));
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

/* utf8_is_valid() - whether @bytes are UTF-8 as RFC 3629 has it; NUL counts as a character */
bool utf8_is_valid(const void *bytes, size_t size)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < size;) {
        size_t length = 1;
        if (is_ascii_word(p + i, size - i)) {
            length = sizeof(uint64_t);
        } else if (p[i] >= 0x80) {
            length = utf8_sequence(p + i, size - i);
        }
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Commands whose one argument is several words. */
#pragma once

#include <kl/core/Types.idl.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX 4

/* split() - the words of @argument, of which the last one has all that is left */
static inline void split(const char *argument, char words[WORDS_MAX][kl_core_Types_UCoreStringSize])
{
    for (int i = 0; i < WORDS_MAX; i++) {
        size_t length = strcspn(argument, " ");
        snprintf(words[i], sizeof(words[i]), "%.*s", (int)length, argument);
        argument += length + (argument[length] == ' ');
    }
}

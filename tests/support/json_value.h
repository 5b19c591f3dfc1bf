/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as JSON, for other languages to look at: numbers, strings, BYTES and octets in hexadecimal
 * as strings; lists; {"struct": [[NAME, VALUE], ...]}; {"union": null or [TAG, NAME, VALUE]}.
 */
#pragma once

#include <capchan/stub.h>
#include <stdio.h>

void json_value_print(FILE *file, const struct capchan_record *record, const void *object,
                      const struct nk_arena *arena);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limits of core/limits.h for people.
 */
#pragma once

#include <stdio.h>

void limits_print(FILE *out);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results for programs.
 */
#pragma once

#include <jansson.h>

json_t *json_thousandths(double value);
int json_file_write(json_t *root, const char *path);

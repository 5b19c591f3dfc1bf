/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checked model as JSON, for other tools; idlc-json(5) describes it.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct idl_file;

/* The version of the format; it changes when something that was there changes or goes. */
#define JSON_MODEL_FORMAT 1

/* Prints all files as one array. Returns 0 or a negative errno. */
int json_model_print(FILE *out, const struct idl_file *const files[], size_t n_files);

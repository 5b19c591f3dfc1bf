/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files a file needs, and the rule that tells make so.
 */
#pragma once

#include "idl/model.h"

struct emit;
struct scratch;

/* A file that something depends on. */
struct dependency {
    const struct idl_file *file;
    struct dependency *next;
};

/* A file that was written. */
struct generated {
    const char *path;
    struct generated *next;
};

/* @file and all that it needs, itself first, each once; NULL without memory. */
const struct dependency *dependencies_of(struct scratch *scratch, const struct idl_file *file);

/* Gives each of @outputs that is older than something that it was made of a time stamp of now: make
 * would want it made again for ever. Returns 0 or a negative errno. */
int dependencies_refresh(struct scratch *scratch, const struct generated *outputs,
                         const struct idl_file *file);

/* A path as it stands in a makefile. */
const char *dependencies_escape(struct scratch *scratch, const char *path);
/* The rule that makes @outputs of @file. */
void dependencies_emit(struct emit *emit, const struct generated *outputs,
                       const struct idl_file *file);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of one file: UTF-8 without NUL bytes and without a byte order mark, kept for the
 * diagnostics.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "idl/model.h"

struct idl_arena;
struct idl_diagnostics;

struct idl_source {
    const char *path; /* as shown to the user */
    const char *text; /* NUL-terminated */
    size_t size;
    bool is_file;    /* on disk, as device and inode; otherwise from memory */
    bool is_shipped; /* found among the declarations that come with idlc */
    dev_t device;
    ino_t inode;
};

int idl_source_read(struct idl_arena *arena, struct idl_diagnostics *diagnostics, const char *path,
                    struct idl_source **ret_source);
int idl_source_from_memory(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                           const char *path, const char *text, size_t size,
                           struct idl_source **ret_source);

/* Line @line (from 1) without its line end; empty behind the last one. */
const char *idl_source_line(const struct idl_source *source, uint32_t line, size_t *ret_size);

/* The length of the UTF-8 character that starts at @text, 1 to 4; 0 if it is not a valid one. */
size_t idl_utf8_length(const char *text, size_t size);

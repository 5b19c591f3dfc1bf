/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and what they refer to: finds, parses and checks each file once, those that it needs first.
 */
#pragma once

#include <stdbool.h>

#include "idl/arena.h"
#include "idl/diagnostics.h"
#include "idl/model.h"
#include "idl/source.h"
#include "idl/table.h"

/* A directory under which package a.B is a/B.idl. */
struct idl_root {
    const char *dir; /* "" is the working directory */
    struct idl_root *next;
};

enum idl_unit_state {
    IDL_UNIT_LOADING, /* waits for what it refers to */
    IDL_UNIT_DONE,
    IDL_UNIT_FAILED, /* and reported */
};

/* A file from the moment on when its loading begins. */
struct idl_unit {
    enum idl_unit_state state;
    enum idl_file_kind kind;
    const char *name; /* qualified; NULL as long as it is not known */
    const struct idl_source *source;
    const char *root; /* the file's own: "X" for X/a/B.idl with package a.B; NULL if it has none */
    struct idl_file *file;
    bool is_named;         /* by the user */
    int named_result;      /* what idl_name_unit() found then */
    struct idl_unit *next; /* the one whose loading began before */
};

struct idl_context {
    struct idl_arena arena;
    struct idl_diagnostics diagnostics;
    struct idl_root *roots;
    struct idl_root **roots_tail;
    const char *shipped_dir; /* looked in last, or NULL */
    struct idl_unit *units;
    struct idl_table units_by_name[3]; /* by kind */
    struct idl_table idl_prefixes;     /* of files, in C */
    struct idl_table class_prefixes;
    unsigned n_units;
    unsigned depth; /* units in state LOADING */
    struct idl_file *files;
    struct idl_file **files_tail;
};

int idl_load_source(struct idl_context *context, const struct idl_source *source,
                    enum idl_file_kind kind, const struct idl_file **ret_file);
/* The unit of the file behind @source, if that was loaded before; or NULL. */
struct idl_unit *idl_find_loaded(const struct idl_context *context,
                                 const struct idl_source *source);
int idl_name_unit(struct idl_context *context, struct idl_unit *unit,
                  const struct idl_file **ret_file);
/* Which language a path's suffix stands for. */
bool idl_kind_of_path(const char *path, enum idl_file_kind *ret_kind);

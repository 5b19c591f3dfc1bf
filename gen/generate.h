/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is generated from one file.
 */
#pragma once

#include <stdbool.h>

struct generated;
struct idl_file;
struct scratch;

/**
 * struct generator - what to write and where to, and what went wrong
 * @out_dir:           below which everything is written, in the folders of the packages; borrowed
 * @front_dir:         NULL, or where a header of one line leads to the one below @out_dir; borrowed
 * @is_proto_only:     write the .proto of an IDL file and nothing else
 * @is_self_contained: headers hold their code (gen/c_inline.h), and there is no C file of ours
 * @has_dependencies:  write a dependency file for make beside each header
 * @scratch:           for everything in between; borrowed
 * @problem:           after a failure, what to tell the user; lives as long as @scratch
 * @file, @outputs:    the generator's own: what it is at, and what it has written of it
 */
struct generator {
    const char *out_dir;
    const char *front_dir;
    bool is_proto_only;
    bool is_self_contained;
    bool has_dependencies;
    struct scratch *scratch;
    const char *problem;
    const struct idl_file *file;
    struct generated *outputs;
};

/* Returns 0, or something else and @problem is set. */
int generate(struct generator *generator, const struct idl_file *file);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is generated from one file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct idl_file;
struct proto_file;
struct proto_set;
struct scratch;

/**
 * struct generator - what to write and where to, and what went wrong
 * @out_dir:           below which everything is written, in the folders of the packages; borrowed
 * @front_dir:         NULL, or where a header of one line leads to the one below @out_dir; borrowed
 * @is_proto_only:     write the .proto of an IDL file and nothing else
 * @is_self_contained: headers hold their code (gen/c_inline.h), and there is no C file of ours
 * @scratch:           for everything in between; borrowed
 * @protos:            of all files so far; borrowed, its scratch must live as long
 * @written:           the newest of them whose .proto is written
 * @problem:           after a failure, what to tell the user; lives as long as @scratch
 */
struct generator {
    const char *out_dir;
    const char *front_dir;
    bool is_proto_only;
    bool is_self_contained;
    struct scratch *scratch;
    struct proto_set *protos;
    const struct proto_file *written;
    const char *problem;
};

/* All return 0, or something else and @problem is set. */
int generate(struct generator *generator, const struct idl_file *file);
int generate_protobuf(struct generator *generator, const struct idl_file *const files[],
                      size_t n_files);
int generate_dependencies(struct generator *generator, const struct idl_file *file);

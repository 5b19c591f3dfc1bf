/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of idlc, which is called nk-gen-c too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct idl_context;

/* What a run does. */
enum options_mode {
    OPTIONS_GENERATE,
    OPTIONS_PROTO_ONLY, /* generate, but only what protoc needs */
    OPTIONS_CHECK,      /* read and check, and write nothing */
    OPTIONS_FORMAT,     /* the canonical form of each file */
    OPTIONS_JSON,       /* the checked model */
};

/**
 * struct options - what the command line asks for
 * @context:          gets the import directories; borrowed
 * @mode:             what to do with the files
 * @is_check:         --check was given: with --format, say which files are not in that form
 * @is_in_place:      with --format: rewrite the files
 * @is_nk_gen_c:      called by that name: headers hold their code, and go where it put them
 * @has_dependencies: write a dependency file beside each header
 * @out_dir:          below which everything is written
 * @paths:            the files, in the order given; borrowed from the arguments of main()
 * @n_paths:          their number, at least 1
 */
struct options {
    struct idl_context *context;
    enum options_mode mode;
    bool is_check;
    bool is_in_place;
    bool is_nk_gen_c;
    bool has_dependencies;
    const char *out_dir;
    char **paths;
    size_t n_paths;
};

/* Ends the process when the command line is wrong, or asks for help only. */
void options_parse(struct options *options, struct idl_context *context, int argc, char *argv[]);

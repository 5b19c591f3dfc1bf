/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is generated from one file.
 */
#pragma once

struct idl_file;
struct scratch;

/**
 * struct generator - where to, and what went wrong
 * @out_dir: below which everything is written, in the folders of the packages; borrowed
 * @scratch: for everything in between; borrowed
 * @problem: after a failure, what to tell the user; lives as long as @scratch
 */
struct generator {
    const char *out_dir;
    struct scratch *scratch;
    const char *problem;
};

/* Returns 0, or something else and @problem is set. */
int generate(struct generator *generator, const struct idl_file *file);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where builds written for nk-gen-c look for what it makes of a file.
 */
#pragma once

struct idl_file;
struct scratch;

/* See struct generator. */
struct layout {
    const char *out_dir;
    const char *front_dir;
};

/* For `-o PATH`. */
struct layout layout_nk_gen_c(struct scratch *scratch, const char *path,
                              const struct idl_file *file);

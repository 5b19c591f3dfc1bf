/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protoc-c, which makes a .pb-c.h and a .pb-c.c of a .proto.
 */
#pragma once

#include <stddef.h>

/* Outcomes of running it (positive; 0 is success, negative is -errno). */
enum protoc_error {
    _PROTOC_E_SUCCESS,
    PROTOC_E_MISSING, /* it is not installed */
    PROTOC_E_FAILED,  /* it said on stderr what is wrong */
};

/* How many files one run takes: their names must fit into the arguments of a process. */
#define PROTOC_FILES_MAX 256

/* Both directories must exist; @protos are relative to the first one. */
int protoc_run(const char *proto_dir, const char *const protos[], size_t n_protos,
               const char *out_dir);

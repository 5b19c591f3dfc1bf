/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to make echo calls from one process to another: what is compared.
 */
#pragma once

#include <stddef.h>

/* @folder: an empty scratch folder that both processes may use, for sockets and the like
 * @payload: bytes of each request, and of its reply */
struct bench_case {
    const char *folder;
    size_t payload;
};

struct mechanism {
    const char *name;
    /* Serve until killed; in a process of its own. Calls @ready() once clients may connect. */
    int (*serve)(const struct bench_case *bench_case, void (*ready)(void));
    /* In the client's process. Return: a connection; NULL on error. */
    void *(*connect)(const struct bench_case *bench_case);
    /* Send bench_case->payload bytes from @out, get as many into @in. Return: 0, or -1. */
    int (*echo)(void *connection, const void *out, void *in);
    /* What is measured in place of calls: make one more connection, until both ends have it, and
     * end it; or have the server get a descriptor. Return: 0, or -1. May be NULL: then that is not
     * compared. */
    int (*meet)(const struct bench_case *bench_case);
};

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that a test runs in a shell.
 */
#pragma once

/* Runs @prologue and the commands behind it, which must succeed. Returns what they wrote to stdout,
 * until the next call. */
const char *shell_run(const char *prologue, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a developer asks for on the command line: programs under valgrind or gdbserver, stand-ins,
 * variables, an end in time. All but the last are changes of what init.yaml declares.
 */
#pragma once

#include <argp.h>
#include <stddef.h>

#include "locator/init_config.h"

#define DEVELOPER_ITEMS_MAX 64 /* of each option */

struct developer_list {
    const char *items[DEVELOPER_ITEMS_MAX];
    size_t n_items;
};

struct developer_options {
    struct developer_list environment;  /* NAME=VALUE */
    struct developer_list replacements; /* CLASS=EXECUTABLE */
    struct developer_list debugged;     /* tasks */
    struct developer_list checked;      /* tasks */
    unsigned timeout_s;                 /* 0: none */
    const char *log_folder;             /* NULL: none */
};

/* Parses them; its input is a struct developer_options. */
extern const struct argp developer_argp;

/* Both report what is wrong. Return: 0, or -1. */
int developer_replace(const struct developer_options *options, struct init_config *config);
int developer_wrap(const struct developer_options *options, struct init_config *config);
int developer_open_logs(const struct developer_options *options, int *ret_fd);
int developer_start_timeout(const struct developer_options *options);

/* SPDX-License-Identifier: Apache-2.0 */
/* Taking values out of the YAML tree, each with the error that says what was expected. */
#pragma once

#include <stddef.h>

#include "locator/init_host.h"
#include "locator/init_yaml.h"

/* Where to look and where to complain; lent to every function that reads. */
struct init_reader {
    const struct init_source *source;
    struct init_error *error;
    const char *const *header_dirs; /* where headers with names of channels are looked for */
    size_t n_header_dirs;
    const struct init_host *host; /* NULL: none */
};

/* A key that a map may have, and what takes its value. */
struct init_key {
    const char *name;
    int (*read)(const struct init_reader *reader, const struct init_yaml_node *value, void *out);
};

/* A value in a message: "'args'" or "an item of 'args'". */
struct init_described {
    char text[100];
};

struct init_described init_describe(const struct init_yaml_node *node);
const struct init_yaml_node *init_child(const struct init_yaml_node *map, const char *key);

int init_expect(const struct init_reader *reader, const struct init_yaml_node *node,
                enum init_yaml_kind kind);
int init_read_map(const struct init_reader *reader, const struct init_yaml_node *map,
                  const char *owner, const struct init_key *keys, size_t n_keys, void *out);
int init_check_name(const struct init_reader *reader, const struct init_yaml_node *node,
                    const char *name, size_t bytes_max);
int init_read_name(const struct init_reader *reader, const struct init_yaml_node *node,
                   size_t bytes_max, char **ret_name);

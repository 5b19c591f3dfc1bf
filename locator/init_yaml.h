/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The YAML of an init.yaml as a tree of our own: text, lists and maps with their positions.
 * Anchors, aliases, tags, duplicate keys, several documents and deep nesting are refused; a scalar
 * is its text, whatever it looks like.
 */
#pragma once

#include <stddef.h>

#include "locator/init_source.h"

#define INIT_YAML_DEPTH_MAX 16 /* lists and maps within each other */

enum init_yaml_kind {
    INIT_YAML_NOTHING, /* no value is written, as in `args:` */
    INIT_YAML_TEXT,
    INIT_YAML_LIST,
    INIT_YAML_MAP,
};

struct init_yaml_node {
    enum init_yaml_kind kind;
    struct init_position position;
    char *text; /* of TEXT: without NUL, UTF-8 */
    char *key;  /* of a value in a map */
    struct init_position key_position;
    const struct init_yaml_node *parent;
    struct init_yaml_node *children; /* of LIST and MAP, in the order of the file */
    size_t n_children;
    struct init_yaml_node *next;
};

int init_yaml_parse(const struct init_source *source, struct init_yaml_node **ret_root,
                    struct init_error *ret_error);
struct init_yaml_node *init_yaml_free(struct init_yaml_node *node);
void init_yaml_free_p(struct init_yaml_node **node);

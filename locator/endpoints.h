/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoints of one entity, as its program announced them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct endpoint_entry;

/* @complete: no more will come; what is not there does not exist */
struct endpoints {
    struct endpoint_entry *entries;
    size_t n_entries;
    bool complete;
};

void endpoints_deinit(struct endpoints *endpoints);
int endpoints_add(struct endpoints *endpoints, uint32_t riid, const char *name,
                  const char *class_name, const char *interface);
int endpoints_find_riid(const struct endpoints *endpoints, const char *name, uint32_t *ret_riid);
const char *endpoints_name(const struct endpoints *endpoints, size_t number);
const char *endpoints_find_interface(const struct endpoints *endpoints, uint32_t riid);

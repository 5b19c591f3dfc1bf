/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interfaces and entity classes that are linked into this process.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>

const struct capchan_component *announced_entity(void);
const struct capchan_endpoint *component_endpoint(const struct capchan_component *component,
                                                  nk_iid_t iid);
const struct capchan_method *announced_method(const char *interface, nk_mid_t mid);
bool announced_is_method(const char *interface, nk_mid_t mid, const struct capchan_method *method);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which line of a template a line of init.yaml was made from. Who expands a template to FILE writes
 * that to FILE.map: the path of the template, and then for each line of FILE a line with a number.
 */
#pragma once

#include "locator/init_error.h"

int init_origin_show(const char *path, struct init_error *error);

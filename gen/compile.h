/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All files of one run: read, checked, and turned into what the options ask for.
 */
#pragma once

#include "gen/status.h"

struct options;

/* Prints what is wrong on stderr. Nothing is written when one of the files is wrong. */
enum status compile(const struct options *options);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody else who is busy on every CPU.
 */
#pragma once

#include "tests/bench/support/family.h"

int stranger_start(struct family *family);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plain call only passes by: inlined, it would cost the call registers and stack all the
 * same.
 */
#pragma once

#define NOT_INLINE __attribute__((noinline))

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request of types.IAll.Scalars that takes most bytes on the wire.
 */
#pragma once

#include <types/IAll.idl.h>

#define SCALARS_LARGEST                                                                            \
    {                                                                                              \
        .u8 = UINT8_MAX, .u16 = UINT16_MAX, .u32 = UINT32_MAX, .u64 = UINT64_MAX, .s8 = INT8_MIN,  \
        .s16 = INT16_MIN, .s32 = INT32_MIN, .s64 = INT64_MIN                                       \
    }

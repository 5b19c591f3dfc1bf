/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/stdint.h - fixed-width integers under their rtl names */
#ifndef RTL_STDINT_H_
#define RTL_STDINT_H_

#include <rtl/stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t rtl_uint8_t;
typedef uint16_t rtl_uint16_t;
typedef uint32_t rtl_uint32_t;
typedef uint64_t rtl_uint64_t;
typedef int8_t rtl_int8_t;
typedef int16_t rtl_int16_t;
typedef int32_t rtl_int32_t;
typedef int64_t rtl_int64_t;
typedef uintptr_t rtl_uintptr_t;
typedef intptr_t rtl_intptr_t;

#define RTL_UINT8_C(value) UINT8_C(value)
#define RTL_UINT16_C(value) UINT16_C(value)
#define RTL_UINT32_C(value) UINT32_C(value)
#define RTL_UINT64_C(value) UINT64_C(value)
#define RTL_INT32_C(value) INT32_C(value)
#define RTL_INT64_C(value) INT64_C(value)

#ifdef __cplusplus
}
#endif

#endif

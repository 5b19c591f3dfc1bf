/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/stddef.h - NULL, sizes and offsets under their rtl names */
#ifndef RTL_STDDEF_H_
#define RTL_STDDEF_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef size_t rtl_size_t;
typedef ptrdiff_t rtl_ptrdiff_t;

#define RTL_NULL NULL
#define rtl_offsetof(type, member) offsetof(type, member)

#ifdef __cplusplus
}
#endif

#endif

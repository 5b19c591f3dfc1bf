/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/align.h - rounding to a multiple of a power of two */
#ifndef RTL_ALIGN_H_
#define RTL_ALIGN_H_

#define rtl_align_down(value, alignment) ((value) & ~((alignment)-1))
#define rtl_align_up(value, alignment) rtl_align_down((value) + (alignment)-1, (alignment))
#define rtl_is_aligned(value, alignment) (((value) & ((alignment)-1)) == 0)

#endif

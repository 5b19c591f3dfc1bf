/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/align.h - rounding to a multiple of a power of two */
#ifndef RTL_ALIGN_H_
#define RTL_ALIGN_H_

/** rtl_align_mask_() - the bits of @value below @alignment, in its type */
#define rtl_align_mask_(value, alignment) ((__typeof__((value) + 0))(alignment)-1)

#define rtl_align_down(value, alignment) ((value) & ~rtl_align_mask_((value), (alignment)))
#define rtl_align_up(value, alignment)                                                             \
    rtl_align_down((value) + rtl_align_mask_((value), (alignment)), (alignment))
#define rtl_is_aligned(value, alignment) (((value)&rtl_align_mask_((value), (alignment))) == 0)

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/minmax.h - the smaller and the larger of two values; arguments are evaluated once */
#ifndef RTL_MINMAX_H_
#define RTL_MINMAX_H_

#define rtl_min(a, b)                                                                              \
    (__extension__({                                                                               \
        __typeof__(a) rtl_a_ = (a);                                                                \
        __typeof__(b) rtl_b_ = (b);                                                                \
        rtl_a_ < rtl_b_ ? rtl_a_ : rtl_b_;                                                         \
    }))

#define rtl_max(a, b)                                                                              \
    (__extension__({                                                                               \
        __typeof__(a) rtl_a_ = (a);                                                                \
        __typeof__(b) rtl_b_ = (b);                                                                \
        rtl_a_ > rtl_b_ ? rtl_a_ : rtl_b_;                                                         \
    }))

#endif

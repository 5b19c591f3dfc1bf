/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/compiler.h - what differs between compilers */
#ifndef RTL_COMPILER_H_
#define RTL_COMPILER_H_

#define __rtl_unused __attribute__((unused))
#define __rtl_packed __attribute__((packed))
#define __rtl_noreturn __attribute__((noreturn))

#endif

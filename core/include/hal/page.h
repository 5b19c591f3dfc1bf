/* SPDX-License-Identifier: Apache-2.0 */
/**
 * hal/page.h - the size of a page of memory, as programs written for KasperskyOS know it
 *
 * The host's own is sysconf(_SC_PAGESIZE), a multiple of it.
 */
#ifndef HAL_PAGE_H_
#define HAL_PAGE_H_

#ifndef PAGE_SIZE
#define PAGE_SIZE 4096U
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/hal/hal_api.h - what the machine says about itself
 *
 * Source of the names: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_HAL_HAL_API_H_
#define CORESRV_HAL_HAL_API_H_

#include <rtl/retcode.h>
#include <rtl/stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * KnHalGetEnv() - a setting of the machine; on a host, a variable of the process's environment
 * @name:  "board" for example; borrowed
 * @value: filled in on success, with a NUL
 * @size:  bytes there are
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcResourceNotFound: there is none of that name; rcBufferTooSmall;
 * rcInvalidArgument: @name or @value is NULL.
 */
Retcode KnHalGetEnv(const char *name, char *value, rtl_size_t size);

#ifdef __cplusplus
}
#endif

#endif

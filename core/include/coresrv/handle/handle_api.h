/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/handle/handle_api.h - managing handles
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_HANDLE_HANDLE_API_H_
#define CORESRV_HANDLE_HANDLE_API_H_

#include <handle/handletype.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * KnHandleClose() - give a handle back
 * @handle: a handle of this process; stale from here on
 *
 * Closing either end of a static channel ends that channel for good: the other side gets
 * NK_ENOTCONN, calls in progress on the handle are broken off, and the locator does not hand the
 * channel out again.
 *
 * Context: any thread; waits for the broker, but for no other process.
 * Return:  rcOk; rcNoCapability: @handle is no handle of this process, or is stale.
 */
Retcode KnHandleClose(Handle handle);

#ifdef __cplusplus
}
#endif

#endif

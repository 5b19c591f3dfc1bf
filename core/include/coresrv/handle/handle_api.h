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
 * Closing either end of a channel ends that channel: the other side gets NK_ENOTCONN, and calls in
 * progress on the handle are broken off. For a static channel that is for good, the locator does
 * not hand it out again; a dynamic one can be asked for again with KnCmConnect(). The handle of a
 * channel whose server has ended is as good as any other until it is closed.
 *
 * Context: any thread; waits for the broker if @handle is a listener's, and for no other process.
 * Return:  rcOk; rcNoCapability: @handle is no handle of this process, or is stale.
 */
Retcode KnHandleClose(Handle handle);

#ifdef __cplusplus
}
#endif

#endif

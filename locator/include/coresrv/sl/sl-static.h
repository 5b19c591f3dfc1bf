/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/sl/sl-static.h - static channels under the names of KasperskyOS CE 1.4
 *
 * The published material says what the functions do and not what they look like; that is ours.
 */
#ifndef CORESRV_SL_SL_STATIC_H_
#define CORESRV_SL_SL_STATIC_H_

#include <coresrv/sl/sl_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * SLStaticResolveHandle() - get this process's end of a static channel
 * @channel: its id in init.yaml; borrowed
 *
 * What ServiceLocatorConnect() returns or, where @channel leads to this process and not from it,
 * ServiceLocatorRegister().
 *
 * Context: any thread; waits for the broker only.
 * Return:  a handle, owned by the caller; INVALID_HANDLE: neither has one.
 */
Handle SLStaticResolveHandle(const char *channel);

/** SLStaticResolveRiid() - the same as ServiceLocatorGetRiid() */
nk_iid_t SLStaticResolveRiid(Handle channel, const char *endpoint);

#ifdef __cplusplus
}
#endif

#endif

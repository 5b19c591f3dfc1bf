/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/sl/sl-static.h - static channels under the names of KasperskyOS CE 1.4
 *
 * The published material says what the functions do and not what they look like; that is ours.
 * What lists the endpoints of servers has no published name, and is not here.
 */
#ifndef CORESRV_SL_SL_STATIC_H_
#define CORESRV_SL_SL_STATIC_H_

#include <coresrv/sl/sl_api.h>
#include <rtl/stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Room for the id of a channel with its NUL. */
#define SL_STATIC_NAME_SIZE 1024

/** A static channel that leads to this process. */
typedef struct SLStaticServerChannel {
    char name[SL_STATIC_NAME_SIZE]; /**< its id in init.yaml */
    Handle handle;                  /**< its listener */
} SLStaticServerChannel;

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

/**
 * SLStaticGetServerChannels() - get all static channels that lead to this process
 * @channels: filled in, in no order; borrowed; may be NULL if @countMax is 0
 * @countMax: how many there is room for
 * @count:    set to how many were filled in or, if that is more than @countMax, are needed;
 * borrowed
 *
 * Each handle is what ServiceLocatorRegister() returns for the channel: the process serves it from
 * now on. A channel that has ended, whose listener was closed, is left out.
 *
 * Context: any thread; waits for the broker only.
 * Rights:  a channel leads to the process if a connection of init.yaml names it as its target.
 * Return:  rcOk, the handles are owned by the caller; rcBufferTooSmall: @count says how many there
 * may be; rcInvalidArgument: @channels or @count is NULL; rcNotReady: the process has no broker;
 * rcQuotaExceeded: it has too many handles or requests; rcOutOfMemory. When a handle cannot be had,
 * those before it stay open, and are returned again the next time.
 */
Retcode SLStaticGetServerChannels(SLStaticServerChannel *channels, rtl_size_t countMax,
                                  rtl_size_t *count);

/**
 * SLStaticAllocateAndGetServerChannels() - the same, with room for all of them
 * @channels: set to an array owned by the caller, to be given back with
 * SLStaticFreeServerChannels(); to NULL if there are none, and on failure
 * @count:    set to how many there are; borrowed
 *
 * Context: any thread; waits for the broker only.
 * Return:  as SLStaticGetServerChannels(), but for rcBufferTooSmall.
 */
Retcode SLStaticAllocateAndGetServerChannels(SLStaticServerChannel **channels, rtl_size_t *count);

/**
 * SLStaticFreeServerChannels() - free an array
 * @channels: consumed; NULL does nothing
 *
 * The handles in it stay open.
 *
 * Context: any thread; does not block.
 */
void SLStaticFreeServerChannels(SLStaticServerChannel *channels);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/sl/sl-static.h>

#include <stddef.h>

Handle SLStaticResolveHandle(const char *channel)
{
    Handle handle = ServiceLocatorConnect(channel);

    return handle != INVALID_HANDLE ? handle : ServiceLocatorRegister(channel, NULL, 0, NULL);
}

nk_iid_t SLStaticResolveRiid(Handle channel, const char *endpoint)
{
    return ServiceLocatorGetRiid(channel, endpoint);
}

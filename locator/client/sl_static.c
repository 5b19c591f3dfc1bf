/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/sl/sl-static.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/session.h"
#include "core/static_channel.h"

_Static_assert(SL_STATIC_NAME_SIZE == LOCATOR_NAME_BYTES_MAX + 1, "each id has room");

Handle SLStaticResolveHandle(const char *channel)
{
    Handle handle = ServiceLocatorConnect(channel);

    return handle != INVALID_HANDLE ? handle : ServiceLocatorRegister(channel, NULL, 0, NULL);
}

nk_iid_t SLStaticResolveRiid(Handle channel, const char *endpoint)
{
    return ServiceLocatorGetRiid(channel, endpoint);
}

/*
 * find_served() - the id of channel number @i of those that lead here
 * @ret_count: how many these are
 *
 * Return: 0; ERROR_NOT_FOUND: they are no more than @i; as session_request().
 */
static int find_served(uint32_t i, struct session_message *ret_served, rtl_size_t *ret_count)
{
    int fd;

    int r = session_request(SESSION_SERVED, INVALID_HANDLE, i, NULL, ret_served, &fd);
    if (r == 0) {
        *ret_count = ret_served->head.riid;
    }
    return r;
}

/* count_served() - how many channels lead here */
static int count_served(rtl_size_t *ret_count)
{
    struct session_message served;

    *ret_count = 0;
    int r = find_served(0, &served, ret_count);
    return r == ERROR_NOT_FOUND ? 0 : r;
}

/* get_served() - fill in @n of @channels; what has ended counts in @n, and takes no room */
static int get_served(SLStaticServerChannel *channels, rtl_size_t n, rtl_size_t *ret_count)
{
    struct session_message served;
    rtl_size_t n_declared;
    int r = 0;

    *ret_count = 0;
    for (uint32_t i = 0; i < n && r == 0; i++) {
        SLStaticServerChannel *channel = &channels[*ret_count];
        r = find_served(i, &served, &n_declared);
        if (r == 0) {
            memcpy(channel->name, served.strings[0], strlen(served.strings[0]) + 1);
            r = static_channel_open(SESSION_REGISTER, channel->name, &channel->handle);
            *ret_count += r == 0;
            r = r == ERROR_NOT_CONNECTED ? 0 : r;
        }
    }
    return r;
}

Retcode SLStaticGetServerChannels(SLStaticServerChannel *channels, rtl_size_t countMax,
                                  rtl_size_t *count)
{
    rtl_size_t n;

    if (count == NULL || (channels == NULL && countMax > 0)) {
        return rcInvalidArgument;
    }
    int r = count_served(&n);
    if (r == 0 && n > countMax) {
        *count = n;
        return rcBufferTooSmall;
    }
    return error_to_retcode(r == 0 ? get_served(channels, n, count) : r);
}

Retcode SLStaticAllocateAndGetServerChannels(SLStaticServerChannel **channels, rtl_size_t *count)
{
    rtl_size_t n;

    if (channels == NULL || count == NULL) {
        return rcInvalidArgument;
    }
    *channels = NULL;
    *count = 0;
    int r = count_served(&n);
    if (r != 0 || n == 0) {
        return error_to_retcode(r);
    }
    SLStaticServerChannel *room = calloc(n, sizeof(*room));
    r = room != NULL ? get_served(room, n, count) : -ENOMEM;
    if (r != 0 || *count == 0) {
        free(room);
        *count = 0;
        return error_to_retcode(r);
    }
    *channels = room;
    return rcOk;
}

void SLStaticFreeServerChannels(SLStaticServerChannel *channels)
{
    free(channels);
}

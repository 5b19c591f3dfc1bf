/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/time/time_api.h>

#include <time.h>

Retcode KnGetSystemTime(RtlTimeSpec *time)
{
    struct timespec now;

    if (time == NULL) {
        return rcInvalidArgument;
    }
    (void)clock_gettime(CLOCK_REALTIME, &now);
    time->sec = now.tv_sec;
    time->nsec = now.tv_nsec;
    return rcOk;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/thread/thread_api.h>

#include <errno.h>
#include <time.h>

#define DAY_S 86400

/* sleep_for() - whatever signals come meanwhile */
static void sleep_for(struct timespec time)
{
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) == EINTR) {
    }
}

Retcode KnSleep(rtl_uint32_t milliseconds)
{
    if (milliseconds == INFINITE_TIMEOUT) {
        for (;;) {
            sleep_for((struct timespec){.tv_sec = DAY_S});
        }
    }
    sleep_for((struct timespec){.tv_sec = milliseconds / 1000,
                                .tv_nsec = (long)(milliseconds % 1000) * 1000000});
    return rcOk;
}

rtl_uint64_t KnGetMSecSinceStart(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (rtl_uint64_t)now.tv_sec * 1000 + (rtl_uint64_t)now.tv_nsec / 1000000;
}

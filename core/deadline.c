/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deadline.h"

#define NS_PER_MS 1000000L
#define NS_PER_S 1000000000L

struct timespec deadline_after(rtl_uint32_t timeout_ms)
{
    struct timespec deadline;

    (void)clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += (time_t)(timeout_ms / 1000);
    deadline.tv_nsec += (long)(timeout_ms % 1000) * NS_PER_MS;
    if (deadline.tv_nsec >= NS_PER_S) {
        deadline.tv_sec++;
        deadline.tv_nsec -= NS_PER_S;
    }
    return deadline;
}

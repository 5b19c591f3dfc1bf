/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the functions of <kos/...> that stand on pthreads return.
 */
#pragma once

#include <errno.h>
#include <rtl/retcode.h>

/* sync_result() - for what a pthread function returned */
static inline Retcode sync_result(int r)
{
    switch (r) {
    case 0:
        return rcOk;
    case EBUSY:
        return rcBusy;
    case ETIMEDOUT:
        return rcTimeout;
    case EPERM:
    case EDEADLK:
        return rcInvalidOperation;
    default:
        return rcQuotaExceeded; /* EAGAIN */
    }
}

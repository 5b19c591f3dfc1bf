/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/time/time_api.h - the time of day
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_TIME_TIME_API_H_
#define CORESRV_TIME_TIME_API_H_

#include <coresrv/time/timeout.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct RtlTimeSpec - a time
 * @sec:  seconds since 1970-01-01 00:00:00 UTC, without leap seconds
 * @nsec: nanoseconds, 0 to 999,999,999
 */
typedef struct RtlTimeSpec {
    rtl_int64_t sec;
    rtl_int64_t nsec;
} RtlTimeSpec;

/**
 * KnGetSystemTime() - what time it is
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcInvalidArgument: @time is NULL.
 */
Retcode KnGetSystemTime(RtlTimeSpec *time);

#ifdef __cplusplus
}
#endif

#endif

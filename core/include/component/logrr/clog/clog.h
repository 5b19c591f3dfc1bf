/* SPDX-License-Identifier: Apache-2.0 */
/**
 * component/logrr/clog/clog.h - a program's log
 *
 *     ClogInit("server");
 *     CLOG(INFO, "%u requests", count);      prints  [INFO] server: 7 requests
 *
 * The names are those of KasperskyOS CE 1.4, where a log server takes the lines. Here they go to
 * standard error.
 */
#ifndef COMPONENT_LOGRR_CLOG_CLOG_H_
#define COMPONENT_LOGRR_CLOG_CLOG_H_

#include <kos/trace.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef __unused
#define __unused __attribute__((unused))
#endif

/**
 * ClogInit() - say who logs
 * @tag: copied; what is longer than 63 bytes is cut off
 *
 * Context: before other threads log.
 * Return:  rcOk; rcInvalidArgument: @tag is NULL.
 */
Retcode ClogInit(const char *tag);

/** clog_tag_() - what ClogInit() was given; "" before */
const char *clog_tag_(void);

/** CLOG() - log one line; @level is a word, what follows is as for printf() */
#define CLOG(level, ...) kos_trace_(#level, clog_tag_(), __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif

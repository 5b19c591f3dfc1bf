/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/trace.h - messages for who develops
 *
 *     INFO("House", "%d rings", count);      prints  [INFO] House: 3 rings
 *
 * To standard error, each as one line that no other thread's output gets into. The names are those
 * of KasperskyOS CE; how a message looks is ours.
 */
#ifndef KOS_TRACE_H_
#define KOS_TRACE_H_

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * kos_trace_() - what the macros below call
 * @level:  a word
 * @tag:    who says it; borrowed
 * @format: as for printf(); a newline at its end makes no empty line
 *
 * errno stays what it was.
 *
 * Context: any thread; blocks as long as standard error does.
 */
void kos_trace_(const char *level, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What was defined before, as by -D DEBUG, gives way. */
#undef DEBUG
#undef INFO
#undef WARN
#undef ERR
#undef ERROR
#define DEBUG(tag, ...) kos_trace_("DEBUG", (tag), __VA_ARGS__)
#define INFO(tag, ...) kos_trace_("INFO", (tag), __VA_ARGS__)
#define WARN(tag, ...) kos_trace_("WARN", (tag), __VA_ARGS__)
#define ERR(tag, ...) kos_trace_("ERROR", (tag), __VA_ARGS__)
#define ERROR(tag, ...) kos_trace_("ERROR", (tag), __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif

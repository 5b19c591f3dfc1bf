/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process built with CAPCHAN_STEPS does at the steps of core/step.h, as its environment
 * says:
 *
 *     CAPCHAN_STEP=list  print "step NAME" for each, the first STEP_LISTED times
 *     CAPCHAN_STEP=NAME  print "step NAME at NANOSECONDS" and be killed there, after
 *     CAPCHAN_SKIP=N     has been there so many times
 *     CAPCHAN_FORK=1     and leave a child behind, which has all descriptors
 */
#pragma once

#include <stdint.h>

#define STEP_LISTED 50

void step_reached(const char *name);
int64_t step_now_ns(void);

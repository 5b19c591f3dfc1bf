/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a call, each of which may be the last one of its process. Nothing is left of them
 * but in a build with CAPCHAN_STEPS, where a test provides step_reached() and has the process
 * killed.
 */
#pragma once

#ifdef CAPCHAN_STEPS
void step_reached(const char *name);
#define STEP(name) step_reached(name)
#else
#define STEP(name)
#endif

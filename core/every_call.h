/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every call passes lies side by side: after a rest the processor has to fetch all of it, and
 * fewer lines and pages are sooner there.
 */
#pragma once

#define EVERY_CALL __attribute__((hot))

/* Variables that it looks at, likewise. */
#define EVERY_CALL_DATA __attribute__((section(".data.every_call")))

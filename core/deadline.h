/* SPDX-License-Identifier: Apache-2.0 */
/* When a wait of so many milliseconds from now ends. */
#pragma once

#include <rtl/stdint.h>
#include <time.h>

/* On CLOCK_MONOTONIC; @timeout_ms is not INFINITE_TIMEOUT. */
struct timespec deadline_after(rtl_uint32_t timeout_ms);

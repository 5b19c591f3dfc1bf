/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How soon a handle that was taken back is good for nothing.
 */
#pragma once

#include "tests/bench/support/run.h"

/*
 * @n:           how often it was done
 * @refused_p50_us, @refused_p99_us: from the return of KnHandleRevoke() until the holder, who calls
 *               without rest, is refused; 0 if that was before
 * @revoke_us:   what KnHandleRevoke() takes itself, on average
 */
struct revocation {
    unsigned n;
    double refused_p50_us;
    double refused_p99_us;
    double revoke_us;
};

int revocation_measure(const struct run_setting *setting, unsigned n,
                       struct revocation *ret_figures);

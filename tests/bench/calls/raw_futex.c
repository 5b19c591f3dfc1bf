/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The raw channel whose sides wait like this: each sleeps at once.
 */
#include "tests/bench/calls/mechanisms.h"
#include "tests/bench/calls/raw_channel.h"

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    return raw_serve(bench_case, ready, false);
}

static void *connect_to(const struct bench_case *bench_case)
{
    return raw_connect(bench_case, false);
}

const struct mechanism mechanism_raw_futex = {
    .name = "raw futex", .serve = serve, .connect = connect_to, .echo = raw_echo};

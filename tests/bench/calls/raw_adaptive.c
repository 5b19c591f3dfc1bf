/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The raw channel whose sides wait like this: each looks at the memory for a while, unless the peer
 * is on the same CPU.
 */
#include "tests/bench/calls/mechanisms.h"
#include "tests/bench/calls/raw_channel.h"

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    return raw_serve(bench_case, ready, true);
}

static void *connect_to(const struct bench_case *bench_case)
{
    return raw_connect(bench_case, true);
}

const struct mechanism mechanism_raw_adaptive = {
    .name = "raw adaptive", .serve = serve, .connect = connect_to, .echo = raw_echo};

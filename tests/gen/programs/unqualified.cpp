/* SPDX-License-Identifier: Apache-2.0 */
#include "unqualified.h"

int main()
{
    struct Ping : IPing {
    } ping;
    IPing_ops ops{};

    ops.FPing = fping;
    ping.ops = &ops;
    return serve(INVALID_HANDLE, &ping) + call(nullptr);
}

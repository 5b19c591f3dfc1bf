/* SPDX-License-Identifier: Apache-2.0 */
#include "unqualified.h"

int main(void)
{
    static const struct IPing_ops ops = {.FPing = fping};
    struct IPing ping = {&ops};

    return serve(INVALID_HANDLE, &ping) + call(NULL);
}

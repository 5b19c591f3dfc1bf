/* SPDX-License-Identifier: Apache-2.0 */
#define NK_USE_UNQUALIFIED_NAMES
#include <echo/Client.edl.h>
#include <echo/Server.edl.h>

extern "C" const void *inlined_other_stub();
extern "C" const void *inlined_other_descriptor();

extern "C" const void *inlined_other_stub()
{
    return &IPing_interface_stub_;
}

extern "C" const void *inlined_other_descriptor()
{
    return &echo__iping__fping_req__descriptor;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second object of a program that is built from headers alone; inlined.cpp is the third. Prints
 * whether the copies of the code that all of them have became one.
 */
#include <stdio.h>

#include <echo/Client.edl.h>
#include <echo/Server.edl.h>

const void *inlined_other_stub(void);
const void *inlined_other_descriptor(void);

__attribute__((constructor)) static void compare(void)
{
    int is_one = inlined_other_stub() == &echo_IPing_interface_stub_ &&
                 inlined_other_descriptor() == &echo__iping__fping_req__descriptor;

    fprintf(stderr, "the copies are %s\n", is_one ? "one" : "several");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/descriptor_limit.h"

#include <stdbool.h>
#include <sys/resource.h>

static bool raised;
static rlim_t before;

/* descriptor_limit_raise() - raise the soft limit to the hard one; a failure only means less room
 */
void descriptor_limit_raise(void)
{
    struct rlimit limit;

    if (!raised && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        before = limit.rlim_cur;
        raised = true;
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* descriptor_limit_restore() - give a child what its program would have got without us */
void descriptor_limit_restore(void)
{
    struct rlimit limit;

    if (raised && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = before;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

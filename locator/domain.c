/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes of one user may trace each other, which includes taking each other's descriptors with
 * pidfd_getfd(): a session would be a capability that any sibling can steal. The kernel refuses
 * that between Landlock domains. What the domain says about files is beside the point, so it allows
 * everything that it mentions.
 */
#include "locator/domain.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"

/* A domain must mention something; moving files between folders is refused unless it is allowed. */
#define MENTIONED (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_REFER)

/*
 * domain_enter() - put this process and all that it will execute into a new domain
 *
 * The process must have no_new_privs. Processes outside, a debugger too, can still look in.
 *
 * Return: 0, also where the kernel has no Landlock of this kind; negative errno.
 */
int domain_enter(void)
{
    const struct landlock_ruleset_attr rules = {.handled_access_fs = MENTIONED};

    CLEANUP(fd_close_p)
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    if (ruleset < 0) {
        return errno == ENOSYS || errno == EOPNOTSUPP || errno == EINVAL ? 0 : -errno;
    }
    CLEANUP(fd_close_p) int root = open("/", O_PATH | O_CLOEXEC);
    const struct landlock_path_beneath_attr everywhere = {.allowed_access = MENTIONED,
                                                          .parent_fd = root};
    if (root < 0 ||
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &everywhere, 0) < 0 ||
        syscall(SYS_landlock_restrict_self, ruleset, 0) < 0) {
        return -errno;
    }
    return 0;
}

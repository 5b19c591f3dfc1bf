/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/cleanup.h"

static void cap_free_p(void *pointer)
{
    cap_free(*(void **)pointer);
}

static bool is_kept(cap_value_t capability, const cap_value_t *kept, size_t n_kept)
{
    for (size_t i = 0; i < n_kept; i++) {
        if (kept[i] == capability) {
            return true;
        }
    }
    return false;
}

/* keep_sets() - the inheritable, permitted and effective sets */
static int keep_sets(const cap_value_t *kept, size_t n_kept)
{
    CLEANUP(cap_free_p) cap_t sets = cap_init();

    if (sets == NULL) {
        return -errno;
    }
    if (n_kept > 0 && (cap_set_flag(sets, CAP_INHERITABLE, (int)n_kept, kept, CAP_SET) < 0 ||
                       cap_set_flag(sets, CAP_PERMITTED, (int)n_kept, kept, CAP_SET) < 0 ||
                       cap_set_flag(sets, CAP_EFFECTIVE, (int)n_kept, kept, CAP_SET) < 0)) {
        return -errno;
    }
    return cap_set_proc(sets) < 0 ? -errno : 0;
}

/* may_lower_bounds() - make CAP_SETPCAP effective. Return: whether the process has it. */
static bool may_lower_bounds(void)
{
    const cap_value_t needed = CAP_SETPCAP;
    CLEANUP(cap_free_p) cap_t sets = cap_get_proc();

    return sets != NULL && cap_set_flag(sets, CAP_EFFECTIVE, 1, &needed, CAP_SET) == 0 &&
           cap_set_proc(sets) == 0;
}

/*
 * keep_bounds() - the bounding set
 *
 * Only a process with CAP_SETPCAP can lower it. Without that there is nothing to gain for what it
 * executes either, as no_new_privs takes care of file capabilities and set-user-id programs.
 */
static int keep_bounds(const cap_value_t *kept, size_t n_kept)
{
    if (!may_lower_bounds()) {
        return 0;
    }
    for (cap_value_t capability = 0; CAP_IS_SUPPORTED(capability); capability++) {
        if (!is_kept(capability, kept, n_kept) && cap_drop_bound(capability) < 0) {
            return -errno;
        }
    }
    return 0;
}

/*
 * privileges_keep_only() - empty every capability set of this process but for @capabilities, for
 * good
 *
 * What is kept survives execve(), also of a process that is not root.
 *
 * Return: 0; -EPERM: the process does not have a capability that is to be kept; negative errno.
 */
int privileges_keep_only(const cap_value_t *capabilities, size_t n_capabilities)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || cap_reset_ambient() < 0) {
        return -errno;
    }
    int r = keep_bounds(capabilities, n_capabilities);
    if (r == 0) {
        r = keep_sets(capabilities, n_capabilities);
    }
    for (size_t i = 0; r == 0 && i < n_capabilities; i++) {
        r = cap_set_ambient(capabilities[i], CAP_SET) < 0 ? -errno : 0;
    }
    return r;
}

/* parse_id() - a number as it is written, if @text is one */
static bool parse_id(const char *text, unsigned long *ret_id)
{
    char *end;

    errno = 0;
    *ret_id = strtoul(text, &end, 10);
    return errno == 0 && *end == '\0' && text[0] >= '0' && text[0] <= '9' &&
           *ret_id < (unsigned long)UINT32_MAX;
}

/* find_user() - the numbers of a user; the group of a user given by number is that number, unless
 * it has a name */
static int find_user(const char *user, uid_t *ret_uid, gid_t *ret_gid)
{
    unsigned long id;
    bool numeric = parse_id(user, &id);
    const struct passwd *entry = numeric ? getpwuid((uid_t)id) : getpwnam(user);

    if (entry == NULL && !numeric) {
        return -ENOENT;
    }
    *ret_uid = entry != NULL ? entry->pw_uid : (uid_t)id;
    *ret_gid = entry != NULL ? entry->pw_gid : (gid_t)id;
    return 0;
}

static int find_group(const char *group, gid_t *ret_gid)
{
    unsigned long id;

    if (parse_id(group, &id)) {
        *ret_gid = (gid_t)id;
        return 0;
    }
    const struct group *entry = getgrnam(group);
    if (entry == NULL) {
        return -ENOENT;
    }
    *ret_gid = entry->gr_gid;
    return 0;
}

/*
 * privileges_change_user() - become another user, without supplementary groups
 * @user:  name or number, or NULL to keep the user
 * @group: name or number, or NULL for the group of @user
 *
 * Capabilities stay as they are, to be given up by privileges_keep_only().
 *
 * Return: 0; -ENOENT: no such user or group; -EPERM; negative errno.
 */
int privileges_change_user(const char *user, const char *group)
{
    uid_t uid = getuid();
    gid_t gid = getgid();
    int r = 0;

    if (user == NULL && group == NULL) {
        return 0;
    }
    if (user != NULL) {
        r = find_user(user, &uid, &gid);
    }
    if (r == 0 && group != NULL) {
        r = find_group(group, &gid);
    }
    if (r != 0) {
        return r;
    }
    if (cap_setgroups(gid, 0, NULL) < 0 || cap_setuid(uid) < 0) {
        return -errno;
    }
    return 0;
}

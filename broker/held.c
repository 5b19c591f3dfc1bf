/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process can make itself a user namespace and hold every capability in there. Those are worth
 * nothing, but the kernel reports them like others. So only what was declared for the entity
 * counts, which is all that it can have of the real ones, and only while it is in our namespace.
 */
#include "broker/held.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"

#define MAP_BYTES_MAX 4096

/* held_bits() - a list of capabilities as bits, in which all that libcap knows has room */
uint64_t held_bits(const cap_value_t *capabilities, size_t n_capabilities)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < n_capabilities; i++) {
        bits |= UINT64_C(1) << capabilities[i];
    }
    return bits;
}

static void cap_free_p(cap_t *pointer)
{
    cap_free(*pointer);
}

/* effective() - those of @declared that are in the effective set of @pid, of its first thread */
static uint64_t effective(pid_t pid, const cap_value_t *declared, size_t n_declared)
{
    CLEANUP(cap_free_p) cap_t sets = cap_get_pid(pid);
    uint64_t bits = 0;

    for (size_t i = 0; sets != NULL && i < n_declared; i++) {
        cap_flag_value_t value;
        if (cap_get_flag(sets, declared[i], CAP_EFFECTIVE, &value) == 0 && value == CAP_SET) {
            bits |= UINT64_C(1) << declared[i];
        }
    }
    return bits;
}

/* read_map() - which users a process's namespace has. Return: whether it could be read. */
static bool read_map(const char *path, char map[MAP_BYTES_MAX])
{
    CLEANUP(fd_close_p) int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, map, MAP_BYTES_MAX - 1) : -1;

    if (n <= 0) {
        return false;
    }
    map[n] = '\0';
    return true;
}

/*
 * is_in_our_namespace() - whether @pid has not made itself a user namespace
 *
 * To see the namespace itself takes a capability; the map of its users anybody may read, and nobody
 * without privileges can give a new namespace the map of the first one.
 */
static bool is_in_our_namespace(pid_t pid)
{
    char ours[MAP_BYTES_MAX];
    char theirs[MAP_BYTES_MAX];
    char path[64];

    (void)snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
    return read_map("/proc/self/uid_map", ours) && read_map(path, theirs) &&
           strcmp(ours, theirs) == 0;
}

/*
 * held_by_process() - the effective capabilities of a child of ours
 * @pidfd:    of it: what is read of another process that got its number meanwhile does not count
 * @declared: what it was launched with; nothing else counts
 *
 * Return: as bits; 0 also if the process has ended, or cannot be read.
 */
uint64_t held_by_process(pid_t pid, int pidfd, const cap_value_t *declared, size_t n_declared)
{
    if (n_declared == 0 || pidfd < 0) {
        return 0;
    }
    uint64_t bits = effective(pid, declared, n_declared);
    bool is_ours = is_in_our_namespace(pid);
    bool is_there = syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0;
    return is_ours && is_there ? bits : 0;
}

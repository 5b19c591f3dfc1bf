/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/vmm/vmm_api.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/mapping.h"

static bool is_good(const void *addr, rtl_size_t size)
{
    return size > 0 && (uintptr_t)addr % (uintptr_t)sysconf(_SC_PAGESIZE) == 0;
}

/* result_of() - of a system call that says -1 and errno */
static Retcode result_of(int r)
{
    if (r == 0) {
        return rcOk;
    }
    return errno == ENOMEM || errno == EAGAIN ? rcOutOfMemory : rcInvalidArgument;
}

void *KnVmAllocate(void *addr, rtl_size_t size, int flags)
{
    bool is_committed = (flags & VMM_FLAG_COMMIT) != 0;
    int map = MAP_PRIVATE | MAP_ANONYMOUS | (is_committed ? 0 : MAP_NORESERVE) |
              (addr != RTL_NULL ? MAP_FIXED_NOREPLACE : 0);

    if (!is_good(addr, size) || (flags & (VMM_FLAG_COMMIT | VMM_FLAG_RESERVE)) == 0) {
        return RTL_NULL;
    }
    void *pages =
        mmap(addr, size, is_committed ? mapping_protection(flags) : PROT_NONE, map, -1, 0);
    if (pages == MAP_FAILED) {
        return RTL_NULL;
    }
    if (addr != RTL_NULL && pages != addr) { /* a kernel that does not know MAP_FIXED_NOREPLACE */
        (void)munmap(pages, size);
        return RTL_NULL;
    }
    if (is_committed && (flags & VMM_FLAG_LOCKED) != 0) {
        (void)mlock(pages, size);
    }
    return pages;
}

Retcode KnVmCommit(void *addr, rtl_size_t size, int flags)
{
    return KnVmProtect(addr, size, flags);
}

Retcode KnVmDecommit(void *addr, rtl_size_t size)
{
    if (!is_good(addr, size)) {
        return rcInvalidArgument;
    }
    (void)munlock(addr, size); /* else its memory would stay */
    Retcode rc = result_of(madvise(addr, size, MADV_DONTNEED));
    return rc == rcOk ? result_of(mprotect(addr, size, PROT_NONE)) : rc;
}

Retcode KnVmProtect(void *addr, rtl_size_t size, int flags)
{
    return is_good(addr, size) ? result_of(mprotect(addr, size, mapping_protection(flags)))
                               : rcInvalidArgument;
}

Retcode KnVmUnmap(void *addr, rtl_size_t size)
{
    return is_good(addr, size) ? result_of(mapping_unmap(addr, size)) : rcInvalidArgument;
}

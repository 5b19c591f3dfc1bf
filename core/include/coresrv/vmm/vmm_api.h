/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/vmm/vmm_api.h - pages of memory of the calling process
 *
 * The published material that we have names the flags and not the functions' parameters or any
 * number: those are ours. Pages are the host's, sysconf(_SC_PAGESIZE) bytes; sizes are rounded up
 * to whole ones. Without a broker, too. Memory that processes share (KnPmm...) there is not.
 */
#ifndef CORESRV_VMM_VMM_API_H_
#define CORESRV_VMM_VMM_API_H_

#include <rtl/retcode.h>
#include <rtl/stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What may be done with the pages. */
#define VMM_FLAG_READ 0x1
#define VMM_FLAG_WRITE 0x2
#define VMM_FLAG_EXECUTE 0x4
#define VMM_FLAG_RWX_MASK 0x7

/** Addresses alone, which may not be touched; addresses with memory. */
#define VMM_FLAG_RESERVE 0x10
#define VMM_FLAG_COMMIT 0x20

/** Memory that is there from the start and stays, as far as the host's limits allow. */
#define VMM_FLAG_LOCKED 0x40

/** How the processor caches it, which is the host's own affair: no effect. */
#define VMM_FLAG_WRITE_BACK 0x100
#define VMM_FLAG_CACHE_DISABLE 0x200

/**
 * KnVmAllocate() - get pages, filled with zeros
 * @addr:  where, at the beginning of a page and where nothing is; or RTL_NULL for anywhere
 * @size:  bytes, not 0
 * @flags: VMM_FLAG_COMMIT, with what may be done with the pages, or VMM_FLAG_RESERVE, or both
 *
 * Context: any thread; does not block.
 * Return:  the first byte, to be given back with KnVmUnmap(); RTL_NULL: a bad argument, or no
 * memory.
 */
void *KnVmAllocate(void *addr, rtl_size_t size, int flags);

/**
 * KnVmCommit() - put memory behind addresses that were reserved
 * @addr:  beginning of a page of KnVmAllocate()
 * @size:  bytes, not 0
 * @flags: what may be done with the pages
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcInvalidArgument: @addr begins no page, @size is 0, or the host forbids @flags;
 * rcOutOfMemory: no memory, or there are no such pages.
 */
Retcode KnVmCommit(void *addr, rtl_size_t size, int flags);

/** KnVmDecommit() - give the memory back and keep the addresses. Return: as KnVmCommit(). */
Retcode KnVmDecommit(void *addr, rtl_size_t size);

/** KnVmProtect() - change what may be done with pages. Return: as KnVmCommit(). */
Retcode KnVmProtect(void *addr, rtl_size_t size, int flags);

/** KnVmUnmap() - give pages back, with their addresses. Return: as KnVmCommit(). */
Retcode KnVmUnmap(void *addr, rtl_size_t size);

#ifdef __cplusplus
}
#endif

#endif

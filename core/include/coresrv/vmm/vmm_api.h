/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/vmm/vmm_api.h - pages of memory of the calling process, and memory that processes share
 *
 * The published material that we have names functions and flags, and neither parameters nor any
 * number: those are ours. Pages are the host's, sysconf(_SC_PAGESIZE) bytes; sizes are rounded up
 * to whole ones. KnVm... work without a broker, too.
 */
#ifndef CORESRV_VMM_VMM_API_H_
#define CORESRV_VMM_VMM_API_H_

#include <handle/handletype.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <services/ocap.h>

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

/** KnVmDecommit() - give the memory back and keep the addresses; pages of KnPmmMdlMap() keep what
 * is in them. Return: as KnVmCommit(). */
Retcode KnVmDecommit(void *addr, rtl_size_t size);

/** KnVmProtect() - change what may be done with pages. Return: as KnVmCommit(). */
Retcode KnVmProtect(void *addr, rtl_size_t size, int flags);

/**
 * KnVmUnmap() - give pages back, with their addresses; those of KnPmmMdlMap(), too
 * @addr: beginning of a page
 * @size: bytes, not 0
 *
 * Once some pages of a mapping have been unmapped so, the others are to be as well: closing the
 * handle of the mapping unmaps nothing any more, and is still due.
 *
 * Context: any thread; does not block.
 * Return:  as KnVmCommit().
 */
Retcode KnVmUnmap(void *addr, rtl_size_t size);

/*
 * Memory objects: the process that makes one can write it, all others that are given a handle read
 * it, in place. Both have the pages mapped, and see them change under their eyes: what is read
 * twice may be different each time, and to agree on when is up to the two.
 *
 * Nobody but the maker ever writes: the kernel forbids it (memfd_create(2), F_SEAL_FUTURE_WRITE),
 * whatever a reader does with its mapping. Nobody changes the size or takes pages away, so reading
 * what is mapped cannot fail. A handle that the maker gives away loses OCAP_MDL_WRITE on the way.
 *
 * To take a handle back does not unmap anything, since no kernel does that to a process: there is
 * no new mapping from then on, and what was read before was read. The memory is charged to its
 * maker until all handles of it and of its mappings are closed or were taken back, in all
 * processes; what is still mapped then exists until it is unmapped. A process can have made 256
 * memory objects, of 256 MiB together, at a time; all of a solution 4,096, of 1 GiB.
 *
 * A child made by fork() has no handles of these either, but what was mapped.
 */

/**
 * KnPmmMdlCreate() - memory that can be shared, filled with zeros
 * @size:   bytes, not 0
 * @flags:  VMM_FLAG_READ; VMM_FLAG_WRITE, too: this process can map it to write; others of the
 *          VMM_FLAG_... make no difference
 * @handle: set to a handle with the rights OCAP_MDL_FULL, or without OCAP_MDL_WRITE; to be given
 *          back with KnHandleClose()
 *
 * All of the memory is there when this returns. The process keeps it mapped until all its handles
 * with OCAP_MDL_WRITE are closed.
 *
 * Rights:  none.
 * Context: any thread; waits for the broker and for no other process.
 * Return:  rcOk; rcInvalidArgument: @size is 0, @handle is NULL, or none of VMM_FLAG_RWX_MASK is in
 *          @flags; rcQuotaExceeded: of this process's memory, or all processes', or its handles, or
 *          the broker has no memory; rcOutOfMemory: there is no memory, or there are no
 *          descriptors; rcNotReady: no broker.
 */
Retcode KnPmmMdlCreate(rtl_size_t size, rtl_uint32_t flags, Handle *handle);

/**
 * KnPmmMdlCreateFromBuf() - the same, filled with a copy
 * @buf:  what to copy, @size bytes; borrowed
 *
 * Without VMM_FLAG_WRITE nobody can change it any more.
 *
 * Return: as KnPmmMdlCreate(); rcInvalidArgument: also if @buf is NULL.
 */
Retcode KnPmmMdlCreateFromBuf(const void *buf, rtl_size_t size, rtl_uint32_t flags, Handle *handle);

/**
 * KnPmmMdlMap() - have memory in the addresses of this process
 * @handle:    of the memory
 * @offset:    from where on, in whole pages
 * @length:    bytes, not 0, up to the end of the last page of the memory at most
 * @hint:      where it would be welcome, or RTL_NULL; look at @address for where it is
 * @vmFlags:   what may be done with the pages; others of the VMM_FLAG_... make no difference
 * @address:   set to the first byte
 * @mapHandle: set to a handle of the mapping, of no right
 *
 * It is unmapped when @mapHandle is closed with KnHandleClose(), or by KnVmUnmap(), after which
 * @mapHandle is still to be closed. It stays when @handle is closed or taken back. @mapHandle is
 * made from @handle: it is taken back with it, and can be closed then as ever.
 *
 * Rights:  OCAP_MDL_READ on @handle, and OCAP_MDL_WRITE if VMM_FLAG_WRITE is in @vmFlags.
 * Context: any thread; waits for the broker and for no other process.
 * Return:  rcOk; rcInvalidArgument: a pointer is NULL, @length is 0, @offset is not of whole pages,
 *          they are more than there is, or none of VMM_FLAG_RWX_MASK is in @vmFlags;
 *          rcNoCapability: @handle is no handle of this process; rcHandleRevoked;
 *          rcSecurityDisallow: it lacks a right, or is not that of memory, or the process that made
 *          it has tampered with it; rcQuotaExceeded: of handles, or @handle is the 32nd of a row of
 *          handles each of which was made from the one before, or the broker is short of memory;
 *          rcOutOfMemory; rcNotReady.
 */
Retcode KnPmmMdlMap(Handle handle, rtl_size_t offset, rtl_size_t length, void *hint, int vmFlags,
                    void **address, Handle *mapHandle);

/**
 * KnPmmMdlGetSize() - how large memory is
 * @handle: of the memory, or of a mapping of it
 * @size:   set to the bytes that it was made with
 *
 * Rights:  none.
 * Context: any thread; waits for the broker and for no other process.
 * Return:  rcOk; rcInvalidArgument: @size is NULL; rcNoCapability: @handle is no handle of this
 *          process; rcHandleRevoked; rcSecurityDisallow: it is not that of memory; rcOutOfMemory;
 *          rcNotReady.
 */
Retcode KnPmmMdlGetSize(Handle handle, rtl_size_t *size);

#ifdef __cplusplus
}
#endif

#endif

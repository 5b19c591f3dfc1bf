/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/vmm/vmm_api.h>

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/adopt.h"
#include "core/cleanup.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/handle_question.h"
#include "core/mapping.h"
#include "core/own_memory.h"

/*
 * create() - memory, filled with @bytes unless these are NULL
 *
 * Memory that nobody may write needs no writable mapping after this.
 */
static Retcode create(const void *bytes, rtl_size_t size, rtl_uint32_t flags, Handle *ret_handle)
{
    capchan_Handles_CreateMemory_req req = {.size = size,
                                            .isWritable = (flags & VMM_FLAG_WRITE) != 0};
    capchan_Handles_CreateMemory_res res;
    struct own_pages *pages;
    struct question question;

    if (ret_handle == NULL || size == 0 || (flags & VMM_FLAG_RWX_MASK) == 0) {
        return rcInvalidArgument;
    }
    nk_err_t status = capchan_Handles_CreateMemory(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, status, &res.base_, res.err_.code);
    CLEANUP(fd_close_p) int fd = question.transport.fd;
    if (rc != rcOk) {
        return rc;
    }
    int r = fd >= 0 ? own_pages_new(fd, size, &pages) : -EMFILE;
    if (r != 0) {
        return error_to_retcode(adopt_give_back(res.handle, r));
    }
    if (bytes != NULL) {
        own_pages_fill(pages, bytes);
    }
    if (!req.isWritable) {
        own_pages_unref(pages);
    }
    r = req.isWritable ? own_memory_adopt(res.handle, pages) : adopt_resource(res.handle);
    if (r == 0) {
        *ret_handle = res.handle;
    }
    return error_to_retcode(r);
}

Retcode KnPmmMdlCreate(rtl_size_t size, rtl_uint32_t flags, Handle *handle)
{
    return create(NULL, size, flags, handle);
}

Retcode KnPmmMdlCreateFromBuf(const void *buf, rtl_size_t size, rtl_uint32_t flags, Handle *handle)
{
    return buf == RTL_NULL ? rcInvalidArgument : create(buf, size, flags, handle);
}

/* What is to be mapped, and where. */
struct wish {
    Handle handle;
    rtl_size_t offset;
    rtl_size_t length;
    void *hint;
    int flags;
};

/* is_within() - whether what is to be mapped is in the pages of @size bytes */
static bool is_within(const struct wish *wish, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t bytes = (size + page - 1) / page * page;

    return wish->offset < bytes && wish->length <= bytes - wish->offset;
}

/* map_own() - memory that this process can write */
static Retcode map_own(const struct wish *wish, struct own_pages *pages, void **ret_address)
{
    if (!is_within(wish, own_pages_size(pages))) {
        return rcInvalidArgument;
    }
    return error_to_retcode(own_pages_map(pages, wish->offset, wish->length,
                                          mapping_protection(wish->flags), ret_address));
}

/* map_fetched() - memory that it can only read */
static Retcode map_fetched(const struct wish *wish, void **ret_address)
{
    capchan_Handles_OpenMemory_req req = {.handle = wish->handle};
    capchan_Handles_OpenMemory_res res;
    struct question question;

    nk_err_t status = capchan_Handles_OpenMemory(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, status, &res.base_, res.err_.code);
    CLEANUP(fd_close_p) int fd = question.transport.fd;
    if (rc != rcOk) {
        return rc;
    }
    if (fd < 0) {
        return rcOutOfMemory;
    }
    if (!is_within(wish, res.size)) {
        return rcInvalidArgument;
    }
    void *address = mmap(wish->hint, wish->length, mapping_protection(wish->flags), MAP_SHARED, fd,
                         (off_t)wish->offset);
    if (address == MAP_FAILED) {
        return errno == EPERM || errno == EACCES ? rcSecurityDisallow : rcOutOfMemory;
    }
    *ret_address = address;
    return rcOk;
}

/* name_mapping() - a handle for a mapping, which the broker gives to those who may make it */
static Retcode name_mapping(const struct wish *wish, Handle *ret_mapping)
{
    bool is_writable = (wish->flags & VMM_FLAG_WRITE) != 0;
    capchan_Handles_Map_req req = {.handle = wish->handle,
                                   .rights = OCAP_MDL_READ | (is_writable ? OCAP_MDL_WRITE : 0)};
    capchan_Handles_Map_res res;
    struct question question;

    nk_err_t status = capchan_Handles_Map(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, status, &res.base_, res.err_.code);
    if (rc == rcOk) {
        *ret_mapping = res.mapping;
    }
    return rc;
}

Retcode KnPmmMdlMap(Handle handle, rtl_size_t offset, rtl_size_t length, void *hint, int vmFlags,
                    void **address, Handle *mapHandle)
{
    const struct wish wish = {handle, offset, length, hint, vmFlags};
    void *mapped;
    Handle mapping;

    if (address == RTL_NULL || mapHandle == RTL_NULL || length == 0 ||
        (vmFlags & VMM_FLAG_RWX_MASK) == 0 || offset % (rtl_size_t)sysconf(_SC_PAGESIZE) != 0) {
        return rcInvalidArgument;
    }
    Retcode rc = name_mapping(&wish, &mapping);
    if (rc != rcOk) {
        return rc;
    }
    CLEANUP(own_pages_unref_p) struct own_pages *pages = own_memory_pages(handle);
    rc = pages != NULL ? map_own(&wish, pages, &mapped) : map_fetched(&wish, &mapped);
    if (rc != rcOk) {
        return adopt_give_back(mapping, rc);
    }
    int r = mapping_adopt(mapping, mapped, length);
    if (r == 0) {
        *address = mapped;
        *mapHandle = mapping;
    }
    return error_to_retcode(r);
}

Retcode KnPmmMdlGetSize(Handle handle, rtl_size_t *size)
{
    capchan_Handles_GetMemorySize_req req = {.handle = handle};
    capchan_Handles_GetMemorySize_res res;
    struct question question;

    if (size == RTL_NULL) {
        return rcInvalidArgument;
    }
    nk_err_t status =
        capchan_Handles_GetMemorySize(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, status, &res.base_, res.err_.code);
    if (rc == rcOk) {
        *size = (rtl_size_t)res.size;
    }
    return rc;
}

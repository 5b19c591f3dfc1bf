/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/handle.h - handles as parameters of methods
 *
 * A handle that is sent makes a new one in the receiver, with the rights that the sender names; the
 * sender keeps its own. A handle of a user resource that is sent to its provider comes back to
 * where it is from: the provider gets no new handle, but its own one, the rights that were sent,
 * and the context that it gave the resource or the badge.
 *
 * Source of the names: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef NK_HANDLE_H_
#define NK_HANDLE_H_

#include <coresrv/handle/handle_api.h> /* before an alias of generated code takes a name of it */
#include <handle/handletype.h>
#include <nk/errno.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks among the rights of a descriptor, which are none of those of <services/ocap.h>. */
#define NK_HANDLE_RIGHTS_GIVEN_ ((nk_rights_t)0x8000)
#define NK_HANDLE_BADGE_GIVEN_ ((nk_rights_t)0x4000)
#define NK_HANDLE_DEREFERENCED_ ((nk_rights_t)0x2000)
#define NK_HANDLE_MARKS_                                                                           \
    (NK_HANDLE_RIGHTS_GIVEN_ | NK_HANDLE_BADGE_GIVEN_ | NK_HANDLE_DEREFERENCED_)

/** nk_handle_desc1_(), nk_handle_desc2_(), nk_handle_desc3_() - what nk_handle_desc() calls */
static inline nk_handle_desc_t nk_handle_desc1_(nk_handle_t handle)
{
    nk_handle_desc_t desc = {handle, 0, 0};

    return desc;
}

static inline nk_handle_desc_t nk_handle_desc2_(nk_handle_t handle, nk_rights_t rights)
{
    nk_handle_desc_t desc = {handle, (rights & ~NK_HANDLE_MARKS_) | NK_HANDLE_RIGHTS_GIVEN_, 0};

    return desc;
}

static inline nk_handle_desc_t nk_handle_desc3_(nk_handle_t handle, nk_rights_t rights,
                                                nk_handle_t badge)
{
    nk_handle_desc_t desc = nk_handle_desc2_(handle, rights);

    if (badge != INVALID_HANDLE) {
        desc.rights |= NK_HANDLE_BADGE_GIVEN_;
        desc.badge = badge;
    }
    return desc;
}

#define NK_HANDLE_DESC_(a, b, c, function, ...) function

/**
 * nk_handle_desc() - put a handle into a message: `req.handle = nk_handle_desc(handle);`
 * @handle: of this process, or INVALID_HANDLE for none; borrowed, sending does not close it
 * @rights: optional: of the receiver's, some of those that @handle has; all of them if not given
 * @badge:  optional: a handle from KnHandleCreateBadge(), by which what the receiver got can be
 *          taken back, and whose context its provider finds when it comes back; or INVALID_HANDLE
 *
 * Return: the descriptor. What is wrong with it is found when the message is sent: NK_EINVAL: no
 * handle, or no badge; NK_EPERM: it lacks OCAP_HANDLE_TRANSFER, or some of @rights, or leads to
 * another interface than that of a handle<Interface>; NK_ENOTCONN: it was taken back, or its
 * channel has ended; NK_ENOMEM: there are too many; the receiver gets none of the message's handles
 * then.
 */
#define nk_handle_desc(...)                                                                        \
    NK_HANDLE_DESC_(__VA_ARGS__, nk_handle_desc3_, nk_handle_desc2_, nk_handle_desc1_, )           \
    (__VA_ARGS__)

/**
 * nk_get_handle() - the handle in a message that was received
 * @desc: of a request or response; borrowed
 *
 * Return: the handle, which belongs to the receiver until KnHandleClose(); INVALID_HANDLE if none
 * was sent. If it came back to its provider: the provider's own, which was there before;
 * INVALID_HANDLE if that is closed.
 */
static inline Handle nk_get_handle(const nk_handle_desc_t *desc)
{
    return desc->handle;
}

/** nk_get_rights() - the rights that the handle in a message was sent with; see <services/ocap.h>
 */
static inline nk_rights_t nk_get_rights(const nk_handle_desc_t *desc)
{
    return desc->rights & ~NK_HANDLE_MARKS_;
}

/** nk_is_handle_dereferenced() - whether the handle in a message is one that came back to its
 * provider */
static inline nk_bool_t nk_is_handle_dereferenced(const nk_handle_desc_t *desc)
{
    return (desc->rights & NK_HANDLE_DEREFERENCED_) != 0 ? NK_TRUE : NK_FALSE;
}

/**
 * nk_get_badge_op() - the context behind a handle that came back, for an operation
 * @desc:      of a request; borrowed
 * @operation: rights that the operation takes
 * @badge:     set to the context: that of the badge that the handle was given away with, or else
 *             that of its resource
 *
 * Return: NK_EOK; NK_EINVAL: the handle did not come back, or @badge is NULL; NK_EPERM: it was sent
 * without some of @operation.
 */
static inline nk_err_t nk_get_badge_op(const nk_handle_desc_t *desc, nk_rights_t operation,
                                       nk_badge_t *badge)
{
    if (!nk_is_handle_dereferenced(desc) || badge == NK_NULL) {
        return NK_EINVAL;
    }
    if ((nk_get_rights(desc) & operation) != operation) {
        return NK_EPERM;
    }
    *badge = desc->badge;
    return NK_EOK;
}

#ifdef __cplusplus
}
#endif

#endif

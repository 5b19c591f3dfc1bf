/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/errno.h - results of the nk layer
 *
 * The names are those of KasperskyOS CE; the published material gives no numbers, so these are
 * ours.
 */
#ifndef NK_ERRNO_H_
#define NK_ERRNO_H_

#include <nk/types.h>

#define NK_EOK 0       /* done */
#define NK_EPERM 1     /* rights or policy forbid it */
#define NK_ENOENT 2    /* no such endpoint or method */
#define NK_EAGAIN 3    /* the deadline passed, or the call was interrupted */
#define NK_ENOMEM 4    /* no memory, no room in the arena, or a quota is used up */
#define NK_EINVAL 5    /* a bad argument, or a handle that is bad or stale */
#define NK_ENOTEMPTY 6 /* not empty */
#define NK_ENOMSG 7   /* there is no request to reply to, or the server took it and never replied */
#define NK_EBADMSG 8  /* a malformed message, or one that breaks a limit of its IDL */
#define NK_ENOTCONN 9 /* the peer ended, the channel is closed, or there is no broker */

/**
 * NK_ELOGIC_MAKE() - an error of the program's own, for a handler to return (CE 1.0's way; newer
 * programs have error parameters)
 * @code: 0 to 65,535
 *
 * The client's call returns the same value: no NK_E... code, and NK_ELOGIC_GET() of it is @code.
 */
#define NK_ELOGIC_MAKE(code) ((nk_err_t)(0x10000 | ((code)&0xFFFF)))
#define NK_ELOGIC_CHECK(error) (((error) & ~0xFFFF) == 0x10000)
#define NK_ELOGIC_GET(error) ((nk_uint16_t)((error)&0xFFFF))

#endif

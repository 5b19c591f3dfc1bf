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

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can go wrong between two processes, once for the whole library.
 *
 * Functions return 0, a negative errno (fatal, forwarded untouched) or one of these outcomes; the
 * published faces translate both with error_to_nk() and error_to_retcode().
 */
#pragma once

#include <nk/errno.h>
#include <rtl/retcode.h>

enum error {
    ERROR_NOT_CONNECTED = 1, /* the peer ended, or a handle of the channel was closed */
    ERROR_BAD_HANDLE,        /* no handle of this process, stale, or of the wrong kind */
    ERROR_BAD_MESSAGE,       /* malformed, or breaks a limit of its IDL */
    ERROR_NOT_FOUND,         /* no such endpoint, method or name */
    ERROR_QUOTA,             /* a queue or a quota is full */
    ERROR_NO_ROOM,           /* the arena or the buffer of the receiver is too small */
    ERROR_NO_BROKER,         /* there is no session, or the broker ended */
    ERROR_NO_REQUEST,        /* a reply without a request */
    ERROR_DENIED,            /* not declared for this entity */
    ERROR_TIMEOUT,           /* the deadline passed */
    ERROR_EXISTS,            /* the same is there already */
    ERROR_REVOKED,           /* the handle was taken back */
    ERROR_INTERRUPTED,       /* broken off through a sync object */
    _ERROR_N,
};

nk_err_t error_to_nk(int error);
Retcode error_to_retcode(int error);
Retcode error_nk_to_retcode(nk_err_t error);
int error_from_retcode(Retcode code);

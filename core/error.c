/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

#include <errno.h>

static const struct {
    nk_err_t nk;
    Retcode retcode;
} error_codes[_ERROR_N] = {
    [0] = {NK_EOK, rcOk},
    [ERROR_NOT_CONNECTED] = {NK_ENOTCONN, rcNotConnected},
    [ERROR_BAD_HANDLE] = {NK_EINVAL, rcNoCapability},
    [ERROR_BAD_MESSAGE] = {NK_EBADMSG, rcInvalidArgument},
    [ERROR_NOT_FOUND] = {NK_ENOENT, rcResourceNotFound},
    [ERROR_QUOTA] = {NK_ENOMEM, rcQuotaExceeded},
    [ERROR_NO_ROOM] = {NK_ENOMEM, rcBufferTooSmall},
    [ERROR_NO_BROKER] = {NK_ENOTCONN, rcNotReady},
    [ERROR_NO_REQUEST] = {NK_ENOMSG, rcInvalidOperation},
    [ERROR_DENIED] = {NK_EPERM, rcSecurityDisallow},
    [ERROR_TIMEOUT] = {NK_EAGAIN, rcTimeout},
    [ERROR_EXISTS] = {NK_EINVAL, rcAlreadyExists},
    [ERROR_REVOKED] = {NK_ENOTCONN, rcHandleRevoked},
    [ERROR_INTERRUPTED] = {NK_EAGAIN, rcIpcInterrupt},
};

/*
 * error_to_nk() - the nk_err_t for an outcome or a negative errno
 *
 * Fatal errors are all lack of memory or descriptors by the time they get here.
 */
nk_err_t error_to_nk(int error)
{
    if (error == 0) {
        return NK_EOK; /* there is mostly nothing to look up */
    }
    if (error < 0 || error >= _ERROR_N) {
        return NK_ENOMEM;
    }
    return error_codes[error].nk;
}

/* error_to_retcode() - the Retcode for an outcome or a negative errno */
Retcode error_to_retcode(int error)
{
    if (error < 0 || error >= _ERROR_N) {
        return rcOutOfMemory;
    }
    return error_codes[error].retcode;
}

/* error_nk_to_retcode() - the Retcode that says what @error says; rcFail for codes that are not
 * ours */
Retcode error_nk_to_retcode(nk_err_t error)
{
    if (error == NK_ENOMEM) {
        return rcOutOfMemory;
    }
    for (int i = 0; i < _ERROR_N; i++) {
        if (error_codes[i].nk == error) {
            return error_codes[i].retcode;
        }
    }
    return rcFail;
}

/* error_from_retcode() - what error_to_retcode() made @code of; negative errno for what is none of
 * ours */
int error_from_retcode(Retcode code)
{
    for (int i = 0; i < _ERROR_N; i++) {
        if (error_codes[i].retcode == code) {
            return i;
        }
    }
    return -ENOMEM;
}

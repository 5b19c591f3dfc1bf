/* SPDX-License-Identifier: Apache-2.0 */
#include "core/token.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "core/error.h"

/* token_new() - one that nobody has taken. Return: 0, and a descriptor, the caller's; negative
 * errno. */
int token_new(int *ret_token)
{
    int token = eventfd(1, EFD_CLOEXEC);

    if (token < 0) {
        return -errno;
    }
    *ret_token = token;
    return 0;
}

/* is_without_type() - whether it is no file, pipe, socket or device: what is left cannot make us
 * wait when it is read as below */
static bool is_without_type(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == 0;
}

/*
 * token_take() - of all who try, one succeeds
 * @token: may be anything, and its flags are a peer's as well: only the call itself can say that it
 * is not to wait
 *
 * Return: 0; ERROR_INTERRUPTED: it was taken before; ERROR_BAD_MESSAGE: it is no token.
 */
int token_take(int token)
{
    uint64_t value;
    struct iovec part = {.iov_base = &value, .iov_len = sizeof(value)};

    if (!is_without_type(token)) {
        return ERROR_BAD_MESSAGE;
    }
    ssize_t n = preadv2(token, &part, 1, -1, RWF_NOWAIT);
    if (n < 0 && errno == EAGAIN) {
        return ERROR_INTERRUPTED;
    }
    return n == (ssize_t)sizeof(value) ? 0 : ERROR_BAD_MESSAGE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * rtl/retcode.h - results of system calls
 *
 * Names as in KasperskyOS CE 1.0 to 1.4; the published material gives no numbers, so these are
 * ours.
 */
#ifndef RTL_RETCODE_H_
#define RTL_RETCODE_H_

#include <rtl/compiler.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A result: 0 is success, errors are negative. */
typedef rtl_int32_t Retcode;

/** RTL_RETCODES_() - X(name, value) for each result; the one list that the names below come from */
#define RTL_RETCODES_(X)                                                                           \
    X(rcOk, 0)                                                                                     \
    X(rcInvalidArgument, -1)                                                                       \
    X(rcNotConnected, -2)                                                                          \
    X(rcOutOfMemory, -3)                                                                           \
    X(rcBufferTooSmall, -4)                                                                        \
    X(rcInternalError, -5)                                                                         \
    X(rcTransferError, -6)                                                                         \
    X(rcReceiveError, -7)                                                                          \
    X(rcSourceFault, -8)                                                                           \
    X(rcTargetFault, -9)                                                                           \
    X(rcIpcInterrupt, -10)                                                                         \
    X(rcRestart, -11)                                                                              \
    X(rcFail, -12)                                                                                 \
    X(rcNoCapability, -13)                                                                         \
    X(rcNotReady, -14)                                                                             \
    X(rcUnimplemented, -15)                                                                        \
    X(rcBufferTooLarge, -16)                                                                       \
    X(rcBusy, -17)                                                                                 \
    X(rcResourceNotFound, -18)                                                                     \
    X(rcTimeout, -19)                                                                              \
    X(rcSecurityDisallow, -20)                                                                     \
    X(rcFutexWouldBlock, -21)                                                                      \
    X(rcAbort, -22)                                                                                \
    X(rcInvalidThreadState, -23)                                                                   \
    X(rcAlreadyExists, -24)                                                                        \
    X(rcInvalidOperation, -25)                                                                     \
    X(rcHandleRevoked, -26)                                                                        \
    X(rcQuotaExceeded, -27)                                                                        \
    X(rcDeviceNotFound, -28)

/* Constants of the type Retcode where the language has such; in C, a `case` needs an enumerator. */
#ifdef __cplusplus
#define RTL_RETCODE_CONSTANT_(name, value) constexpr Retcode name = (value);
RTL_RETCODES_(RTL_RETCODE_CONSTANT_)
#else
#define RTL_RETCODE_ENUMERATOR_(name, value) name = (value),
enum rtl_retcode_ {
    RTL_RETCODES_(RTL_RETCODE_ENUMERATOR_)
};
#endif

/** RC_GET_CODE() - the code of a result without its sign: rcTimeout and -rcTimeout give the same */
#define RC_GET_CODE(rc) ((rc) < 0 ? -(rc) : +(rc)) /* + is for what converts to a number */

#ifdef __cplusplus
}
#endif

#endif

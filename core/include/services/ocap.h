/* SPDX-License-Identifier: Apache-2.0 */
/**
 * services/ocap.h - what the holder of a handle may do with it
 *
 * Names as in KasperskyOS CE 1.1 to 1.4; the published material gives no numbers, so these are
 * ours. A set of rights has 32 bits: the general part, which the broker enforces, is the lower
 * half; the upper half is special, and means what the provider of a resource says it means.
 * Rights only ever shrink on the way from one handle to the next.
 */
#ifndef SERVICES_OCAP_H_
#define SERVICES_OCAP_H_

#include <rtl/stdint.h>

/** To hand it on in a message. */
#define OCAP_HANDLE_TRANSFER ((rtl_uint32_t)0x01)
/** KnHandleCopy() */
#define OCAP_HANDLE_COPY ((rtl_uint32_t)0x02)
/** To hear of events of the resource. */
#define OCAP_HANDLE_GET_EVENT ((rtl_uint32_t)0x04)
/** To make events of the resource. */
#define OCAP_HANDLE_SET_EVENT ((rtl_uint32_t)0x08)
/** KnHandleGetSidByHandle() */
#define OCAP_HANDLE_GET_SID ((rtl_uint32_t)0x10)
/** To call through it: an end of a channel, or a resource that is served by a listener. */
#define OCAP_IPC_CALL ((rtl_uint32_t)0x20)
/** To receive from a listener, in the place of who handed it on. */
#define OCAP_IPC_RECV ((rtl_uint32_t)0x100)
/** To map memory of KnPmmMdlCreate() for reading. */
#define OCAP_MDL_READ ((rtl_uint32_t)0x40)
/** To map it for writing, which only the process that made it can. */
#define OCAP_MDL_WRITE ((rtl_uint32_t)0x80)

/** All rights of the general part that a resource of a process can have, and all special ones. */
#define OCAP_HANDLE_GENERAL_FULL ((rtl_uint32_t)0x0000003f)
#define OCAP_HANDLE_SPEC_FULL ((rtl_uint32_t)0xffff0000)

/**
 * OCAP_HANDLE_SPEC() - a special right, or several
 * @bits: 0x0001 to 0xffff; the provider's own
 */
#define OCAP_HANDLE_SPEC(bits) ((rtl_uint32_t)(bits) << 16)

/** What the client's end of a channel is given with. */
#define OCAP_IPC_CLIENT                                                                            \
    (OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY | OCAP_HANDLE_GET_EVENT | OCAP_HANDLE_GET_SID |       \
     OCAP_IPC_CALL)
/** What a listener is given with. */
#define OCAP_IPC_LISTENER                                                                          \
    (OCAP_HANDLE_TRANSFER | OCAP_HANDLE_GET_EVENT | OCAP_HANDLE_GET_SID | OCAP_IPC_RECV)
#define OCAP_IPC_SERVER OCAP_IPC_LISTENER
/** What memory that may be written is given with; other memory lacks OCAP_MDL_WRITE. */
#define OCAP_MDL_FULL                                                                              \
    (OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY | OCAP_HANDLE_GET_EVENT | OCAP_HANDLE_GET_SID |       \
     OCAP_MDL_READ | OCAP_MDL_WRITE)

#endif

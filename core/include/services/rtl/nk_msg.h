/* SPDX-License-Identifier: Apache-2.0 */
/**
 * services/rtl/nk_msg.h - binding a message and its arena to what the IPC system calls take
 *
 * Source of the semantics: KasperskyOS CE 1.2.
 */
#ifndef SERVICES_RTL_NK_MSG_H_
#define SERVICES_RTL_NK_MSG_H_

#include <ipc/if_rend.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * PackOutMsg() - describe a message to send
 * @header:  filled in
 * @message: header of the request or response; borrowed for as long as @header is used
 * @arena:   its arena, or NULL; borrowed likewise, and only read
 */
static inline void PackOutMsg(SMsgHdr *header, struct nk_message *message,
                              const struct nk_arena *arena)
{
    header->message_ = message;
    header->arena_ = (struct nk_arena *)arena;
}

/**
 * PackInMsg() - describe where to receive a message
 * @header:  filled in
 * @message: header of the object to fill; borrowed for as long as @header is used
 * @arena:   room for its variable-size parts, or NULL; borrowed likewise
 */
static inline void PackInMsg(SMsgHdr *header, struct nk_message *message, struct nk_arena *arena)
{
    header->message_ = message;
    header->arena_ = arena;
}

#ifdef __cplusplus
}
#endif

#endif

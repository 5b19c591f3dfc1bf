/* SPDX-License-Identifier: Apache-2.0 */
/** ipc/if_rend.h - what Call(), Recv() and Reply() take; filled in by <services/rtl/nk_msg.h> */
#ifndef IPC_IF_REND_H_
#define IPC_IF_REND_H_

#include <nk/arena.h>
#include <nk/types.h>

/**
 * struct SMsgHdr - a message and its arena
 * @message_: header of the request or response; borrowed
 * @arena_:   its arena, or NULL; borrowed
 */
typedef struct SMsgHdr {
    struct nk_message *message_;
    struct nk_arena *arena_;
} SMsgHdr;

#endif

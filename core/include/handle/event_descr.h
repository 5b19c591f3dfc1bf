/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handle/event_descr.h - what can be heard of a resource
 *
 * Names as in KasperskyOS CE 1.1 to 1.4, but for those marked as ours; the published material gives
 * no numbers, so these are ours. A set of events has 32 bits: the general part, of which only the
 * broker speaks, is the lower half; the upper half is special, and means what the provider of a
 * resource says it means.
 */
#ifndef HANDLE_EVENT_DESCR_H_
#define HANDLE_EVENT_DESCR_H_

#include <rtl/stdint.h>

/** Every handle of the resource, in every process, is closed or was taken back. */
#define EVENT_OBJECT_DESTROYED ((rtl_uint32_t)0x01)
/**
 * Of a badge: all that was copied or handed on with it, and all that was made from that, is closed
 * or was taken back. It may come again, when the badge was used again.
 */
#define EVENT_BADGE_CLOSED ((rtl_uint32_t)0x02)
/**
 * Of the client's end of a channel: the server's task has ended; of a listener: a client's task has
 * ended while it had a channel.
 */
#define EVENT_TASK_COMPLETED ((rtl_uint32_t)0x04)
/**
 * Ours. Of the client's end of a channel: the server has closed it, or its task has ended; of a
 * listener: the same of one of its clients.
 */
#define EVENT_PEER_CLOSED ((rtl_uint32_t)0x08)
/**
 * Ours. The handle that was subscribed with was taken back: nothing more comes but, in time,
 * EVENT_OBJECT_DESTROYED. It comes whether it was asked for or not.
 */
#define EVENT_HANDLE_REVOKED ((rtl_uint32_t)0x10)

/** All events of the general part, and all special ones. */
#define OBJECT_EVENT_GENERAL_FULL ((rtl_uint32_t)0x0000001f)
#define OBJECT_EVENT_SPEC_FULL ((rtl_uint32_t)0xffff0000)

/**
 * OBJECT_EVENT_SPEC() - a special event, or several; OBJECT_EVENT_USER() is the same
 * @bits: 0x0001 to 0xffff; the provider's own
 */
#define OBJECT_EVENT_SPEC(bits) ((rtl_uint32_t)(bits) << 16)
#define OBJECT_EVENT_USER(bits) OBJECT_EVENT_SPEC(bits)

/**
 * struct EventDesc - what has happened to what was subscribed to
 * @eventId:   as it was subscribed with
 * @eventMask: all that has happened since this was last reported
 */
typedef struct EventDesc {
    rtl_uintptr_t eventId;
    rtl_uint32_t eventMask;
} EventDesc;

#endif

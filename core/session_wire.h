/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process and the broker say to each other over the session, below everything that is
 * described in IDL: requests from the process, each answered by one message with the same number,
 * and announcements, which are not answered. Calls of what the broker serves, core/session_call.h,
 * share the socket and the numbers; another magic word tells them apart.
 *
 * A message is a head and up to three strings without NULs. The process finds the session's
 * descriptor in the environment; the broker's first messages, up to the bell, wait in it already.
 */
#pragma once

#include <handle/handletype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "core/limits.h"

#define SESSION_MAGIC UINT32_C(0x36534343) /* changes with every incompatible change */
#define SESSION_ENVIRONMENT "CAPCHAN_SESSION"
#define SESSION_STRINGS 3
#define SESSION_BYTES_MAX 4096u /* messages of either kind */

enum session_op {
    SESSION_WELCOME,   /* from the broker: task name, class name; and the control words */
    SESSION_BELL,      /* from the broker, right after that: the bell of the control words */
    SESSION_ENDPOINT,  /* announcement: riid; name, class-qualified name, interface */
    SESSION_ANNOUNCED, /* announcement: that were all endpoints of the class */
    SESSION_CONNECT,   /* channel id -> handle, and the first time the client end */
    SESSION_REGISTER,  /* channel id -> handle, and the first time the listener's inbox */
    SESSION_RIID,      /* client handle; endpoint name -> riid */
    SESSION_INTERFACE, /* client handle, riid -> name of the interface */
    SESSION_CLOSE,     /* listener's handle */
    SESSION_GIVE_BACK, /* announcement: handle, whose channel may be open still, or is unwanted */
    SESSION_REFUSED,   /* the same of a handle that nobody wants, with an answer: 0, always */
    SESSION_TAKEN,     /* announcement: handle that came in a message */
    SESSION_NOT_SENT,  /* announcement: end of a channel; its peer will not get that handle, riid */
    SESSION_SERVED,    /* number, as riid, of a channel that leads here -> its id; their count */
    _SESSION_OP_N,
};

/* @result: in replies: 0 or an enum error */
struct session_head {
    uint32_t magic;
    uint32_t number;
    uint32_t op;
    int32_t result;
    Handle handle;
    uint32_t riid;
    uint16_t lengths[SESSION_STRINGS];
    uint16_t zero;
};

_Static_assert(sizeof(struct session_head) + SESSION_STRINGS * LOCATOR_NAME_BYTES_MAX <=
                   SESSION_BYTES_MAX,
               "all messages fit");

/* A message taken apart; the strings are private copies with a NUL. */
struct session_message {
    struct session_head head;
    char strings[SESSION_STRINGS][LOCATOR_NAME_BYTES_MAX + 1];
};

/* What the broker posts into a listener's inbox, with the server end of a new channel; the message
 * ends with the NUL of the name. */
struct session_inbox_post {
    uint32_t magic;
    Handle handle;     /* that the control words say something about this end under */
    uint32_t is_bound; /* whatever arrives is for @riid, whatever it says itself */
    uint32_t riid;
    char client[NAME_BYTES_MAX + 1]; /* task whose channel it is */
};

int session_message_parse(const void *bytes, size_t size, struct session_message *ret_message);
int session_send(int socket, struct session_head *head, const char *const strings[SESSION_STRINGS],
                 int passed, int flags);

size_t session_post_bytes(const struct session_inbox_post *post);
bool session_post_is_sound(const struct session_inbox_post *post, size_t size);

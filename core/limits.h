/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit of the system, in one place, each with its unit.
 */
#pragma once

#define NAME_BYTES_MAX 255             /* name of a task or a class */
#define LOCATOR_NAME_BYTES_MAX 1023    /* id of a channel, qualified name of an endpoint */
#define ENTITIES_MAX 1024              /* entities of one solution */
#define CHANNELS_MAX 65536             /* channels of one solution */
#define CHANNELS_PER_ENTITY_MAX 4096   /* connections that one entity declares */
#define HANDLES_PER_ENTITY_MAX 65536   /* handles that one entity holds at a time */
#define ENDPOINTS_PER_ENTITY_MAX 4096  /* endpoints that the class of one entity declares */
#define CALLS_PER_CHANNEL_MAX 128      /* calls in flight on one channel */
#define SESSION_REQUESTS_MAX 1024      /* requests of one entity that its broker has not answered */
#define CM_REQUESTS_PER_SERVER_MAX 128 /* unanswered requests for channels to one server */
#define CM_REQUESTS_PER_CLIENT_MAX 16  /* the same of one client */
#define CM_LISTENS_PER_ENTITY_MAX 128  /* threads of one entity that wait in KnCmListen() */
#define NS_NAMES_PER_ENTITY_MAX 256    /* services that one entity publishes at a time */
#define FAILURES_AT_ONCE_MAX 256       /* requests of an entity that may fail ... */
#define FAILURES_PER_SECOND_MAX 256    /* ... and then per second, before it is made to wait */
#define LOG_LINES_AT_ONCE_MAX 100      /* lines of the log about one client ... */
#define LOG_LINES_PER_SECOND_MAX 20    /* ... and then per second */
#define DYNAMIC_RULES_MAX 4096         /* rules about dynamic channels in one init.yaml */

#define NOTICES_MAX 4096                  /* notices of one solution ... */
#define NOTICES_PER_ENTITY_MAX 64         /* ... and of one entity */
#define SUBSCRIPTIONS_PER_ENTITY_MAX 4096 /* of its notices to resources, at a time */

#define HANDLES_PER_MESSAGE_MAX 64 /* handles that one request or response carries */
#define HANDLES_ARRIVING_MAX 512   /* sent to one end of a channel, which has not taken them yet */
#define HANDLES_SENT_MAX 4096      /* sent by one entity to another with requests, not taken yet */
#define HANDLE_DEPTH_MAX 32        /* handles each of which was made from the one before */
#define HANDLES_CLOSED_TIED_MAX 4096 /* that one entity closed and a badge may still take back */
#define HANDLE_CHANNELS_MAX 16384 /* channels of one solution that came with copied handles ... */
#define HANDLE_CHANNELS_PER_ENTITY_MAX 256 /* ... and of one entity */

#define MEMORY_OBJECTS_MAX 4096                  /* memory objects of one solution ... */
#define MEMORY_OBJECTS_PER_ENTITY_MAX 256        /* ... and those that one entity made */
#define MEMORY_BYTES_MAX (1u << 30)              /* of them together, in whole pages ... */
#define MEMORY_BYTES_PER_ENTITY_MAX (256u << 20) /* ... and of those that one entity made */

#define MESSAGE_BYTES_MAX (16u << 20) /* body and arena of one message */
/*
 * The same, where it travels in the socket itself: so small that the replies of
 * CALLS_PER_CHANNEL_MAX calls fit into a socket buffer of SOCKET_BUFFER_BYTES, since a server never
 * waits for a client to take its replies.
 */
#define MESSAGE_INLINE_BYTES_MAX 1024u
#define SOCKET_BUFFER_BYTES 212992
#define MESSAGE_NESTING_MAX 32 /* messages within messages */

/* Memory that decoding may take for parts of a message that the IDL does not bound: factor x wire +
 * slack. */
#define DECODED_FACTOR 8
#define DECODED_SLACK_BYTES (64u << 10)

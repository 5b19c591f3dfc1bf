/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/limits_list.h"

#include "core/limits.h"

#define LIMIT(name, what)                                                                          \
    {                                                                                              \
#name, name, what                                                                          \
    }

/* In the order of core/limits.h, where most are explained in these words. */
static const struct {
    const char *name;
    unsigned long value;
    const char *what;
} limits[] = {
    LIMIT(NAME_BYTES_MAX, "name of a task or a class"),
    LIMIT(LOCATOR_NAME_BYTES_MAX, "id of a channel, qualified name of an endpoint"),
    LIMIT(ENTITIES_MAX, "entities of one solution"),
    LIMIT(CHANNELS_MAX, "channels of one solution"),
    LIMIT(CHANNELS_PER_ENTITY_MAX, "connections that one entity declares"),
    LIMIT(HANDLES_PER_ENTITY_MAX, "handles that one entity holds at a time"),
    LIMIT(ENDPOINTS_PER_ENTITY_MAX, "endpoints that the class of one entity declares"),
    LIMIT(CALLS_PER_CHANNEL_MAX, "calls in flight on one channel"),
    LIMIT(SESSION_REQUESTS_MAX, "requests of one entity that its broker has not answered"),
    LIMIT(CM_REQUESTS_PER_SERVER_MAX, "unanswered requests for channels to one server"),
    LIMIT(CM_REQUESTS_PER_CLIENT_MAX, "the same of one client"),
    LIMIT(CM_LISTENS_PER_ENTITY_MAX, "threads of one entity that wait in KnCmListen()"),
    LIMIT(NS_NAMES_PER_ENTITY_MAX, "services that one entity publishes at a time"),
    LIMIT(FAILURES_AT_ONCE_MAX, "requests of an entity that may fail ..."),
    LIMIT(FAILURES_PER_SECOND_MAX, "... and then per second, before it is made to wait"),
    LIMIT(LOG_LINES_AT_ONCE_MAX, "lines of the log about one client ..."),
    LIMIT(LOG_LINES_PER_SECOND_MAX, "... and then per second"),
    LIMIT(DYNAMIC_RULES_MAX, "rules about dynamic channels in one init.yaml"),
    LIMIT(NOTICES_MAX, "notices of one solution ..."),
    LIMIT(NOTICES_PER_ENTITY_MAX, "... and of one entity"),
    LIMIT(SUBSCRIPTIONS_PER_ENTITY_MAX, "of its notices to resources, at a time"),
    LIMIT(HANDLES_PER_MESSAGE_MAX, "handles that one request or response carries"),
    LIMIT(HANDLES_ARRIVING_MAX, "sent to one end of a channel, which has not taken them yet"),
    LIMIT(HANDLES_SENT_MAX, "sent by one entity to another with requests, not taken yet"),
    LIMIT(HANDLE_DEPTH_MAX, "handles each of which was made from the one before"),
    LIMIT(HANDLES_CLOSED_TIED_MAX, "that one entity closed and a badge may still take back"),
    LIMIT(HANDLE_CHANNELS_MAX, "channels of one solution that came with copied handles ..."),
    LIMIT(HANDLE_CHANNELS_PER_ENTITY_MAX, "... and of one entity"),
    LIMIT(MEMORY_OBJECTS_MAX, "memory objects of one solution ..."),
    LIMIT(MEMORY_OBJECTS_PER_ENTITY_MAX, "... and those that one entity made"),
    LIMIT(MEMORY_BYTES_MAX, "of them together, in whole pages ..."),
    LIMIT(MEMORY_BYTES_PER_ENTITY_MAX, "... and of those that one entity made"),
    LIMIT(MESSAGE_BYTES_MAX, "body and arena of one message"),
    LIMIT(MESSAGE_INLINE_BYTES_MAX, "the same, where it travels in the socket itself"),
    LIMIT(SOCKET_BUFFER_BYTES, "that the socket of a channel has room for"),
    LIMIT(MESSAGE_NESTING_MAX, "messages within messages"),
    LIMIT(DECODED_FACTOR,
          "memory that decoding may take for what the IDL does not bound: times the message ..."),
    LIMIT(DECODED_SLACK_BYTES, "... and so many bytes"),
};

/* limits_print() - all of them, one per line */
void limits_print(FILE *out)
{
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        (void)fprintf(out, "%10lu  %-31s %s\n", limits[i].value, limits[i].name, limits[i].what);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/channel_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/limits.h"

#define LINE_BYTES_MAX 800
#define ESCAPED_BYTES 4 /* \xNN */

/* log_name() - @name as the log shows it */
struct log_name log_name(const char *name)
{
    struct log_name shown = {"'"};
    size_t room = sizeof(shown.text) - sizeof("...'");
    size_t used = 1;

    for (; *name != '\0' && used + ESCAPED_BYTES <= room; name++) {
        unsigned char c = (unsigned char)*name;
        bool is_plain = c >= ' ' && c <= '~' && c != '\'' && c != '\\';
        used += (size_t)snprintf(shown.text + used, sizeof(shown.text) - used,
                                 is_plain ? "%c" : "\\x%02x", c);
    }
    (void)snprintf(shown.text + used, sizeof(shown.text) - used, "%s'", *name != '\0' ? "..." : "");
    return shown;
}

/* print() - one line, at once or not at all: nobody waits for who reads it. Return: whether it went
 * out. */
static bool print(const char *line)
{
    size_t size = strlen(line);

    return write(STDERR_FILENO, line, size) == (ssize_t)size;
}

/* list_capabilities() - "cap_net_raw and cap_sys_time" */
static void list_capabilities(uint64_t bits, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (cap_value_t i = 0; i < 64 && used < size; i++) {
        char *name = (bits >> i & 1) != 0 ? cap_to_name(i) : NULL;
        if (name != NULL) {
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " and " : "", name);
            cap_free(name);
        }
    }
}

/* failure() - why there is no channel */
static const char *failure(int result)
{
    switch (result) {
    case ERROR_DENIED:
        return "the server refused";
    case ERROR_TIMEOUT:
        return "no answer in time";
    case ERROR_NOT_FOUND:
        return "there is no such entity, or it has ended";
    case ERROR_NOT_CONNECTED:
        return "the server has ended";
    case ERROR_EXISTS:
        return "it asks for that already";
    case ERROR_BAD_MESSAGE:
        return "it asks itself, or one of these is no name";
    default:
        return "one of the limits is reached";
    }
}

/* reason() - what follows the names in a line */
static void reason(const struct cm_event *event, char *text, size_t size)
{
    char capabilities[160];

    if (event->kind == CM_FAILED) {
        (void)snprintf(text, size, ": %s", failure(event->result));
    } else if (event->missing != 0) {
        list_capabilities(event->missing, capabilities, sizeof(capabilities));
        (void)snprintf(text, size, ": the rule requires %s", capabilities);
    } else if (event->kind == CM_FORBIDDEN) {
        (void)snprintf(text, size, ": no rule allows it");
    } else {
        text[0] = '\0';
    }
}

/* channel_log_flush() - say how many lines about what @entity asked for were not printed */
void channel_log_flush(struct entity_run *entity)
{
    uint64_t n_refused = rate_take_refused(&entity->log_rate);
    char line[LINE_BYTES_MAX];

    if (n_refused == 0) {
        return;
    }
    (void)snprintf(line, sizeof(line),
                   "capchand: %s: %" PRIu64 " more lines about its requests are left out\n",
                   log_name(entity->declared->task).text, n_refused);
    if (!print(line)) {
        entity->log_rate.n_refused += n_refused;
    }
}

/* take_line() - whether there may be another line about what @client asked for */
static bool take_line(struct entity_run *client)
{
    static const struct rate_limit limit = {.at_once = LOG_LINES_AT_ONCE_MAX,
                                            .per_second = LOG_LINES_PER_SECOND_MAX};
    bool is_taken = rate_take(&client->log_rate, &limit, broker_now_ns());

    if (is_taken) {
        channel_log_flush(client);
    }
    return is_taken;
}

/* put_line() - that take_line() allows */
static void put_line(struct entity_run *client, const char *line)
{
    if (!print(line)) {
        client->log_rate.n_refused++;
    }
}

/* place() - "init.yaml:5: ", where @client has a connection to @server, if it has */
static void place(const struct entity_run *client, const struct init_entity *server, char *text,
                  size_t size)
{
    const struct init_entity *declared = client->declared;

    text[0] = '\0';
    for (size_t i = 0; i < declared->n_connections && text[0] == '\0'; i++) {
        const struct init_connection *connection = &declared->connections[i];
        if (connection->target == server) {
            (void)snprintf(text, size, "%.200s:%u: ", client->broker->config->file,
                           connection->id_position.line);
        }
    }
}

/* channel_log_endpoint() - the server behind @handle has none of the name that @client looks for */
void channel_log_endpoint(struct entity_run *client, Handle handle, const char *asked)
{
    const struct broker *broker = client->broker;
    char line[LINE_BYTES_MAX];
    char where[256];
    size_t server;

    const char *first = locator_endpoint(broker->locator, client->number, handle, 0, &server);
    if (first == NULL || !take_line(client)) {
        return;
    }
    const char *second = locator_endpoint(broker->locator, client->number, handle, 1, &server);
    place(client, broker->entities[server].declared, where, sizeof(where));
    (void)snprintf(line, sizeof(line),
                   "capchand: %s%s looks for the endpoint %s of %s, which has %s%s%s\n", where,
                   log_name(client->declared->task).text, log_name(asked).text,
                   log_name(broker->entities[server].declared->task).text, log_name(first).text,
                   second != NULL ? ", " : "", second != NULL ? log_name(second).text : "");
    put_line(client, line);
}

/* channel_log_event() - one line, unless there were too many about what this client asked for */
void channel_log_event(struct broker *broker, const struct cm_event *event)
{
    static const char *const verbs[] = {
        [CM_ASKED] = "asks",
        [CM_FORBIDDEN] = "gets no channel to",
        [CM_MADE] = "has a channel to",
        [CM_FAILED] = "gets no channel to",
        [CM_ENDED] = "no longer has a channel to",
    };
    struct entity_run *client = &broker->entities[event->client];
    char line[LINE_BYTES_MAX];
    char why[200];

    if (!take_line(client)) {
        return;
    }
    reason(event, why, sizeof(why));
    (void)snprintf(line, sizeof(line), "capchand: %s %s %s for %s%s\n",
                   log_name(client->declared->task).text, verbs[event->kind],
                   log_name(event->server).text, log_name(event->service).text, why);
    put_line(client, line);
}

/*
 * channel_log_no_rules() - say once that there are no rules
 *
 * Only when somebody makes use of it: a solution without dynamic channels has nothing to rule.
 */
void channel_log_no_rules(struct broker *broker)
{
    if (!broker->config->has_rules && !broker->is_warned) {
        broker->is_warned = true;
        (void)fprintf(stderr,
                      "capchand: %s has no 'capchan: dynamic:', so everybody may ask anybody for a "
                      "channel; list there who may\n",
                      broker->config->file);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answering what entities ask over their sessions. An entity that breaks the protocol, or does not
 * take its answers, loses its session; its channels go on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "broker/channel_log.h"
#include "broker/patience.h"
#include "broker/service.h"
#include "core/container.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/hints.h"
#include "core/session_call.h"

/* session_welcome() - the first messages, before the program runs. Return: 0; negative errno. */
int session_welcome(struct entity_run *entity)
{
    struct control *control = &entity_holder(entity)->control;
    struct session_head welcome = {.op = SESSION_WELCOME};
    struct session_head bell = {.op = SESSION_BELL};
    const char *names[SESSION_STRINGS] = {entity->declared->task, entity->declared->class_name};

    int r = session_send(entity->session.fd, &welcome, names, control->fd, MSG_DONTWAIT);
    if (r == 0) {
        r = session_send(entity->session.fd, &bell, NULL, control->hearer, MSG_DONTWAIT);
    }
    control->hearer = fd_close(control->hearer);
    return r;
}

/* session_lost() - an entity cannot ask any more: settle what only it could have opened */
static void session_lost(struct entity_run *entity)
{
    loop_remove(&entity->broker->loop, &entity->session);
    locator_session_lost(entity->broker->locator, entity->number);
    cm_gone(entity->broker->cm, entity->number);
    entity->broker->look_again = true;
}

/* session_end() - @entity broke the rules */
void session_end(struct entity_run *entity, const char *why)
{
    (void)fprintf(stderr, "capchand: %s (pid %d): session closed: %s\n", entity->declared->task,
                  (int)entity->pid, why);
    session_lost(entity);
}

/* tell() - what an entity asked for. Return: 0; negative errno. */
static int tell(struct entity_run *entity, struct session_head *head,
                const char *const strings[SESSION_STRINGS], int passed)
{
    int r = session_send(entity->session.fd, head, strings, passed, MSG_DONTWAIT);

    hints_sent(entity_holder(entity)->control.hints);
    return r;
}

/*
 * session_reply_with() - answer a request
 * @result: 0 or an enum error; a negative errno is told as lack of memory
 * @passed: descriptor to attach, borrowed; -1 for none
 *
 * A descriptor that cannot be passed, because too many of this user's are on their way, is answered
 * with ERROR_QUOTA.
 *
 * Return: whether the entity was told just that.
 */
static bool session_reply_with(struct entity_run *entity, struct session_head *head, int result,
                               const char *const strings[SESSION_STRINGS], int passed)
{
    head->result = result < 0 ? ERROR_QUOTA : result;
    int r = tell(entity, head, strings, passed);
    bool is_told = r == 0;
    if (result != 0) {
        patience_use(entity);
    }
    if (r == -ETOOMANYREFS) {
        head->result = ERROR_QUOTA;
        r = tell(entity, head, NULL, -1);
    }
    if (r != 0 && r != -EPIPE && r != -ECONNRESET) {
        session_end(entity, "it does not take its answers");
    }
    return is_told;
}

/* session_reply() - the same without strings */
static bool session_reply(struct entity_run *entity, struct session_head *head, int result,
                          int passed)
{
    return session_reply_with(entity, head, result, NULL, passed);
}

/* reply_static() - the same for channels, which the locator takes back if the entity cannot be told
 */
static void reply_static(struct entity_run *entity, struct session_head *head, int result,
                         int passed)
{
    if (!session_reply(entity, head, result, passed) && result == 0) {
        locator_take_back(entity->broker->locator, entity->number, head->handle);
    }
}

/*
 * look_up() - answer a look-up, if that can be done yet
 *
 * Return: false: not yet, since the server's program is not there or the entity has many answers to
 * take first.
 */
static bool look_up(struct entity_run *entity, const struct session_head *asked, const char *name)
{
    struct session_head head = *asked;
    const char *interface = NULL;
    int r;

    if (name != NULL) {
        r = locator_riid(entity->broker->locator, entity->number, head.handle, name, &head.riid);
    } else {
        r = locator_interface(entity->broker->locator, entity->number, head.handle, head.riid,
                              &interface);
    }
    if (r == LOCATOR_NOT_YET) {
        return false;
    }
    const char *strings[SESSION_STRINGS] = {interface};
    head.result = r;
    bool full = tell(entity, &head, strings, -1) == -EAGAIN;
    if (r == ERROR_NOT_FOUND && name != NULL && !full) {
        channel_log_endpoint(entity, head.handle, name);
    }
    entity->broker->look_again = entity->broker->look_again || full;
    return !full;
}

/* wait_for_server() - keep a look-up for later */
static void wait_for_server(struct entity_run *entity, struct session_head *head, const char *name)
{
    struct waiting_lookup *waiting = malloc(sizeof(*waiting));
    char *copy = name != NULL ? strdup(name) : NULL;

    if (waiting == NULL || (name != NULL && copy == NULL) ||
        entity->n_waiting == SESSION_REQUESTS_MAX) {
        free(waiting);
        free(copy);
        (void)session_reply(entity, head, ERROR_QUOTA, -1);
        return;
    }
    *waiting = (struct waiting_lookup){.head = *head, .name = copy, .next = entity->waiting};
    entity->waiting = waiting;
    entity->n_waiting++;
}

static void forget_waiting(struct entity_run *entity, struct waiting_lookup **at)
{
    struct waiting_lookup *waiting = *at;

    *at = waiting->next;
    entity->n_waiting--;
    free(waiting->name);
    free(waiting);
}

/* session_answer_waiting() - some entity has said what it serves, or ended: look again */
void session_answer_waiting(struct broker *broker)
{
    broker->look_again = false;
    for (size_t i = 0; i < broker->config->n_entities; i++) {
        struct entity_run *entity = &broker->entities[i];
        for (struct waiting_lookup **at = &entity->waiting; *at != NULL;) {
            struct waiting_lookup *waiting = *at;
            if (entity->session.fd >= 0 && !look_up(entity, &waiting->head, waiting->name)) {
                at = &waiting->next;
                continue;
            }
            forget_waiting(entity, at);
        }
    }
}

/* session_forget_waiting() - @entity ended: nobody waits for these any more */
void session_forget_waiting(struct entity_run *entity)
{
    while (entity->waiting != NULL) {
        forget_waiting(entity, &entity->waiting);
    }
}

static void handle_connect(struct entity_run *entity, struct session_message *message)
{
    struct session_head *head = &message->head;
    int fd = -1;

    int r = locator_connect(entity->broker->locator, entity->number, message->strings[0],
                            &head->handle, &fd);
    reply_static(entity, head, r, fd);
}

static void handle_register(struct entity_run *entity, struct session_message *message)
{
    struct session_head *head = &message->head;
    int fd = -1;

    /* Constructors have run by now, so a program without tables will not announce any. */
    locator_announced(entity->broker->locator, entity->number);
    int r = locator_register(entity->broker->locator, entity->number, message->strings[0],
                             &head->handle, &fd);
    reply_static(entity, head, r, fd);
    fd_close(fd);
    entity->broker->look_again = true;
}

static void handle_look_up(struct entity_run *entity, struct session_message *message)
{
    const char *name = message->head.op == SESSION_RIID ? message->strings[0] : NULL;

    if (!look_up(entity, &message->head, name)) {
        wait_for_server(entity, &message->head, name);
    }
}

static void handle_close(struct entity_run *entity, struct session_message *message)
{
    int r = handle_give_back(entity_holder(entity), message->head.handle);

    (void)session_reply(entity, &message->head, r, -1);
    entity->broker->look_again = true;
}

/* handle_returned() - one that it does not have is nobody's business */
static void handle_returned(struct entity_run *entity, struct session_message *message)
{
    (void)handle_give_back_first(entity_holder(entity), message->head.handle, &entity->ended);
    entity->broker->look_again = true;
}

/* handle_refused() - it may be gone already: whoever sent it can have that */
static void handle_refused(struct entity_run *entity, struct session_message *message)
{
    handle_returned(entity, message);
    (void)session_reply(entity, &message->head, 0, -1);
}

static void handle_taken(struct entity_run *entity, struct session_message *message)
{
    (void)parcel_take(entity_holder(entity), message->head.handle);
}

/* handle_served() - tell one of the channels that lead to @entity */
static void handle_served(struct entity_run *entity, struct session_message *message)
{
    struct session_head *head = &message->head;
    const char *strings[SESSION_STRINGS] = {
        locator_service(entity->broker->locator, entity->number, head->riid, &head->riid)};

    (void)session_reply_with(entity, head, strings[0] != NULL ? 0 : ERROR_NOT_FOUND, strings, -1);
}

/* handle_not_sent() - what does not wait at the other end of that channel is not its business; what
 * does has used up a number of the receiver's for nothing, of which there is no end but that there
 * are so many */
static void handle_not_sent(struct entity_run *entity, struct session_message *message)
{
    if (route_take_back(entity_holder(entity), message->head.handle, message->head.riid) == 0) {
        patience_use(entity);
    }
}

static void handle_endpoint(struct entity_run *entity, struct session_message *message)
{
    int r = locator_announce(entity->broker->locator, entity->number, message->head.riid,
                             message->strings[0], message->strings[1], message->strings[2]);
    if (r != 0) {
        session_end(entity, "it announces endpoints that it may not");
    }
}

static void handle_announced(struct entity_run *entity, struct session_message *message)
{
    (void)message;
    locator_announced(entity->broker->locator, entity->number);
    entity->broker->look_again = true;
}

typedef void session_handler(struct entity_run *entity, struct session_message *message);

static session_handler *const handlers[_SESSION_OP_N] = {
    [SESSION_ENDPOINT] = handle_endpoint, [SESSION_ANNOUNCED] = handle_announced,
    [SESSION_CONNECT] = handle_connect,   [SESSION_REGISTER] = handle_register,
    [SESSION_RIID] = handle_look_up,      [SESSION_INTERFACE] = handle_look_up,
    [SESSION_CLOSE] = handle_close,       [SESSION_GIVE_BACK] = handle_returned,
    [SESSION_REFUSED] = handle_refused,   [SESSION_TAKEN] = handle_taken,
    [SESSION_NOT_SENT] = handle_not_sent, [SESSION_SERVED] = handle_served,
};

/* handle_message() - do what an entity asks. Return: false: that is malformed. */
static bool handle_message(struct entity_run *entity, const void *bytes, size_t size)
{
    struct session_message message;

    if (session_call_is(bytes, size)) {
        return service_take(entity, bytes, size);
    }
    if (session_message_parse(bytes, size, &message) != 0 || handlers[message.head.op] == NULL) {
        return false;
    }
    handlers[message.head.op](entity, &message);
    return true;
}

/* take_message() - take one of an entity, if there is one */
static void take_message(struct entity_run *entity)
{
    uint8_t bytes[SESSION_BYTES_MAX];
    struct fd_list fds;
    size_t size;

    int r = fd_receive(entity->session.fd, bytes, sizeof(bytes), MSG_DONTWAIT, &size, &fds);
    if (r == -EAGAIN) {
        return;
    }
    if (r != 0 || size == 0) {
        if (r == 0) {
            fd_list_deinit(&fds);
        }
        session_lost(entity); /* its end is reported by its process */
        return;
    }
    bool clean = fds.n_fds == 0 && !fds.surplus;
    fd_list_deinit(&fds);
    if (!clean || !handle_message(entity, bytes, size)) {
        session_end(entity, "it sent a malformed request");
    }
}

/*
 * session_ready() - take a message of an entity
 *
 * Who closes a handle often asks for another one at once, and waits for the answer, unlike the
 * server that has lost a client. So that is looked for before the channel is ended.
 */
void session_ready(struct loop_source *source)
{
    struct entity_run *entity = CONTAINER_OF(source, struct entity_run, session);

    entity->ended = -1;
    take_message(entity);
    int ended = entity->ended;
    entity->ended = -1;
    if (ended >= 0 && entity->session.fd >= 0 && !entity->is_paused) {
        take_message(entity);
    }
    fd_hang_up(ended);
    fd_hang_up(entity->ended);
}

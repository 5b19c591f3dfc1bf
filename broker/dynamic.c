/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answering what entities ask about dynamic channels and published names. Who has to wait is
 * answered by dynamic_answer(), later.
 */
#include "broker/dynamic_log.h"
#include "broker/entity.h"
#include "broker/patience.h"
#include "core/error.h"
#include "core/fd.h"

static struct holder *holder_of(const struct entity_run *entity)
{
    return &entity->broker->holders[entity->number];
}

/* dynamic_connect() - KnCmConnect() */
void dynamic_connect(struct entity_run *entity, struct session_message *message)
{
    struct session_head *head = &message->head;

    dynamic_log_warn(entity->broker);
    int r = cm_connect(entity->broker->cm, entity->number, head->number, message->strings[0],
                       message->strings[1], head->timeout_ms, broker_now_ns());
    if (r != 0) {
        (void)session_reply(entity, head, NULL, r, -1);
    }
}

/* dynamic_listen() - KnCmListen() */
void dynamic_listen(struct entity_run *entity, struct session_message *message)
{
    struct session_head *head = &message->head;

    dynamic_log_warn(entity->broker);
    int r = cm_listen(entity->broker->cm, entity->number, head->number, head->timeout_ms,
                      broker_now_ns());
    if (r != 0) {
        (void)session_reply(entity, head, NULL, r, -1);
    }
}

/* dynamic_accept() - KnCmAccept(); a new listener that cannot be delivered ends, and what leads to
 * it */
void dynamic_accept(struct entity_run *entity, struct session_message *message)
{
    struct session_head *head = &message->head;
    int fd;

    int r = cm_accept(entity->broker->cm, entity->number, message->strings[0], message->strings[1],
                      head->riid, head->handle, &head->handle, &fd);
    if (!session_reply(entity, head, NULL, r, fd) && fd >= 0) {
        (void)handle_give_back(holder_of(entity), head->handle);
    }
    fd_close(fd);
}

/* dynamic_drop() - KnCmDrop() */
void dynamic_drop(struct entity_run *entity, struct session_message *message)
{
    int r = cm_drop(entity->broker->cm, entity->number, message->strings[0], message->strings[1]);

    (void)session_reply(entity, &message->head, NULL, r, -1);
}

/* dynamic_publish() - NsPublishService() and NsUnPublishService() */
void dynamic_publish(struct entity_run *entity, struct session_message *message)
{
    const char *type = message->strings[0];
    const char *server = message->strings[1];
    const char *service = message->strings[2];
    struct cm *cm = entity->broker->cm;

    dynamic_log_warn(entity->broker);
    int r = message->head.op == SESSION_NS_PUBLISH
                ? cm_publish(cm, entity->number, type, server, service)
                : cm_unpublish(cm, entity->number, type, server, service);
    if (r == 0) {
        patience_use(entity); /* nobody has so much to publish */
    }
    (void)session_reply(entity, &message->head, NULL, r, -1);
}

/* dynamic_enumerate() - NsEnumServices() */
void dynamic_enumerate(struct entity_run *entity, struct session_message *message)
{
    const char *strings[SESSION_STRINGS] = {NULL};

    int r = cm_enumerate(entity->broker->cm, entity->number, message->strings[0],
                         message->head.riid, &strings[0], &strings[1]);
    (void)session_reply(entity, &message->head, strings, r, -1);
}

/*
 * answer_connect() - tell a client of its channel, or why there is none
 *
 * The channel may have ended already, together with its listener. If the client cannot be told, its
 * channel ends.
 */
static void answer_connect(struct entity_run *client, struct cm_answer *answer)
{
    struct session_head head = {.op = SESSION_CM_CONNECT,
                                .number = answer->number,
                                .handle = answer->handle,
                                .riid = answer->riid};
    struct route *route =
        answer->result == 0 ? route_find(holder_of(client), answer->handle) : NULL;
    int passed = route != NULL ? route->client_end : -1;
    bool is_told = false;

    if (answer->result == 0 && passed < 0) {
        answer->result = ERROR_NOT_CONNECTED;
    }
    if (client->session.fd >= 0) {
        is_told = session_reply(client, &head, NULL, answer->result, passed);
    }
    if (route != NULL && (!is_told || answer->result != 0)) {
        route_release(route);
    }
}

/* answer_listen() - tell a server of a request, or that there is none */
static void answer_listen(struct entity_run *server, const struct cm_answer *answer)
{
    struct session_head head = {.op = SESSION_CM_LISTEN, .number = answer->number};
    const char *strings[SESSION_STRINGS] = {NULL};

    if (answer->result == 0) {
        strings[0] = server->broker->tasks[answer->client];
        strings[1] = answer->service;
    }
    if (server->session.fd >= 0) {
        (void)session_reply(server, &head, strings, answer->result, -1);
    }
}

/* dynamic_answer() - tell everybody whose wait is over */
void dynamic_answer(struct broker *broker)
{
    struct cm_answer answer;

    cm_expire(broker->cm, broker_now_ns());
    while (cm_take_answer(broker->cm, &answer)) {
        struct entity_run *entity = &broker->entities[answer.entity];
        if (answer.kind == ANSWER_CONNECT) {
            answer_connect(entity, &answer);
        } else {
            answer_listen(entity, &answer);
        }
    }
}

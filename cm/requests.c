/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/requests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "cm/deadlines.h"
#include "core/cleanup.h"
#include "core/container.h"
#include "core/error.h"

/*
 * A wait, of either kind; a connect is what the others call a request.
 * @answer:      what is known of its end
 * @nobody:      what a client calls a server that does not exist; owned; else NULL
 * @in_own:      in its entity's waits
 * @in_queue:    in the server's queue, listens or unheard, or among the answers
 */
struct cm_request {
    struct cm_answer answer;
    char *nobody;
    struct deadline deadline;
    TAILQ_ENTRY(cm_request) in_own;
    TAILQ_ENTRY(cm_request) in_queue;
};

TAILQ_HEAD(request_list, cm_request);

/*
 * One entity.
 * @own:        its waits of both kinds
 * @n_requests: connects among them
 * @n_listens:  listens among them
 * @queue:      of those who want to connect to it
 * @n_queue:    how many that are
 * @unheard:    of those who want to and may not, which it never hears of
 * @n_unheard:  how many that are
 * @listens:    its listens
 * @is_gone:    it takes no part any more
 */
struct party {
    struct request_list own;
    size_t n_requests;
    size_t n_listens;
    struct request_list queue;
    size_t n_queue;
    struct request_list unheard;
    size_t n_unheard;
    struct request_list listens;
    bool is_gone;
};

/* @parties: the entities, and one more that stands for those that do not exist */
struct requests {
    struct party *parties;
    size_t n_parties;
    struct deadlines deadlines;
    struct request_list answers;
};

static void requests_freep(struct requests **requests)
{
    requests_free(*requests);
}

/* requests_new() - nobody asks for anything. Return: 0; -ENOMEM. */
int requests_new(size_t n_entities, struct requests **ret_requests)
{
    CLEANUP(requests_freep) struct requests *requests = calloc(1, sizeof(*requests));

    if (requests == NULL) {
        return -ENOMEM;
    }
    TAILQ_INIT(&requests->answers);
    requests->parties = calloc(n_entities + 1, sizeof(*requests->parties));
    if (requests->parties == NULL) {
        return -ENOMEM;
    }
    requests->n_parties = n_entities;
    for (size_t i = 0; i <= n_entities; i++) {
        TAILQ_INIT(&requests->parties[i].own);
        TAILQ_INIT(&requests->parties[i].queue);
        TAILQ_INIT(&requests->parties[i].unheard);
        TAILQ_INIT(&requests->parties[i].listens);
    }
    *ret_requests = STEAL(requests);
    return 0;
}

/* list_of() - where a wait that is not answered is queued */
static struct request_list *list_of(struct requests *requests, const struct cm_request *request)
{
    if (request->answer.kind == ANSWER_LISTEN) {
        return &requests->parties[request->answer.entity].listens;
    }
    struct party *server = &requests->parties[request->answer.server];
    return request->answer.is_unheard ? &server->unheard : &server->queue;
}

static void request_free(struct cm_request *request)
{
    free(request->nobody);
    free(request);
}

/* leave_queue() - an unanswered wait ends, one way or the other */
static void leave_queue(struct requests *requests, struct cm_request *request)
{
    struct party *own = &requests->parties[request->answer.entity];

    TAILQ_REMOVE(list_of(requests, request), request, in_queue);
    TAILQ_REMOVE(&own->own, request, in_own);
    if (request->answer.kind == ANSWER_LISTEN) {
        own->n_listens--;
    } else {
        struct party *server = &requests->parties[request->answer.server];
        own->n_requests--;
        server->n_queue -= !request->answer.is_unheard;
        server->n_unheard -= request->answer.is_unheard;
    }
    if (request->deadline.at_ns != DEADLINE_NEVER) {
        deadlines_remove(&requests->deadlines, &request->deadline);
    }
}

/* settle() - end a wait with @result, for requests_take_answer() */
static void settle(struct requests *requests, struct cm_request *request, int result)
{
    leave_queue(requests, request);
    request->answer.result = result;
    TAILQ_INSERT_TAIL(&requests->answers, request, in_queue);
}

/* requests_free() - forget everything, answers too. Return: NULL. */
struct requests *requests_free(struct requests *requests)
{
    struct cm_request *request;

    if (requests == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < requests->n_parties; i++) {
        requests_gone(requests, i);
    }
    while ((request = TAILQ_FIRST(&requests->answers)) != NULL) {
        TAILQ_REMOVE(&requests->answers, request, in_queue);
        request_free(request);
    }
    deadlines_deinit(&requests->deadlines);
    free(requests->parties);
    free(requests);
    return NULL;
}

/* wait_new() - a wait that has its deadline and is in no queue yet; NULL without memory */
static struct cm_request *wait_new(struct requests *requests, enum cm_answer_kind kind,
                                   size_t entity, uint32_t number, int64_t deadline_ns)
{
    struct cm_request *request = calloc(1, sizeof(*request));

    if (request == NULL) {
        return NULL;
    }
    request->answer.kind = kind;
    request->answer.entity = entity;
    request->answer.number = number;
    request->deadline.at_ns = deadline_ns;
    if (deadline_ns != DEADLINE_NEVER &&
        deadlines_add(&requests->deadlines, &request->deadline) != 0) {
        free(request);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&requests->parties[entity].own, request, in_own);
    return request;
}

/* hear() - tell a listening thread of @request, which goes to the end */
static void hear(struct requests *requests, struct cm_request *listen, struct cm_request *request)
{
    struct party *server = &requests->parties[request->answer.server];

    TAILQ_REMOVE(&server->queue, request, in_queue);
    TAILQ_INSERT_TAIL(&server->queue, request, in_queue);
    listen->answer.client = request->answer.entity;
    memcpy(listen->answer.service, request->answer.service, sizeof(listen->answer.service));
    settle(requests, listen, 0);
}

/* What somebody asks for; @nobody as in struct cm_request, but borrowed. */
struct wish {
    size_t client;
    uint32_t number;
    size_t server;
    const char *nobody;
    const char *service;
    int64_t deadline_ns;
};

/* is_wished() - whether the client waits for the same already */
static bool is_wished(const struct requests *requests, const struct wish *wish)
{
    const struct cm_request *own = TAILQ_FIRST(&requests->parties[wish->client].own);

    for (; own != NULL; own = TAILQ_NEXT(own, in_own)) {
        if (own->answer.kind == ANSWER_CONNECT && own->answer.server == wish->server &&
            strcmp(own->answer.service, wish->service) == 0 &&
            (wish->nobody == NULL || strcmp(own->nobody, wish->nobody) == 0)) {
            return true;
        }
    }
    return false;
}

/*
 * connect_new() - a request that is in no queue yet
 * @is_full: that queue
 *
 * Return: 0; ERROR_EXISTS; ERROR_QUOTA; -ENOMEM.
 */
static int connect_new(struct requests *requests, const struct wish *wish, bool is_full,
                       struct cm_request **ret_request)
{
    struct party *from = &requests->parties[wish->client];
    CLEANUP(free_p) char *nobody = NULL;

    if (is_wished(requests, wish)) {
        return ERROR_EXISTS;
    }
    if (is_full || from->n_requests == CM_REQUESTS_PER_CLIENT_MAX) {
        return ERROR_QUOTA;
    }
    if (wish->nobody != NULL && (nobody = strdup(wish->nobody)) == NULL) {
        return -ENOMEM;
    }
    struct cm_request *request =
        wait_new(requests, ANSWER_CONNECT, wish->client, wish->number, wish->deadline_ns);
    if (request == NULL) {
        return -ENOMEM;
    }
    request->answer.server = wish->server;
    request->nobody = STEAL(nobody);
    memcpy(request->answer.service, wish->service, strlen(wish->service) + 1);
    from->n_requests++;
    *ret_request = request;
    return 0;
}

/* wait_unheard() - make a request that nobody hears of */
static int wait_unheard(struct requests *requests, const struct wish *wish, bool is_full)
{
    struct party *server = &requests->parties[wish->server];
    struct cm_request *request;

    int r = connect_new(requests, wish, is_full, &request);
    if (r == 0) {
        request->answer.is_unheard = true;
        server->n_unheard++;
        TAILQ_INSERT_TAIL(&server->unheard, request, in_queue);
    }
    return r;
}

/*
 * requests_connect() - @client wants to connect to @service of @server
 * @service: 1 to LOCATOR_NAME_BYTES_MAX bytes; borrowed
 *
 * Of the threads that listen, the one that has waited longest is told of it.
 *
 * Return: 0: it waits; ERROR_NOT_FOUND: @server is gone; ERROR_EXISTS: it asks for the same
 * already; ERROR_QUOTA: CM_REQUESTS_PER_CLIENT_MAX or CM_REQUESTS_PER_SERVER_MAX; -ENOMEM.
 */
int requests_connect(struct requests *requests, size_t client, uint32_t number, size_t server,
                     const char *service, int64_t deadline_ns)
{
    struct wish wish = {client, number, server, NULL, service, deadline_ns};
    struct party *to = &requests->parties[server];
    struct cm_request *request;

    if (to->is_gone) {
        return ERROR_NOT_FOUND;
    }
    int r = connect_new(requests, &wish, to->n_queue == CM_REQUESTS_PER_SERVER_MAX, &request);
    if (r != 0) {
        return r;
    }
    to->n_queue++;
    TAILQ_INSERT_TAIL(&to->queue, request, in_queue);
    if (!TAILQ_EMPTY(&to->listens)) {
        hear(requests, TAILQ_FIRST(&to->listens), request);
    }
    return 0;
}

/*
 * requests_connect_unheard() - the same for a client that may not: it is told what it would be told
 * if @server never listened
 *
 * There is as much room in the queue for others as before.
 */
int requests_connect_unheard(struct requests *requests, size_t client, uint32_t number,
                             size_t server, const char *service, int64_t deadline_ns)
{
    struct wish wish = {client, number, server, NULL, service, deadline_ns};
    const struct party *to = &requests->parties[server];

    return to->is_gone ? ERROR_NOT_FOUND
                       : wait_unheard(requests, &wish,
                                      to->n_queue + to->n_unheard >= CM_REQUESTS_PER_SERVER_MAX);
}

/*
 * requests_connect_nobody() - the same for a server that, to the client, does not exist
 * @server: what it is called; borrowed
 *
 * What the client is told does not depend on who else there is, or does what.
 *
 * Return: 0: it waits until its time is over; ERROR_EXISTS; ERROR_QUOTA:
 * CM_REQUESTS_PER_CLIENT_MAX; -ENOMEM.
 */
int requests_connect_nobody(struct requests *requests, size_t client, uint32_t number,
                            const char *server, const char *service, int64_t deadline_ns)
{
    struct wish wish = {client, number, requests->n_parties, server, service, deadline_ns};

    return wait_unheard(requests, &wish, false);
}

/*
 * requests_listen() - @server wants to know of a request
 *
 * Return: 0: it is told, perhaps at once; ERROR_QUOTA: CM_LISTENS_PER_ENTITY_MAX; -ENOMEM.
 */
int requests_listen(struct requests *requests, size_t server, uint32_t number, int64_t deadline_ns)
{
    struct party *party = &requests->parties[server];

    if (party->n_listens == CM_LISTENS_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    struct cm_request *listen = wait_new(requests, ANSWER_LISTEN, server, number, deadline_ns);
    if (listen == NULL) {
        return -ENOMEM;
    }
    party->n_listens++;
    TAILQ_INSERT_TAIL(&party->listens, listen, in_queue);
    if (!TAILQ_EMPTY(&party->queue)) {
        hear(requests, listen, TAILQ_FIRST(&party->queue));
    }
    return 0;
}

/* requests_find() - what @client asks @server for, and was not answered yet; NULL if it does not */
struct cm_request *requests_find(const struct requests *requests, size_t server, size_t client,
                                 const char *service)
{
    struct cm_request *request = TAILQ_FIRST(&requests->parties[server].queue);

    for (; request != NULL; request = TAILQ_NEXT(request, in_queue)) {
        if (request->answer.entity == client && strcmp(request->answer.service, service) == 0) {
            return request;
        }
    }
    return NULL;
}

/*
 * requests_answer() - the server has decided
 * @request: from requests_find(); consumed
 * @result:  what the client is told: 0, or an enum error
 */
void requests_answer(struct requests *requests, struct cm_request *request, int result,
                     Handle handle, uint32_t riid)
{
    request->answer.handle = handle;
    request->answer.riid = riid;
    settle(requests, request, result);
}

/* requests_expire() - end every wait whose deadline is not after @now_ns */
void requests_expire(struct requests *requests, int64_t now_ns)
{
    struct deadline *first;

    while ((first = deadlines_first(&requests->deadlines)) != NULL && first->at_ns <= now_ns) {
        struct cm_request *request = CONTAINER_OF(first, struct cm_request, deadline);

        settle(requests, request, ERROR_TIMEOUT);
    }
}

/* requests_deadline_ns() - when requests_expire() has something to do next; DEADLINE_NEVER */
int64_t requests_deadline_ns(const struct requests *requests)
{
    const struct deadline *first = deadlines_first(&requests->deadlines);

    return first != NULL ? first->at_ns : DEADLINE_NEVER;
}

/* requests_gone() - @entity takes no part any more: forget what it waits for, and tell those who
 * wait for it */
void requests_gone(struct requests *requests, size_t entity)
{
    struct party *party = &requests->parties[entity];
    struct cm_request *request;

    party->is_gone = true;
    while ((request = TAILQ_FIRST(&party->own)) != NULL) {
        leave_queue(requests, request);
        request_free(request);
    }
    while ((request = TAILQ_FIRST(&party->queue)) != NULL ||
           (request = TAILQ_FIRST(&party->unheard)) != NULL) {
        settle(requests, request, ERROR_NOT_CONNECTED);
    }
}

bool requests_is_gone(const struct requests *requests, size_t entity)
{
    return requests->parties[entity].is_gone;
}

/* requests_take_answer() - the end of one wait, in the order in which they ended. Return: whether
 * there was one. */
bool requests_take_answer(struct requests *requests, struct cm_answer *ret_answer)
{
    struct cm_request *request = TAILQ_FIRST(&requests->answers);

    if (request == NULL) {
        return false;
    }
    *ret_answer = request->answer;
    TAILQ_REMOVE(&requests->answers, request, in_queue);
    request_free(request);
    return true;
}

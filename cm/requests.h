/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks which server for which service, and which servers listen: a state machine without input,
 * output or clock. Entities are numbers.
 *
 * A request is in its server's queue until it is answered, its time is over, or one of the two is
 * gone. Who may not ask a server waits beside that queue, and is told nothing else than if the
 * server did not listen. Listening takes nothing out of the queue: it tells of the first request,
 * which goes to the end. Whoever waits, for an answer or for a request, is told by
 * requests_take_answer().
 */
#pragma once

#include <handle/handletype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/limits.h"

struct requests;
struct cm_request;

/* How a wait of an entity ended. */
enum cm_answer_kind {
    ANSWER_CONNECT,
    ANSWER_LISTEN,
};

/*
 * @entity:  that waited
 * @number:  by which it knows this wait
 * @result:  0; ERROR_TIMEOUT; ERROR_NOT_CONNECTED: the server is gone; or as of requests_answer()
 * @server, @is_unheard: of a connect; whom it was for, and that the server never hears of it
 * @handle, @riid: likewise, if @result is 0
 * @service: of a connect; of a listen, if @result is 0
 * @client:  of a listen, likewise
 */
struct cm_answer {
    enum cm_answer_kind kind;
    size_t entity;
    uint32_t number;
    int result;
    size_t server;
    bool is_unheard;
    Handle handle;
    uint32_t riid;
    size_t client;
    char service[LOCATOR_NAME_BYTES_MAX + 1];
};

int requests_new(size_t n_entities, struct requests **ret_requests);
struct requests *requests_free(struct requests *requests);

int requests_connect(struct requests *requests, size_t client, uint32_t number, size_t server,
                     const char *service, int64_t deadline_ns);
int requests_connect_unheard(struct requests *requests, size_t client, uint32_t number,
                             size_t server, const char *service, int64_t deadline_ns);
int requests_connect_nobody(struct requests *requests, size_t client, uint32_t number,
                            const char *server, const char *service, int64_t deadline_ns);
int requests_listen(struct requests *requests, size_t server, uint32_t number, int64_t deadline_ns);
struct cm_request *requests_find(const struct requests *requests, size_t server, size_t client,
                                 const char *service);
void requests_answer(struct requests *requests, struct cm_request *request, int result,
                     Handle handle, uint32_t riid);
void requests_expire(struct requests *requests, int64_t now_ns);
int64_t requests_deadline_ns(const struct requests *requests);
void requests_gone(struct requests *requests, size_t entity);
bool requests_is_gone(const struct requests *requests, size_t entity);
bool requests_take_answer(struct requests *requests, struct cm_answer *ret_answer);

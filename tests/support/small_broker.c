/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/small_broker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/container.h"
#include "core/fd.h"

#define CHANNELS 64
#define NS_PER_MS INT64_C(1000000)
#define RETRY_MS 10
#define PATIENCE_MS 1000

/* small_broker_init() - with two processes to come. Return: 0; negative errno. */
int small_broker_init(struct small_broker *small, const char *first, const char *second)
{
    const struct small_broker empty = {.tasks = {first, second}};
    struct broker *broker = &small->broker;

    *small = empty;
    for (size_t i = 0; i < SMALL_ENTITIES; i++) {
        small->declared[i] =
            (struct init_entity){.task = (char *)small->tasks[i], .class_name = (char *)""};
        small->entities[i] = (struct entity_run){.broker = broker,
                                                 .number = i,
                                                 .declared = &small->declared[i],
                                                 .process.fd = -1,
                                                 .session.fd = -1};
    }
    small->config = (struct init_config){.entities = small->declared, .n_entities = SMALL_ENTITIES};
    TAILQ_INIT(&broker->backlog);
    handles_init(&broker->handles, &broker->backlog);
    notices_init(&broker->notices);
    broker->config = &small->config;
    broker->entities = small->entities;
    broker->tasks = small->tasks;
    broker->stopping = broker->is_warned = true; /* so that nothing is reported */
    broker->holders = holders_new(SMALL_ENTITIES);
    if (broker->holders == NULL) {
        return -ENOMEM;
    }
    const struct cm_setup setup = {.n_entities = SMALL_ENTITIES,
                                   .tasks = small->tasks,
                                   .holders = broker->holders,
                                   .backlog = &broker->backlog,
                                   .n_to_spare = CHANNELS};
    int r = loop_init(&broker->loop);
    if (r == 0) {
        r = locator_new(&small->config, broker->holders, &broker->backlog, &broker->locator);
    }
    return r != 0 ? r : cm_new(&setup, &broker->cm);
}

/* process_ready() - a process ended */
static void process_ready(struct loop_source *source)
{
    struct entity_run *entity = CONTAINER_OF(source, struct entity_run, process);
    struct small_broker *small = (struct small_broker *)entity->broker;
    int status;

    if (waitpid(entity->pid, &status, WNOHANG) == entity->pid) {
        small->failed = small->failed || (WIFEXITED(status) && WEXITSTATUS(status) != 0) ||
                        (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL);
        broker_entity_ended(entity, status);
        for (size_t i = 0; small->failed && i < SMALL_ENTITIES; i++) {
            if (small->entities[i].process.fd >= 0) {
                (void)kill(small->entities[i].pid, SIGKILL);
            }
        }
    }
}

/* be_process() - the child: it ends with us, and finds its session as programs do */
static void be_process(struct small_broker *small, size_t number, int session,
                       int (*program)(size_t number))
{
    char text[16];

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t i = 0; i < SMALL_ENTITIES; i++) {
        fd_close(small->entities[i].session.fd);
        fd_close(small->entities[i].process.fd);
        fd_close(small->broker.holders[i].control.fd);
        fd_close(small->broker.holders[i].control.bell);
        fd_close(small->broker.holders[i].control.hearer);
    }
    fd_close(small->broker.loop.epoll);
    (void)snprintf(text, sizeof(text), "%d", session);
    (void)setenv(SESSION_ENVIRONMENT, text, 1);
    exit(program(number));
}

/* small_broker_fork() - start process @number, which is @program. Return: 0; negative errno. */
int small_broker_fork(struct small_broker *small, size_t number, int (*program)(size_t number))
{
    struct entity_run *entity = &small->entities[number];
    int ends[2];

    int r = fd_pair(ends);
    if (r != 0) {
        return r;
    }
    entity->session = (struct loop_source){.fd = ends[0], .ready = session_ready};
    entity->process = (struct loop_source){.fd = -1, .ready = process_ready};
    r = session_welcome(entity);
    (void)fflush(NULL);
    entity->pid = r == 0 ? fork() : -1;
    if (entity->pid == 0) {
        be_process(small, number, ends[1], program);
    }
    fd_close(ends[1]);
    if (entity->pid < 0) {
        return r != 0 ? r : -errno;
    }
    entity->process.fd = (int)syscall(SYS_pidfd_open, entity->pid, 0);
    small->broker.n_running++;
    r = loop_add(&small->broker.loop, &entity->process);
    return r != 0 ? r : loop_add(&small->broker.loop, &entity->session);
}

/* timeout_ms() - how long the loop may wait */
static int timeout_ms(const struct broker *broker, bool undelivered)
{
    int64_t left_ns = cm_deadline_ns(broker->cm) - broker_now_ns();

    if (undelivered) {
        return RETRY_MS;
    }
    if (left_ns <= 0) {
        return 0;
    }
    return left_ns >= PATIENCE_MS * NS_PER_MS ? PATIENCE_MS
                                              : (int)((left_ns + NS_PER_MS - 1) / NS_PER_MS);
}

/* small_broker_run() - until both processes have ended. Return: 0; negative errno. */
int small_broker_run(struct small_broker *small)
{
    struct broker *broker = &small->broker;
    int r = 0;

    while (r == 0 && broker->n_running > 0) {
        for (size_t i = 0; i < SMALL_ENTITIES; i++) {
            small->entities[i].failures = (struct rate){0}; /* as many as they like */
        }
        dynamic_answer(broker);
        bool undelivered = backlog_deliver(&broker->backlog);
        company_look(&broker->company, broker_now_ns());
        r = loop_turn(&broker->loop, timeout_ms(broker, undelivered));
    }
    company_look(&broker->company, INT64_MAX); /* the next processes are free to be anywhere */
    return r;
}

/* small_broker_deinit() - forget it. Return: whether nothing was left of what the processes had. */
bool small_broker_deinit(struct small_broker *small)
{
    struct broker *broker = &small->broker;
    bool is_clean = broker->cm == NULL || cm_deadline_ns(broker->cm) == INT64_MAX;

    for (size_t i = 0; i < SMALL_ENTITIES && broker->holders != NULL; i++) {
        is_clean = is_clean && broker->holders[i].n_to_spare == CHANNELS_PER_ENTITY_MAX;
        entity_free(&small->entities[i]);
        handles_give_back(&broker->holders[i]);
    }
    cm_free(broker->cm);
    locator_free(broker->locator);
    holders_free(broker->holders, SMALL_ENTITIES);
    loop_deinit(&broker->loop);
    return is_clean;
}

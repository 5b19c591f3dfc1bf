/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/broker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "broker/channel_log.h"
#include "broker/entity.h"
#include "broker/held.h"
#include "broker/orphans.h"
#include "broker/patience.h"
#include "broker/rules.h"
#include "core/container.h"
#include "core/fd.h"
#include "locator/descriptor_limit.h"
#include "locator/privileges.h"

#define GRACE_MS 2000 /* between asking entities to end and killing them */
#define RETRY_MS 10   /* between attempts to deliver what a server had no room for */
#define NS_PER_MS INT64_C(1000000)
#define STATUS_SIGNAL 128 /* plus the signal's number, as shells have it */

/* broker_now_ns() - on the monotonic clock */
int64_t broker_now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int64_t now_ms(void)
{
    return broker_now_ns() / NS_PER_MS;
}

/* signal_running() - send a signal to every entity that still runs */
static void signal_running(struct broker *broker, int number)
{
    for (size_t i = 0; i < broker->config->n_entities; i++) {
        if (broker->entities[i].process.fd >= 0) {
            (void)kill(broker->entities[i].pid, number);
        }
    }
}

/* broker_stop() - end the solution with @status: ask everybody, and kill after a while who is still
 * there */
static void broker_stop(struct broker *broker, int status)
{
    if (!broker->stopping) {
        broker->stopping = true;
        broker->status = status;
        broker->kill_at_ms = now_ms() + GRACE_MS;
        signal_running(broker, SIGTERM);
        signal_running(broker, SIGCONT);
    }
}

static void report_end(const struct entity_run *entity, int wait_status)
{
    if (WIFSIGNALED(wait_status)) {
        (void)fprintf(stderr, "capchand: %s (pid %d) was killed by signal %d (%s)\n",
                      entity->declared->task, (int)entity->pid, WTERMSIG(wait_status),
                      strsignal(WTERMSIG(wait_status)));
    } else {
        (void)fprintf(stderr, "capchand: %s (pid %d) exited with status %d\n",
                      entity->declared->task, (int)entity->pid, WEXITSTATUS(wait_status));
    }
}

/* is_entity() - whether @pid is an entity, whose end its pidfd reports */
static bool is_entity(void *data, pid_t pid)
{
    const struct broker *broker = data;

    for (size_t i = 0; i < broker->config->n_entities; i++) {
        if (broker->entities[i].process.fd >= 0 && broker->entities[i].pid == pid) {
            return true;
        }
    }
    return false;
}

/* broker_entity_ended() - settle everything that the entity had a part in */
void broker_entity_ended(struct entity_run *entity, int wait_status)
{
    struct broker *broker = entity->broker;
    int status =
        WIFSIGNALED(wait_status) ? STATUS_SIGNAL + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);

    if (!broker->stopping) {
        report_end(entity, wait_status);
        broker->failed = broker->failed || status != 0;
    }
    entity_free(entity);
    holder_end(&broker->holders[entity->number]);
    handles_give_back(&broker->holders[entity->number]);
    locator_entity_ended(broker->locator, entity->number);
    cm_gone(broker->cm, entity->number);
    holders_ring(broker->holders, broker->config->n_entities);
    channel_log_flush(entity);
    broker->look_again = true;
    broker->n_running--;
    orphans_reap(is_entity, broker);
    if (entity == broker->exit_with) {
        broker_stop(broker, status);
    }
}

/* signals_ready() - a child ended, or the supervisor wants the solution to end; asking twice means
 * impatience */
static void signals_ready(struct loop_source *source)
{
    struct broker *broker = CONTAINER_OF(source, struct broker, signals);
    struct signalfd_siginfo info;

    if (read(source->fd, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
        return;
    }
    if (info.ssi_signo == SIGCHLD) {
        orphans_reap(is_entity, broker);
        return;
    }
    if (broker->stopping) {
        signal_running(broker, SIGKILL);
    }
    broker_stop(broker, STATUS_SIGNAL + (info.ssi_int != 0 ? info.ssi_int : SIGTERM));
}

/*
 * watch_signals() - hear the supervisor alone
 *
 * Terminals and service managers signal a whole group: what they mean reaches us once, through the
 * supervisor, by a signal of its own that says which one it was.
 */
static int watch_signals(struct broker *broker)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    sigset_t set;

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        (void)signal(ignored[i], SIG_IGN);
    }
    sigemptyset(&set);
    sigaddset(&set, BROKER_STOP_SIGNAL);
    sigaddset(&set, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
        return -errno;
    }
    broker->signals.ready = signals_ready;
    broker->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return broker->signals.fd < 0 ? -errno : loop_add(&broker->loop, &broker->signals);
}

/* start_entities() - launch all, in the order of init.yaml; if one cannot be launched the others
 * end again */
static int start_entities(struct broker *broker, const char *exit_with)
{
    for (size_t i = 0; i < broker->config->n_entities; i++) {
        struct entity_run *entity = &broker->entities[i];
        if (exit_with != NULL && strcmp(entity->declared->task, exit_with) == 0) {
            broker->exit_with = entity;
        }
        if (entity->declared->is_built_in) {
            locator_entity_ended(broker->locator, i); /* nobody answers a static channel to it */
            cm_gone(broker->cm, i);
            continue;
        }
        int r = entity_start(entity);
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

/*
 * drop_privileges() - from here on the broker only needs what it has open
 *
 * CAP_KILL stays where entities run as other users: they have to be asked to end.
 */
static int drop_privileges(const struct init_config *config)
{
    const cap_value_t kill_others = CAP_KILL;
    size_t n_kept = 0;

    for (size_t i = 0; i < config->n_entities; i++) {
        if (config->entities[i].user != NULL) {
            n_kept = 1;
        }
    }
    return privileges_keep_only(&kill_others, n_kept);
}

/* earlier_ms() - the lesser of two timeouts, of which -1 has no end */
static int earlier_ms(int a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? (int)b : a;
}

/* next_timeout_ms() - how long the loop may wait */
static int next_timeout_ms(const struct broker *broker, bool undelivered)
{
    int64_t pause_ns = patience_deadline_ns(broker);
    int64_t deadline_ns = cm_deadline_ns(broker->cm);
    int timeout_ms = undelivered ? RETRY_MS : -1;

    if (broker->stopping) {
        int64_t left_ms = broker->kill_at_ms - now_ms();
        timeout_ms = earlier_ms(timeout_ms, left_ms > 0 ? left_ms : RETRY_MS);
    }
    if (company_is_kept(&broker->company)) {
        timeout_ms = earlier_ms(timeout_ms, COMPANY_REST_NS / NS_PER_MS);
    }
    deadline_ns = pause_ns < deadline_ns ? pause_ns : deadline_ns;
    if (deadline_ns != DEADLINE_NEVER) {
        int64_t left_ns = deadline_ns - broker_now_ns();
        int64_t left_ms = left_ns > 0 ? (left_ns + NS_PER_MS - 1) / NS_PER_MS : 0;
        timeout_ms = earlier_ms(timeout_ms, left_ms < INT32_MAX ? left_ms : INT32_MAX);
    }
    return timeout_ms;
}

/* broker_loop() - until every entity has ended */
static int broker_loop(struct broker *broker)
{
    while (broker->n_running > 0) {
        dynamic_answer(broker);
        patience_resume(broker);
        handles_settle_lost(broker);
        bool undelivered = backlog_deliver(&broker->backlog);
        if (broker->look_again) {
            session_answer_waiting(broker);
            undelivered = undelivered || broker->look_again;
        }
        if (broker->stopping && now_ms() >= broker->kill_at_ms) {
            signal_running(broker, SIGKILL);
        }
        company_look(&broker->company, broker_now_ns());
        int r = loop_turn(&broker->loop, next_timeout_ms(broker, undelivered));
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

/* held_now() - the capabilities of an entity, for the connection manager */
static uint64_t held_now(void *data, size_t number)
{
    const struct broker *broker = data;
    const struct entity_run *entity = &broker->entities[number];

    return held_by_process(entity->pid, entity->process.fd, entity->declared->capabilities,
                           entity->declared->n_capabilities);
}

static void happened(void *data, const struct cm_event *event)
{
    channel_log_event(data, event);
}

/* start_managers() - of static and of dynamic channels */
static int start_managers(struct broker *broker)
{
    const struct init_config *config = broker->config;
    struct cm_setup setup = {.n_entities = config->n_entities,
                             .tasks = broker->tasks,
                             .holders = broker->holders,
                             .backlog = &broker->backlog,
                             .n_to_spare = CHANNELS_MAX,
                             .hooks = {.held = held_now,
                                       .happened = broker->is_verbose ? happened : NULL,
                                       .data = broker}};

    for (size_t i = 0; i < config->n_entities; i++) {
        broker->tasks[i] = broker->holders[i].task = config->entities[i].task;
        setup.n_to_spare -= config->entities[i].n_connections;
    }
    int r = rules_make(config, broker->tasks, &broker->policy);
    if (r == 0) {
        r = locator_new(config, broker->holders, &broker->backlog, &broker->locator);
    }
    setup.policy = broker->policy;
    return r != 0 ? r : cm_new(&setup, &broker->cm);
}

static int broker_init(struct broker *broker, const struct init_config *config)
{
    broker->config = config;
    broker->signals.fd = -1;
    broker->loop.epoll = -1;
    TAILQ_INIT(&broker->backlog);
    handles_init(&broker->handles, &broker->backlog);
    notices_init(&broker->notices);
    broker->holders = holders_new(config->n_entities);
    broker->entities = calloc(config->n_entities, sizeof(*broker->entities));
    broker->tasks = calloc(config->n_entities, sizeof(*broker->tasks));
    if (broker->entities == NULL || broker->holders == NULL || broker->tasks == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < config->n_entities; i++) {
        broker->entities[i] = (struct entity_run){.broker = broker,
                                                  .number = i,
                                                  .declared = &config->entities[i],
                                                  .process.fd = -1,
                                                  .session.fd = -1};
    }
    int r = loop_init(&broker->loop);
    if (r == 0) {
        r = watch_signals(broker);
    }
    return r != 0 ? r : start_managers(broker);
}

static void broker_deinit(struct broker *broker)
{
    size_t n_entities = broker->config->n_entities;

    for (size_t i = 0; broker->entities != NULL && i < n_entities; i++) {
        entity_free(&broker->entities[i]);
    }
    for (size_t i = 0; broker->holders != NULL && i < n_entities; i++) {
        handles_give_back(&broker->holders[i]);
    }
    free(broker->entities);
    cm_free(broker->cm);
    policy_free(broker->policy);
    locator_free(broker->locator);
    free(broker->tasks);
    holders_free(broker->holders, n_entities);
    deadlines_deinit(&broker->pauses);
    loop_remove(&broker->loop, &broker->signals);
    loop_deinit(&broker->loop);
}

/*
 * broker_run() - run the solution to its end
 * @config: with executables found; borrowed
 *
 * Return: an exit status: of the entity options->exit_with; 128 + the number of the signal that
 * ended the run; else 0 if every entity exited with 0; else 1.
 */
int broker_run(const struct init_config *config, const struct broker_options *options)
{
    struct broker broker = {.output = options->output,
                            .libraries = options->libraries,
                            .config = config,
                            .is_verbose = options->is_verbose};

    descriptor_limit_raise();
    int r = orphans_adopt();
    if (r == 0) {
        r = broker_init(&broker, config);
    }
    if (r == 0) {
        r = start_entities(&broker, options->exit_with);
        if (r == 0) {
            r = drop_privileges(config);
        }
        if (r != 0) {
            broker_stop(&broker, EXIT_FAILURE);
        }
        fd_close(broker.output); /* what runs has its own by now */
        int looped = broker_loop(&broker);
        r = r != 0 ? r : looped;
    }
    if (r < 0) {
        (void)fprintf(stderr, "capchand: %s\n", strerror(-r));
    }
    orphans_end();
    int status = broker.stopping ? broker.status : (broker.failed ? EXIT_FAILURE : EXIT_SUCCESS);
    broker_deinit(&broker);
    return r != 0 && status == EXIT_SUCCESS ? EXIT_FAILURE : status;
}

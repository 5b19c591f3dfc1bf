/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker's state, and one running entity.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "broker/company.h"
#include "broker/loop.h"
#include "broker/rate.h"
#include "cm/cm.h"
#include "cm/deadlines.h"
#include "core/handles.h"
#include "core/notices.h"
#include "core/session_wire.h"
#include "locator/init_config.h"
#include "locator/locator.h"

struct broker;

/* A look-up that waits until its server's program has said what it serves. */
struct waiting_lookup {
    struct session_head head;
    char *name; /* of an endpoint; NULL: the interface of head.riid is wanted */
    struct waiting_lookup *next;
};

/*
 * @process: its pidfd
 * @session: our end of its session
 * @ended: of session_ready(): a client's end that is still to be shut down; -1: none
 * @log_rate: of what is logged about its requests
 * @failures: of its requests that led to nothing; @is_paused, until @pause: too many did
 */
struct entity_run {
    struct broker *broker;
    size_t number;
    const struct init_entity *declared;
    pid_t pid;
    struct loop_source process;
    struct loop_source session;
    int ended;
    struct waiting_lookup *waiting;
    size_t n_waiting;
    struct rate log_rate;
    struct rate failures;
    bool is_paused;
    struct deadline pause;
};

struct broker {
    const struct init_config *config;
    struct loop loop;
    struct company company;
    const char **tasks;
    struct holder *holders;
    struct backlog backlog;
    struct locator *locator;
    struct cm *cm;
    struct handles handles;
    struct notices notices;
    struct policy *policy;
    struct deadlines pauses;
    struct entity_run *entities;
    size_t n_running;
    const struct entity_run *exit_with;
    int output;
    const char *libraries;
    struct loop_source signals;
    bool look_again; /* waiting look-ups may be answered now */
    bool stopping;
    int64_t kill_at_ms; /* while stopping: when what is left is killed */
    int status;         /* what the whole run ends with */
    bool failed;        /* some entity ended with anything but 0 */
    bool is_verbose;    /* dynamic channels are logged */
    bool is_warned;     /* that there are no rules about them */
};

int entity_start(struct entity_run *entity);
void entity_free(struct entity_run *entity);
/* entity_holder() - what the broker keeps of its handles */
static inline struct holder *entity_holder(const struct entity_run *entity)
{
    return &entity->broker->holders[entity->number];
}

int session_welcome(struct entity_run *entity);
void session_ready(struct loop_source *source);
void session_end(struct entity_run *entity, const char *why);
void session_answer_waiting(struct broker *broker);
void session_forget_waiting(struct entity_run *entity);
void broker_entity_ended(struct entity_run *entity, int wait_status);
int64_t broker_now_ns(void);

void dynamic_answer(struct broker *broker);
void handles_settle_lost(struct broker *broker);

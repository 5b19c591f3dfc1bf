/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker's sessions and dynamic channels for two processes that the test itself forks: no
 * init.yaml, no programs, and so little to start that it can be done thousands of times.
 */
#pragma once

#include "broker/entity.h"

#define SMALL_ENTITIES 2

/* @config: as if init.yaml had declared the two, named by @tasks, without connections */
struct small_broker {
    struct broker broker;
    struct init_config config;
    struct init_entity declared[SMALL_ENTITIES];
    struct entity_run entities[SMALL_ENTITIES];
    const char *tasks[SMALL_ENTITIES];
    bool failed; /* a process exited with anything but 0, and was not killed */
};

int small_broker_init(struct small_broker *small, const char *first, const char *second);
int small_broker_fork(struct small_broker *small, size_t number, int (*program)(size_t number));
int small_broker_run(struct small_broker *small);
bool small_broker_deinit(struct small_broker *small);

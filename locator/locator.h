/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker's side of static channels: who may connect to whom, what of it is open, and where
 * endpoints are.
 *
 * Built from init.yaml; entities are numbered as in there. The functions return what the entity
 * that asks is to be told: 0, an enum error, or a negative errno. What closes handles is in
 * core/route.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/route.h"
#include "locator/init_config.h"

struct locator;

/* locator_riid() and locator_interface(): the server's program has not said yet what it serves */
#define LOCATOR_NOT_YET INT32_MAX

int locator_new(const struct init_config *config, struct holder *holders, struct backlog *backlog,
                struct locator **ret_locator);
struct locator *locator_free(struct locator *locator);

int locator_connect(struct locator *locator, size_t entity, const char *id, Handle *ret_handle,
                    int *ret_fd);
int locator_register(struct locator *locator, size_t entity, const char *id, Handle *ret_handle,
                     int *ret_fd);
const char *locator_service(const struct locator *locator, size_t entity, uint32_t number,
                            uint32_t *ret_n_services);
void locator_take_back(struct locator *locator, size_t entity, Handle handle);
void locator_session_lost(struct locator *locator, size_t entity);
void locator_entity_ended(struct locator *locator, size_t entity);

int locator_announce(struct locator *locator, size_t entity, uint32_t riid, const char *name,
                     const char *class_name, const char *interface);
void locator_announced(struct locator *locator, size_t entity);
int locator_riid(struct locator *locator, size_t entity, Handle handle, const char *name,
                 uint32_t *ret_riid);
const char *locator_endpoint(const struct locator *locator, size_t entity, Handle handle,
                             size_t number, size_t *ret_server);
const char *locator_served(const struct locator *locator, size_t entity, uint32_t riid);
int locator_interface(struct locator *locator, size_t entity, Handle handle, uint32_t riid,
                      const char **ret_name);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may ask which server for which service: the rules, and what follows from them for one
 * request. Without input, output or clock. Whom no rule allows it, may not.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct policy;

/*
 * One rule. Names may end with a `*`, which stands for any rest.
 * @requires: Linux capabilities that the client must hold, as bits; 0: none
 */
struct policy_rule {
    const char *client;
    const char *server;
    const char *service;
    uint64_t requires;
};

enum policy_verdict {
    POLICY_ALLOWED,
    POLICY_NOT_THE_SERVICE, /* the client may ask this server, but for something else */
    POLICY_NOT_THE_SERVER,  /* to the client there is no such server */
};

int policy_new(const struct policy_rule *rules, size_t n_rules, const char *const *tasks,
               size_t n_tasks, struct policy **ret_policy);
struct policy *policy_free(struct policy *policy);

uint64_t policy_required(const struct policy *policy, size_t client);
enum policy_verdict policy_check(const struct policy *policy, size_t client, const char *server,
                                 const char *service, uint64_t held, uint64_t *ret_missing);

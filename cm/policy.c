/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules are sorted by client when they are read, so that a request costs as much as the client has
 * rules, whatever the others have.
 */
#include "cm/policy.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"

/* @size: of @text, without the `*` at its end, which @is_open says there is */
struct pattern {
    const char *text;
    size_t size;
    bool is_open;
};

struct rule {
    struct pattern server;
    struct pattern service;
    uint64_t requires;
};

/* @required: what any of its rules requires */
struct client {
    const struct rule **rules;
    size_t n_rules;
    uint64_t required;
};

struct policy {
    struct rule *rules;
    struct client *clients;
    size_t n_clients;
};

static struct pattern pattern_of(const char *text)
{
    size_t size = strlen(text);
    bool is_open = size > 0 && text[size - 1] == '*';

    return (struct pattern){.text = text, .size = is_open ? size - 1 : size, .is_open = is_open};
}

static bool is_match(const struct pattern *pattern, const char *name)
{
    return strncmp(pattern->text, name, pattern->size) == 0 &&
           (pattern->is_open || name[pattern->size] == '\0');
}

/* client_init() - find the rules of the client that is called @task */
static int client_init(struct client *client, const char *task, const struct policy_rule *given,
                       const struct rule *rules, size_t n_rules)
{
    client->rules = calloc(n_rules + 1, sizeof(client->rules[0]));
    if (client->rules == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < n_rules; i++) {
        struct pattern pattern = pattern_of(given[i].client);
        if (is_match(&pattern, task)) {
            client->rules[client->n_rules++] = &rules[i];
            client->required |= rules[i].requires;
        }
    }
    const struct rule **fitting =
        realloc(client->rules, (client->n_rules + 1) * sizeof(client->rules[0]));
    client->rules = fitting != NULL ? fitting : client->rules;
    return 0;
}

static void policy_freep(struct policy **policy)
{
    policy_free(*policy);
}

/*
 * policy_new() - take over rules
 * @rules: their names are borrowed for the policy's life
 * @tasks: what the clients are called, by their numbers; borrowed
 *
 * Return: 0; -ENOMEM.
 */
int policy_new(const struct policy_rule *rules, size_t n_rules, const char *const *tasks,
               size_t n_tasks, struct policy **ret_policy)
{
    CLEANUP(policy_freep) struct policy *policy = calloc(1, sizeof(*policy));

    if (policy == NULL) {
        return -ENOMEM;
    }
    policy->rules = calloc(n_rules + 1, sizeof(policy->rules[0]));
    policy->clients = calloc(n_tasks + 1, sizeof(policy->clients[0]));
    if (policy->rules == NULL || policy->clients == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < n_rules; i++) {
        policy->rules[i] = (struct rule){.server = pattern_of(rules[i].server),
                                         .service = pattern_of(rules[i].service),
                                         .requires = rules[i].requires};
    }
    for (; policy->n_clients < n_tasks; policy->n_clients++) {
        struct client *client = &policy->clients[policy->n_clients];
        if (client_init(client, tasks[policy->n_clients], rules, policy->rules, n_rules) != 0) {
            return -ENOMEM;
        }
    }
    *ret_policy = STEAL(policy);
    return 0;
}

/* policy_free() - NULL is none. Return: NULL. */
struct policy *policy_free(struct policy *policy)
{
    if (policy == NULL) {
        return NULL;
    }
    for (size_t i = 0; policy->clients != NULL && i < policy->n_clients; i++) {
        free(policy->clients[i].rules);
    }
    free(policy->clients);
    free(policy->rules);
    free(policy);
    return NULL;
}

/* policy_required() - the capabilities that it makes a difference for @client to hold */
uint64_t policy_required(const struct policy *policy, size_t client)
{
    return policy->clients[client].required;
}

/*
 * policy_check() - whether @client may ask @server for @service
 * @held:        capabilities that it holds
 * @ret_missing: set unless POLICY_ALLOWED is returned: what the first rule for just this requires
 * and the client does not hold; 0 if there is no rule for this
 *
 * A rule whose capabilities the client does not hold is no rule.
 *
 * How long it takes says nothing of which servers there are, nor of what others may.
 */
enum policy_verdict policy_check(const struct policy *policy, size_t client, const char *server,
                                 const char *service, uint64_t held, uint64_t *ret_missing)
{
    enum policy_verdict verdict = POLICY_NOT_THE_SERVER;
    const struct client *own = &policy->clients[client];
    uint64_t missing = 0;

    for (size_t i = 0; i < own->n_rules; i++) {
        const struct rule *rule = own->rules[i];
        if (!is_match(&rule->server, server)) {
            continue;
        }
        uint64_t lacks = rule->requires & ~held;
        bool is_it = is_match(&rule->service, service);
        if (lacks == 0 && is_it) {
            return POLICY_ALLOWED;
        }
        if (lacks == 0) {
            verdict = POLICY_NOT_THE_SERVICE;
        } else if (is_it && missing == 0) {
            missing = lacks;
        }
    }
    *ret_missing = missing;
    return verdict;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/rules.h"

#include <errno.h>
#include <stdlib.h>

#include "broker/held.h"
#include "core/cleanup.h"

/*
 * rules_make() - the policy that @config declares
 * @config:     borrowed for the policy's life
 * @tasks:      names of the entities; borrowed
 * @ret_policy: owned by the caller; NULL: there are no rules, and everybody may ask anybody
 *
 * Return: 0; -ENOMEM.
 */
int rules_make(const struct init_config *config, const char *const *tasks,
               struct policy **ret_policy)
{
    CLEANUP(free_p) struct policy_rule *rules = calloc(config->n_rules + 1, sizeof(rules[0]));

    if (rules == NULL) {
        return -ENOMEM;
    }
    if (!config->has_rules) {
        *ret_policy = NULL;
        return 0;
    }
    for (size_t i = 0; i < config->n_rules; i++) {
        const struct init_rule *rule = &config->rules[i];
        rules[i] = (struct policy_rule){.client = rule->client,
                                        .server = rule->server,
                                        .service = rule->service,
                                        .requires = held_bits(rule->requires, rule->n_requires)};
    }
    return policy_new(rules, config->n_rules, tasks, config->n_entities, ret_policy);
}

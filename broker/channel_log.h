/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `capchan run -v` says about dynamic channels, one line for each thing that happens; and,
 * always, about endpoints that there are not:
 *
 *     capchand: 'Client' asks 'Server' for 'echo'
 *     capchand: 'Client' gets no channel to 'Server' for 'echo': no rule allows it
 *     capchand: init.yaml:5: 'Client' looks for the endpoint 'a.b' of 'Server', which has 'a.c'
 *
 * Whoever asks too often finds the rest of its lines counted and not printed; others' are not
 * affected.
 */
#pragma once

#include "broker/entity.h"

/* A name in the log, in quotes: printable ASCII; what is not becomes \xNN, a long one ends in dots.
 */
struct log_name {
    char text[88];
};

struct log_name log_name(const char *name);
void channel_log_event(struct broker *broker, const struct cm_event *event);
void channel_log_endpoint(struct entity_run *client, Handle handle, const char *asked);
void channel_log_flush(struct entity_run *entity);
void channel_log_no_rules(struct broker *broker);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entities may do with their handles, and what a simple model says that this leads to: it
 * forgets nothing and looks at everything each time.
 *
 *     handles_model_begin();
 *     while (... && handles_model_take(&step)) ...
 *     ... handles_model_matches() ...
 *     ... handles_model_end() ...
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define HANDLES_MODEL_STEPS_MAX 1000

enum action {
    MAKE,
    MAKE_BADGE,
    COPY,
    GIVE,
    SEND,
    TAKE,
    NOT_SEND,
    CHANGE_CHANNEL,
    SETTLE,
    CLOSE,
    REVOKE,
    REVOKE_TIED,
    ASK_SID,
    GUESS,
    _N_ACTIONS,
};

/* The choices of a step are numbers that mean something only when it is its turn, so that steps
 * can be left out of a run. */
struct step {
    enum action action;
    uint32_t which;
    uint32_t badge;
    uint32_t rights;
    uint32_t to;
};

void handles_model_begin(void);
bool handles_model_take(const struct step *step);
bool handles_model_matches(void);
bool handles_model_end(void);

/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/patience.h"

#include "broker/entity.h"
#include "core/container.h"
#include "core/limits.h"

static const struct rate_limit limit = {.at_once = FAILURES_AT_ONCE_MAX,
                                        .per_second = FAILURES_PER_SECOND_MAX};

/*
 * patience_use() - a request of @entity led to nothing
 *
 * If no more may, none of its requests is read until one may again.
 */
void patience_use(struct entity_run *entity)
{
    struct broker *broker = entity->broker;

    (void)rate_take(&entity->failures, &limit, broker_now_ns());
    if (entity->is_paused || !rate_is_used_up(&entity->failures, &limit)) {
        return;
    }
    entity->pause.at_ns = rate_next_ns(&entity->failures, &limit);
    if (deadlines_add(&broker->pauses, &entity->pause) == 0) {
        entity->is_paused = true;
        loop_pause(&broker->loop, &entity->session);
    }
}

/* patience_resume() - listen again to those who have waited long enough */
void patience_resume(struct broker *broker)
{
    struct deadline *first;

    while ((first = deadlines_first(&broker->pauses)) != NULL && first->at_ns <= broker_now_ns()) {
        struct entity_run *entity = CONTAINER_OF(first, struct entity_run, pause);
        patience_forget(entity);
        if (entity->session.fd >= 0 && loop_add(&broker->loop, &entity->session) != 0) {
            loop_remove(&broker->loop, &entity->session);
        }
    }
}

/* patience_deadline_ns() - when patience_resume() has something to do next; DEADLINE_NEVER */
int64_t patience_deadline_ns(const struct broker *broker)
{
    const struct deadline *first = deadlines_first(&broker->pauses);

    return first != NULL ? first->at_ns : DEADLINE_NEVER;
}

/* patience_forget() - @entity is not paused any more */
void patience_forget(struct entity_run *entity)
{
    if (entity->is_paused) {
        entity->is_paused = false;
        deadlines_remove(&entity->broker->pauses, &entity->pause);
    }
}

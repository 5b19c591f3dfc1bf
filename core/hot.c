/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hot.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Looks in vain after which a channel counts as cold, while others are busy. */
#define IDLE_LOOKS_MAX 4096

/* hot_reserve() - make room for @n_channels. Return: 0; -ENOMEM. */
int hot_reserve(struct hot_set *hot, size_t n_channels)
{
    struct served **channels = realloc(hot->channels, n_channels * sizeof(struct served *));

    if (channels == NULL) {
        return -ENOMEM;
    }
    hot->channels = channels;
    return 0;
}

/* hot_deinit() - give the set back; no channel is hot any more */
void hot_deinit(struct hot_set *hot)
{
    free(hot->channels);
    *hot = (struct hot_set){0};
}

/* hot_add() - look at the memory of @served from now on */
void hot_add(struct hot_set *hot, struct served *served)
{
    if (!served->is_hot && served->shared.memory != NULL) {
        shared_server_arm(&served->shared, false);
        served->is_hot = true;
        served->n_idle = 0;
        hot->channels[hot->n_channels++] = served;
    }
}

/* hot_remove() - stop that; the bell is the caller's business */
void hot_remove(struct hot_set *hot, struct served *served)
{
    for (size_t i = 0; served->is_hot && i < hot->n_channels; i++) {
        if (hot->channels[i] == served) {
            hot->channels[i] = hot->channels[--hot->n_channels];
            served->is_hot = false;
        }
    }
}

/* hot_arm() - have the bells of all hot channels rung again, or not */
void hot_arm(struct hot_set *hot, bool is_armed)
{
    for (size_t i = 0; i < hot->n_channels; i++) {
        shared_server_arm(&hot->channels[i]->shared, is_armed);
    }
}

/* hot_forget() - no channel is hot any more; their bells are armed */
void hot_forget(struct hot_set *hot)
{
    while (hot->n_channels > 0) {
        hot->channels[--hot->n_channels]->is_hot = false;
    }
}

/* hot_look() - whether a hot channel has a request; then a reference to it is the caller's */
static bool hot_look(struct hot_set *hot, size_t at, struct found *ret_found)
{
    struct served *served = hot->channels[at];
    int slot = shared_server_find(&served->shared);

    if (slot < 0) {
        served->n_idle++;
        return false;
    }
    served->n_idle = 0;
    served->refs++;
    *ret_found = (struct found){.served = served, .slot = slot};
    return true;
}

/* hot_find() - look at all hot channels once, those first that had no request for longest */
bool hot_find(struct hot_set *hot, struct found *ret_found)
{
    size_t idle = SIZE_MAX;

    for (size_t i = 0; i < hot->n_channels; i++) {
        size_t at = (hot->next + i) % hot->n_channels;
        if (hot_look(hot, at, ret_found)) {
            hot->next = at + 1;
            return true;
        }
        idle = hot->channels[at]->n_idle > IDLE_LOOKS_MAX ? at : idle;
    }
    if (idle == SIZE_MAX || hot->n_channels == 1) {
        return false;
    }
    /* One that has been quiet while others were busy gets its bell back. */
    struct served *served = hot->channels[idle];
    served->n_idle = 0;
    shared_server_arm(&served->shared, true);
    if (hot_look(hot, idle, ret_found)) {
        shared_server_arm(&served->shared, false);
        return true;
    }
    hot_remove(hot, served);
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hot.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/every_call.h"
#include "core/not_inline.h"
#include "core/spin.h"

/* Rests without a request after which a channel is not looked at again right after the next one. */
#define WARM_RESTS_MAX 4

/* Looks in vain after which a channel counts as cold, while others are busy. */
#define IDLE_LOOKS_MAX 4096

/* hot_init() - no channels; bells are to be rung */
void hot_init(struct hot_set *hot)
{
    *hot = (struct hot_set){.cold_bell = SHARED_BELL_RING};
}

/* hot_deinit() - give the set back */
void hot_deinit(struct hot_set *hot)
{
    free(hot->channels);
    hot_init(hot);
}

/* hot_reserve() - make room for @n_channels. Return: 0; -ENOMEM. */
int hot_reserve(struct hot_set *hot, size_t n_channels)
{
    struct served **channels;

    if (n_channels <= hot->n_room) {
        return 0;
    }
    channels = realloc(hot->channels, n_channels * sizeof(struct served *));
    if (channels == NULL) {
        return -ENOMEM;
    }
    hot->channels = channels;
    hot->n_room = n_channels;
    return 0;
}

/* swap() - let two channels change places */
static void swap(struct hot_set *hot, size_t one, size_t other)
{
    struct served *served = hot->channels[one];

    hot->channels[one] = hot->channels[other];
    hot->channels[other] = served;
    hot->channels[one]->place = one;
    served->place = other;
}

/* hot_insert() - take in a channel that has memory from now on; it is hot */
void hot_insert(struct hot_set *hot, struct served *served)
{
    served->place = hot->n_channels;
    hot->channels[hot->n_channels++] = served;
    hot_heat(hot, served);
}

/* hot_remove() - forget a channel, if it is in the set */
void hot_remove(struct hot_set *hot, struct served *served)
{
    if (served->place >= hot->n_channels || hot->channels[served->place] != served) {
        return;
    }
    if (served->place < hot->n_hot) {
        swap(hot, served->place, --hot->n_hot);
    }
    swap(hot, served->place, --hot->n_channels);
}

/* hot_heat() - look at the memory of @served from now on */
void hot_heat(struct hot_set *hot, struct served *served)
{
    if (served->place >= hot->n_hot) {
        shared_server_arm(&served->shared, SHARED_BELL_NONE);
        served->n_idle = 0;
        swap(hot, served->place, hot->n_hot++);
    }
}

/* keep_warm() - move to the front what was busy before this rest, or one of the last ones */
static void keep_warm(struct hot_set *hot)
{
    hot->n_warm = 0;
    for (size_t i = 0; i < hot->n_hot; i++) {
        if (hot->channels[i]->n_warm_rests > 0) {
            hot->channels[i]->n_warm_rests--;
            swap(hot, i, hot->n_warm++);
        }
    }
}

/* hot_warm_up() - the rest is over: who called before will call again, and need not ring for that
 */
EVERY_CALL void hot_warm_up(struct hot_set *hot)
{
    for (size_t i = 0; i < hot->n_warm && i < hot->n_channels; i++) {
        hot_heat(hot, hot->channels[i]);
    }
    hot->n_warm = 0;
}

/* hot_is_cold() - whether all bells are to be rung, and none of who was busy is to be looked at */
bool hot_is_cold(const struct hot_set *hot)
{
    return hot->n_hot == 0 && hot->n_warm == 0 && hot->cold_bell == SHARED_BELL_RING;
}

/*
 * hot_cool() - have all clients set off @bell, as no memory will be looked at until hot_warm_up()
 *
 * Return: true; false: some had a request already, and are hot.
 */
EVERY_CALL bool hot_cool(struct hot_set *hot, enum shared_bell bell)
{
    size_t n_changed = bell == hot->cold_bell ? hot->n_hot : hot->n_channels;

    keep_warm(hot);
    for (size_t i = 0; i < n_changed; i++) {
        shared_server_arm(&hot->channels[i]->shared, bell);
    }
    hot->cold_bell = bell;
    hot->n_hot = 0;
    hot->n_served = 0;
    /* Pairs with the client's: we see its request, or it sees that it has to tell us. */
    atomic_thread_fence(memory_order_seq_cst);
    for (size_t i = 0; i < n_changed; i++) {
        if (shared_server_has_new(&hot->channels[i]->shared)) {
            hot_heat(hot, hot->channels[i]);
        }
    }
    return hot->n_hot == 0;
}

/* hot_gather() - look whose client has set off its bell */
EVERY_CALL void hot_gather(struct hot_set *hot)
{
    for (size_t i = hot->n_hot; i < hot->n_channels; i++) {
        if (shared_server_has_rung(&hot->channels[i]->shared)) {
            hot_heat(hot, hot->channels[i]);
        }
    }
}

/* hot_expect() - what the bells of all channels are, none of which is hot */
void hot_expect(const struct hot_set *hot, struct futex_expectation *ret_expected)
{
    for (size_t i = 0; i < hot->n_channels; i++) {
        ret_expected[i] = (struct futex_expectation){.word = &hot->channels[i]->shared.memory->bell,
                                                     .value = hot->cold_bell};
    }
}

/* hot_has_new() - whether hot_find() may find something; without a trace, so it can be asked often
 */
bool hot_has_new(const struct hot_set *hot)
{
    for (size_t i = 0; i < hot->n_hot; i++) {
        if (shared_server_has_new(&hot->channels[i]->shared)) {
            return true;
        }
    }
    return false;
}

/* hot_see_whether_busy() - after @n_looks: whether the server did not rest meanwhile, and every
 * other look has found something */
void hot_see_whether_busy(struct hot_set *hot, unsigned n_looks)
{
    hot->is_busy = hot->n_served >= n_looks / 2;
    hot->n_served = 0;
}

/* advise() - how @served, one of several, is to wait for its next reply, so that all get on */
NOT_INLINE static enum shared_advice advise(struct hot_set *hot, struct served *served)
{
    uint32_t client_cpu = atomic_load_explicit(&served->shared.client_cpu, memory_order_relaxed);

    hot->n_served++;
    if (client_cpu != spin_cpu() && turns_take(&hot->turns, served, client_cpu, hot->n_hot)) {
        return SHARED_ADVICE_SLEEP;
    }
    return hot->n_hot > 1 && hot->is_busy ? SHARED_ADVICE_PART : SHARED_ADVICE_NONE;
}

/* look() - whether a hot channel has a request; then a reference to it is the caller's */
static bool look(struct hot_set *hot, size_t at, struct found *ret_found)
{
    struct served *served = hot->channels[at];
    int slot = shared_server_find(&served->shared);

    if (slot < 0) {
        hot->has_mail = shared_server_take_mail(&served->shared) || hot->has_mail;
        served->n_idle++;
        return false;
    }
    served->n_idle = 0;
    served->n_warm_rests = WARM_RESTS_MAX;
    atomic_store_explicit(&served->shared.advice,
                          hot->n_channels == 1 ? SHARED_ADVICE_NONE : advise(hot, served),
                          memory_order_relaxed);
    *ret_found = (struct found){.served = served_ref(served), .slot = (unsigned)slot};
    return true;
}

/* cool_one() - a channel that has been quiet while others were busy gets its bell back */
static void cool_one(struct hot_set *hot, struct served *served)
{
    shared_server_arm(&served->shared, hot->cold_bell);
    swap(hot, served->place, --hot->n_hot);
    atomic_thread_fence(memory_order_seq_cst);
    if (shared_server_has_new(&served->shared)) {
        hot_heat(hot, served);
    }
}

/* hot_find() - look at all hot channels once, those first that had no request for longest */
bool hot_find(struct hot_set *hot, struct found *ret_found)
{
    struct served *idle = NULL;

    for (size_t i = 0; i < hot->n_hot; i++) {
        size_t at = hot->next < hot->n_hot ? hot->next : 0;
        hot->next = at + 1;
        if (look(hot, at, ret_found)) {
            return true;
        }
        idle = hot->channels[at]->n_idle > IDLE_LOOKS_MAX ? hot->channels[at] : idle;
    }
    if (idle != NULL && hot->n_hot > 1) {
        cool_one(hot, idle);
    }
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever entities do with their handles, in whatever order, gives them what a simple model says
 * and nothing more. The model forgets nothing and looks at everything each time.
 *
 * A run that fails is made shorter, until every step that is left is needed for it.
 */
#include <services/ocap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/handles.h"
#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/random_value.h"

#define N_HOLDERS 4
#define N_RUNS 100
/* Without a listener, no resource can be called. */
#define RIGHTS ((OCAP_HANDLE_GENERAL_FULL | OCAP_HANDLE_SPEC_FULL) & ~OCAP_IPC_CALL)
#define STEPS_PER_RUN 1000 /* 10^5 in all */

enum action {
    MAKE,
    MAKE_BADGE,
    COPY,
    GIVE,
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

/*
 * A handle that there is, or was.
 * @resource: number of its root
 * @parent:   from which it was made, closed or not; -1 for a root
 * @badge:    that it is tied to; -1: none
 */
struct entry {
    size_t holder;
    Handle handle;
    int resource;
    int parent;
    int badge;
    uint32_t rights;
    bool is_badge;
    bool is_closed;
    bool is_revoked;
};

static struct handles handles;
static struct holder *holders;
static struct backlog backlog;
static struct entry entries[STEPS_PER_RUN];
static uint32_t sids[STEPS_PER_RUN];
static int n_entries;

/* comes_from() - whether @ancestor is among those that @entry was made from, or is it */
static bool comes_from(int entry, int ancestor)
{
    while (entry >= 0 && entry != ancestor) {
        entry = entries[entry].parent;
    }
    return entry == ancestor;
}

static int depth(int entry)
{
    int n = 0;

    for (; entry >= 0; entry = entries[entry].parent) {
        n++;
    }
    return n;
}

static void add(struct entry entry)
{
    entry.resource = entry.parent < 0 ? n_entries : entries[entry.parent].resource;
    entries[n_entries++] = entry;
}

/* pick() - one of the handles so far, open or not, and rather a new one; -1 if there is none */
static int pick(uint32_t which)
{
    const int n_new = 24;

    if (which % 4 != 0 && n_entries > n_new) {
        return n_entries - 1 - (int)(which / 4 % (uint32_t)n_new);
    }
    return n_entries == 0 ? -1 : (int)(which / 4 % (uint32_t)n_entries);
}

/* usable() - what is to be told to who uses an entry */
static int usable(int entry)
{
    if (entries[entry].is_closed) {
        return ERROR_BAD_HANDLE;
    }
    return entries[entry].is_revoked ? ERROR_REVOKED : 0;
}

static bool make(const struct step *step)
{
    const struct handles_resource resource = {.rights = step->rights & RIGHTS,
                                              .listener = INVALID_HANDLE};
    size_t holder = step->to % N_HOLDERS;
    Handle handle;

    if (handles_make_resource(&holders[holder], &resource, &handle) != 0) {
        return false;
    }
    add((struct entry){
        .holder = holder, .handle = handle, .parent = -1, .badge = -1, .rights = resource.rights});
    return true;
}

static bool make_badge(const struct step *step)
{
    size_t holder = step->to % N_HOLDERS;
    Handle handle;

    if (handles_make_badge(&holders[holder], 0, &handle) != 0) {
        return false;
    }
    add((struct entry){.holder = holder,
                       .handle = handle,
                       .parent = -1,
                       .badge = -1,
                       .rights = OCAP_HANDLE_GET_EVENT,
                       .is_badge = true});
    return true;
}

/* badge_of() - one of the badges that the holder of @from has or had, or by chance none */
static int badge_of(int from, uint32_t which)
{
    for (int i = 0; from >= 0 && i < n_entries && which % 3 != 0; i++) {
        int entry = (int)((which + (uint32_t)i) % (uint32_t)n_entries);
        if (entries[entry].is_badge && entries[entry].holder == entries[from].holder) {
            return entry;
        }
    }
    return -1;
}

/* expected() - what the model says to a handle that is to be made */
static int expected(int from, uint32_t needed, uint32_t rights, int badge)
{
    const struct entry *entry = &entries[from];
    int r = usable(from);

    if (r != 0) {
        return r;
    }
    if ((entry->rights & needed) == 0 || (rights & ~entry->rights) != 0) {
        return ERROR_DENIED;
    }
    return badge >= 0 && entries[badge].is_closed ? ERROR_BAD_HANDLE : 0;
}

static bool derive(const struct step *step, uint32_t needed)
{
    int from = pick(step->which);
    int badge = badge_of(from, step->badge);
    if (from < 0) {
        return true;
    }
    /* Mostly rights that there are; now and then, any. */
    uint32_t rights = step->to % 7 == 0 ? step->rights : step->rights & entries[from].rights;
    size_t to = needed == OCAP_HANDLE_COPY ? entries[from].holder : step->to % N_HOLDERS;
    const struct handles_wish wish = {.from = &holders[entries[from].holder],
                                      .handle = entries[from].handle,
                                      .needed = needed,
                                      .rights = rights,
                                      .badge = badge < 0 ? INVALID_HANDLE : entries[badge].handle,
                                      .to = &holders[to]};
    Handle handle;

    int r = handles_derive(&wish, &handle);
    if (r == ERROR_QUOTA && depth(from) >= HANDLE_DEPTH_MAX) {
        return true;
    }
    if (r == 0) {
        add((struct entry){
            .holder = to, .handle = handle, .parent = from, .badge = badge, .rights = rights});
        from = entries[n_entries - 1].parent;
        return expected(from, needed, rights, badge) == 0;
    }
    return r == expected(from, needed, rights, badge);
}

static bool close_one(const struct step *step)
{
    int entry = pick(step->which);

    if (entry < 0) {
        return true;
    }
    int r = handle_give_back(&holders[entries[entry].holder], entries[entry].handle);
    bool is_right = r == (entries[entry].is_closed ? ERROR_BAD_HANDLE : 0);
    entries[entry].is_closed = true;
    return is_right;
}

/* take_away() - all that was made from @from with @badge, or all that was made from it at all */
static void take_away(int from, int badge)
{
    for (int i = 0; i < n_entries; i++) {
        for (int at = i; at >= 0 && at != from; at = entries[at].parent) {
            bool is_cut = badge < 0 || entries[at].badge == badge;
            if (is_cut && comes_from(at, from) && !entries[i].is_closed) {
                entries[i].is_revoked = true;
            }
        }
    }
}

static bool revoke(const struct step *step)
{
    int entry = pick(step->which);

    if (entry < 0) {
        return true;
    }
    int r = handles_revoke(&holders[entries[entry].holder], entries[entry].handle);
    bool is_right = r == usable(entry);
    if (r == 0) {
        take_away(entry, -1);
        entries[entry].is_closed = true;
    }
    return is_right;
}

/* tied_to() - the badge of the first handle from @entry on that is tied to one, of which @ret_from
 * becomes an ancestor with the same holder as the badge; -1 if there is none */
static int tied_to(int entry, uint32_t levels, int *ret_from)
{
    while (entry >= 0 && entries[entry].badge < 0) {
        entry--;
    }
    if (entry < 0) {
        return -1;
    }
    int badge = entries[entry].badge;
    *ret_from = entries[entry].parent;
    for (int at = *ret_from; at >= 0 && levels-- % 4 != 0; at = entries[at].parent) {
        *ret_from = entries[at].holder == entries[badge].holder ? at : *ret_from;
    }
    return badge;
}

static bool revoke_tied(const struct step *step)
{
    int entry = -1;
    int badge = tied_to(pick(step->which), step->badge, &entry);

    if (badge < 0) {
        return true;
    }
    int r = handles_revoke_tied(&holders[entries[entry].holder], entries[entry].handle,
                                entries[badge].handle);
    int wanted = usable(entry);
    if (wanted == 0 && entries[badge].is_closed) {
        wanted = ERROR_BAD_HANDLE;
    }
    if (r == 0) {
        take_away(entry, badge);
    }
    return r == wanted;
}

/* ask_sid() - the same for one resource, another one for others */
static bool ask_sid(const struct step *step)
{
    int entry = pick(step->which);
    uint32_t sid = 0;

    if (entry < 0) {
        return true;
    }
    int r = handles_sid(&handles, &holders[entries[entry].holder], entries[entry].handle, &sid);
    int wanted = usable(entry);
    if (wanted == 0 && (entries[entry].rights & OCAP_HANDLE_GET_SID) == 0) {
        wanted = ERROR_DENIED;
    }
    if (r != 0 || wanted != 0) {
        return r == wanted;
    }
    for (int i = 0; i < n_entries; i++) {
        if (i != entries[entry].resource && sids[i] == sid) {
            return false;
        }
    }
    uint32_t before = sids[entries[entry].resource];
    sids[entries[entry].resource] = sid;
    return before == 0 || before == sid;
}

/* guess() - a number that may be anybody's: it names what its own holder has, or nothing */
static bool guess(const struct step *step)
{
    struct holder *holder = &holders[step->to % N_HOLDERS];
    int other = pick(step->which);
    Handle handle = other < 0 || step->to % 5 == 0 ? step->rights : entries[other].handle;
    bool is_own = false;

    for (int i = 0; i < n_entries; i++) {
        is_own = is_own || (entries[i].handle == handle && !entries[i].is_closed &&
                            &holders[entries[i].holder] == holder);
    }
    return (capability_space_find(&holder->space, handle) != NULL) == is_own;
}

static bool take(const struct step *step)
{
    switch (step->action) {
    case MAKE:
        return make(step);
    case MAKE_BADGE:
        return make_badge(step);
    case COPY:
        return derive(step, OCAP_HANDLE_COPY);
    case GIVE:
        return derive(step, OCAP_HANDLE_TRANSFER);
    case CLOSE:
        return close_one(step);
    case REVOKE:
        return revoke(step);
    case REVOKE_TIED:
        return revoke_tied(step);
    case ASK_SID:
        return ask_sid(step);
    default:
        return guess(step);
    }
}

/* matches() - whether every handle is what the model says, at the end of a run */
static bool matches(void)
{
    size_t n_open = 0;

    for (int i = 0; i < n_entries; i++) {
        const struct capability *capability =
            capability_space_find(&holders[entries[i].holder].space, entries[i].handle);
        if ((capability == NULL) != entries[i].is_closed) {
            return false;
        }
        if (capability != NULL &&
            (capability->node->rights != entries[i].rights ||
             (capability->node->state == DERIVATION_REVOKED) != entries[i].is_revoked)) {
            return false;
        }
        n_open += capability != NULL;
    }
    for (size_t i = 0; i < N_HOLDERS; i++) {
        for (size_t at = 0; at < holders[i].space.n_slots; at++) {
            n_open -= capability_space_at(&holders[i].space, at) != 0;
        }
    }
    return n_open == 0;
}

/* run() - from nothing. Return: the step that went wrong; @n_steps if none did. */
static int run(const struct step *steps, int n_steps)
{
    int i = 0;

    holders = holders_new(N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
    TAILQ_INIT(&backlog);
    handles_init(&handles, &backlog);
    n_entries = 0;
    for (int at = 0; at < STEPS_PER_RUN; at++) {
        sids[at] = 0;
    }
    while (i < n_steps && take(&steps[i])) {
        i++;
    }
    if (i == n_steps && !matches()) {
        i = n_steps - 1;
    }
    bool is_clean = true;
    for (size_t at = 0; at < N_HOLDERS; at++) {
        handles_give_back(&holders[at]);
    }
    for (size_t at = 0; at < N_HOLDERS; at++) {
        is_clean = is_clean && holders[at].n_closed_tied == 0;
    }
    holders_free(holders, N_HOLDERS);
    return is_clean ? i : 0;
}

static void fill(struct random_source *source, struct step *steps)
{
    /* How often each, of 32: much is made, some is taken back. */
    static const enum action often[32] = {
        MAKE,  MAKE,  MAKE,       COPY,       COPY,  COPY,    COPY,        COPY,
        COPY,  COPY,  GIVE,       GIVE,       GIVE,  GIVE,    GIVE,        GIVE,
        GIVE,  GIVE,  GIVE,       CLOSE,      CLOSE, CLOSE,   CLOSE,       REVOKE,
        GUESS, GUESS, MAKE_BADGE, MAKE_BADGE, GIVE,  ASK_SID, REVOKE_TIED, REVOKE_TIED,
    };

    for (int i = 0; i < STEPS_PER_RUN; i++) {
        uint64_t choice = random_next(source);
        steps[i] =
            (struct step){.action = often[choice % 32],
                          .which = (uint32_t)(choice >> 32),
                          .badge = (uint32_t)random_next(source),
                          .rights = (uint32_t)random_next(source) | (uint32_t)random_next(source),
                          .to = (uint32_t)random_next(source)};
    }
}

/* shrink() - leave out what a failure does not need. Return: how many steps are left. */
static int shrink(struct step *steps, int n_steps)
{
    static struct step fewer[STEPS_PER_RUN];

    for (int without = n_steps - 1; without >= 0; without--) {
        int n = 0;
        for (int i = 0; i < n_steps; i++) {
            if (i != without) {
                fewer[n++] = steps[i];
            }
        }
        int failed = n > 0 ? run(fewer, n) : n;
        if (failed < n) {
            n_steps = failed + 1;
            for (int i = 0; i < n_steps; i++) {
                steps[i] = fewer[i];
            }
            without = without < n_steps ? without : n_steps;
        }
    }
    return n_steps;
}

static void print(const struct step *steps, int n_steps)
{
    static const char *const names[_N_ACTIONS] = {
        "make", "make badge", "copy", "give", "close", "revoke", "revoke tied", "ask sid", "guess"};

    for (int i = 0; i < n_steps; i++) {
        printf("  %s which=%u badge=%u rights=%#x to=%u\n", names[steps[i].action], steps[i].which,
               steps[i].badge, steps[i].rights, steps[i].to);
    }
}

START_TEST(no_sequence_of_operations_gives_more_than_the_model_says)
{
    static struct step steps[STEPS_PER_RUN];
    struct random_source source = {.state = random_seed()};

    for (int i = 0; i < N_RUNS; i++) {
        fill(&source, steps);
        int failed = run(steps, STEPS_PER_RUN);
        if (failed < STEPS_PER_RUN) {
            int n_steps = shrink(steps, failed + 1);
            print(steps, n_steps);
            ck_abort_msg("run %d goes wrong with these %d steps", i, n_steps);
        }
    }
}
END_TEST

START_TEST(ten_million_guesses_hit_nothing)
{
    const struct handles_resource resource = {.listener = INVALID_HANDLE};
    struct random_source source = {.state = random_seed()};
    unsigned n_hits = 0;
    Handle real;

    holders = holders_new(2);
    ck_assert_ptr_nonnull(holders);
    for (int i = 0; i < 1000; i++) { /* all stale but the last, and all of them the other's */
        ck_assert_int_eq(handles_make_resource(&holders[0], &resource, &real), 0);
        ck_assert_int_eq(i < 999 ? handle_give_back(&holders[0], real) : 0, 0);
    }
    for (int i = 0; i < 5000000; i++) {
        Handle handle = (Handle)random_next(&source);
        n_hits += handle != real && capability_space_find(&holders[0].space, handle) != NULL;
        n_hits += capability_space_find(&holders[1].space, handle) != NULL;
    }
    n_hits += capability_space_find(&holders[1].space, real) != NULL;
    ck_assert_uint_eq(n_hits, 0);
    handles_give_back(&holders[0]);
    holders_free(holders, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("handles_model");
    TCase *cases = tcase_create("handles_model");

    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, no_sequence_of_operations_gives_more_than_the_model_says);
    tcase_add_test(cases, ten_million_guesses_hit_nothing);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

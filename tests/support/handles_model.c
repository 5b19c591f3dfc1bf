/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/handles_model.h"

#include <check.h>
#include <services/ocap.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/handles.h"
#include "core/limits.h"

#define N_HOLDERS 4
#define N_CHANNELS 8
/* Without a listener, no resource can be called. */
#define RIGHTS ((OCAP_HANDLE_GENERAL_FULL | OCAP_HANDLE_SPEC_FULL) & ~OCAP_IPC_CALL)
#define BADGE_CONTEXT 1000000 /* and the number of the badge */

/*
 * A handle that there is, or was.
 * @resource: number of its root
 * @parent:   from which it was made, closed or not; -1 for a root
 * @badge:    that it is tied to; -1: none
 * @is_waiting: for its receiver to take it, who got it over @channel
 * @is_back:  it is to say that @own came back with @context, and will be no handle
 * @is_lost:  the channel has ended
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
    bool is_waiting;
    bool is_back;
    bool is_lost;
    int channel;
    bool to_server;
    Handle own;
    uint64_t context;
};

/* Channels, each between two of the holders; the last one is between a holder and itself. */
struct channel {
    struct inbox inbox;
    struct route route;
    int server_fd;
};

static struct handles handles;
static struct holder *holders;
static struct backlog backlog;
static struct channel channels[N_CHANNELS];
static struct entry entries[HANDLES_MODEL_STEPS_MAX];
static uint32_t sids[HANDLES_MODEL_STEPS_MAX];
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
    return entry < 0 ? 0 : 1 + depth(entries[entry].parent);
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
    if (entries[entry].is_closed || entries[entry].is_waiting) {
        return ERROR_BAD_HANDLE;
    }
    return entries[entry].is_revoked ? ERROR_REVOKED : 0;
}

/* add_root() - what was just made, unless @r. Return: whether it was. */
static bool add_root(int r, struct entry entry)
{
    entry.parent = entry.badge = -1;
    if (r == 0) {
        add(entry);
    }
    return r == 0;
}

static bool make(const struct step *step)
{
    const struct handles_resource resource = {.rights = step->rights & RIGHTS,
                                              .context = (uint64_t)n_entries,
                                              .listener = INVALID_HANDLE};
    struct entry entry = {.holder = step->to % N_HOLDERS, .rights = resource.rights};

    int r = handles_make_resource(&holders[entry.holder], &resource, &entry.handle);
    return add_root(r, entry);
}

static bool make_badge(const struct step *step)
{
    struct entry entry = {
        .holder = step->to % N_HOLDERS, .rights = OCAP_HANDLE_GET_EVENT, .is_badge = true};
    const uint64_t context = BADGE_CONTEXT + (uint64_t)n_entries;

    return add_root(handles_make_badge(&holders[entry.holder], context, &entry.handle), entry);
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

/* server_of(), client_of() - whose ends a channel has */
static struct holder *server_of(int channel)
{
    return &holders[channel % N_HOLDERS];
}

static struct holder *client_of(int channel)
{
    return &holders[channel == N_CHANNELS - 1 ? channel % N_HOLDERS
                                              : (channel + 1 + channel / N_HOLDERS) % N_HOLDERS];
}

static void nothing_ended(struct route *route)
{
    (void)route;
}

static void nothing_closed(struct inbox *inbox)
{
    (void)inbox;
}

static const struct route_class route_class = {.ended = nothing_ended, .released = nothing_ended};
static const struct inbox_class inbox_class = {.closed = nothing_closed};

static void open_channel(int number)
{
    struct channel *channel = &channels[number];
    struct route_peer peer;

    ck_assert_int_eq(route_open(&channel->route, &route_class, client_of(number), &channel->inbox),
                     0);
    /* so that both ends have names */
    ck_assert_int_eq(route_find_peer(client_of(number), channel->route.handle, &peer), 0);
}

static void open_channels(void)
{
    for (int i = 0; i < N_CHANNELS; i++) {
        inbox_init(&channels[i].inbox, &inbox_class, server_of(i), &backlog);
        ck_assert_int_eq(inbox_open(&channels[i].inbox, &channels[i].server_fd), 0);
        open_channel(i);
    }
}

/* handles_model_begin() - from nothing */
void handles_model_begin(void)
{
    holders = holders_new(N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
    TAILQ_INIT(&backlog);
    handles_init(&handles, &backlog);
    open_channels();
    n_entries = 0;
    memset(sids, 0, sizeof(sids));
}

/* An end of a channel, from which something is sent. */
struct end {
    int channel;
    bool to_server;
    struct holder *from;
    struct holder *to;
    Handle handle;
};

static struct end end_of(uint32_t number)
{
    int channel = (int)(number / 2 % N_CHANNELS);
    const struct route *route = &channels[channel].route;

    return number % 2 == 0
               ? (struct end){channel, true, client_of(channel), server_of(channel), route->handle}
               : (struct end){channel, false, server_of(channel), client_of(channel),
                              route->served};
}

/* own_end() - an end that @holder has; each of them has some */
static struct end own_end(const struct holder *holder, uint32_t which)
{
    which %= 2 * N_CHANNELS;
    while (end_of(which).from != holder) {
        which = (which + 1) % (2 * N_CHANNELS);
    }
    return end_of(which);
}

/* back_from() - what the provider of @from is to see when it comes back with @rights */
static struct entry back_from(int from, uint32_t rights)
{
    const int root = entries[from].resource;
    const size_t provider = entries[root].holder;
    struct entry back = {.parent = from,
                         .badge = -1,
                         .rights = rights,
                         .is_back = true,
                         .own = INVALID_HANDLE,
                         .context = (uint64_t)root};

    for (int at = from; at >= 0; at = entries[at].parent) {
        int badge = entries[at].badge;
        bool is_own = badge >= 0 && entries[badge].holder == provider && !entries[badge].is_closed;
        if (back.context == (uint64_t)root && is_own) {
            back.context = BADGE_CONTEXT + (uint64_t)badge;
        }
        if (back.own == INVALID_HANDLE && entries[at].holder == provider &&
            !entries[at].is_closed) {
            back.own = entries[at].handle;
        }
    }
    return back;
}

static bool send_one(const struct step *step)
{
    int from = pick(step->which);
    if (from < 0) {
        return true;
    }
    int badge = badge_of(from, step->badge);
    const struct end end = own_end(&holders[entries[from].holder], step->to);
    uint32_t rights = step->to % 7 == 0 ? step->rights : step->rights & entries[from].rights;
    const int root = entries[from].resource;
    bool is_back = !entries[root].is_badge && &holders[entries[root].holder] == end.to;
    const struct handles_wish wish = {.from = end.from,
                                      .handle = entries[from].handle,
                                      .needed = OCAP_HANDLE_TRANSFER,
                                      .rights = rights,
                                      .badge = badge < 0 ? INVALID_HANDLE : entries[badge].handle,
                                      .to = end.to};
    struct route_peer peer;
    Handle handle;

    if (route_find_peer(end.from, end.handle, &peer) != 0) {
        return !channels[end.channel].route.is_open;
    }
    int r = handles_send(&wish, &peer, &handle);
    if (r == ERROR_QUOTA && depth(from) >= HANDLE_DEPTH_MAX) {
        return true;
    }
    bool is_right = r == expected(from, OCAP_HANDLE_TRANSFER, rights, is_back ? -1 : badge);
    if (r != 0) {
        return is_right;
    }
    struct entry entry = is_back ? back_from(from, rights)
                                 : (struct entry){.parent = from, .badge = badge, .rights = rights};
    entry.holder = (size_t)(end.to - holders);
    entry.handle = handle;
    entry.is_waiting = true;
    entry.channel = end.channel;
    entry.to_server = end.to_server;
    add(entry);
    return is_right;
}

/* find_entry() - what @handle is to @holder; -1: nothing */
static int find_entry(const struct holder *holder, Handle handle)
{
    for (int i = 0; i < n_entries; i++) {
        if (&holders[entries[i].holder] == holder && entries[i].handle == handle &&
            !entries[i].is_closed) {
            return i;
        }
    }
    return -1;
}

/* take_parcel() - mostly by whom it is for, now and then by whoever guesses its number */
static bool take_parcel(const struct step *step)
{
    int guess = pick(step->which);
    if (guess < 0) {
        return true;
    }
    struct holder *holder =
        &holders[step->to % 5 == 0 ? step->badge % N_HOLDERS : entries[guess].holder];
    int entry = find_entry(holder, entries[guess].handle);

    int r = parcel_take(holder, entries[guess].handle);
    if (entry < 0 || !entries[entry].is_waiting) {
        return r == ERROR_BAD_HANDLE;
    }
    entries[entry].is_waiting = false;
    entries[entry].is_closed = entries[entry].is_back;
    return r == 0;
}

/* not_send() - mostly what was sent over that channel */
static bool not_send(const struct step *step)
{
    int entry = pick(step->which);
    if (entry < 0) {
        return true;
    }
    const struct entry *parcel = &entries[entry];
    struct end end =
        end_of(step->to % 3 == 0 ? step->badge
                                 : 2 * (uint32_t)parcel->channel + (parcel->to_server ? 0 : 1));
    int there = find_entry(end.to, parcel->handle);
    bool is_there = channels[end.channel].route.is_open && there >= 0 &&
                    entries[there].is_waiting && !entries[there].is_lost &&
                    entries[there].channel == end.channel &&
                    entries[there].to_server == end.to_server;

    int r = route_take_back(end.from, end.handle, parcel->handle);
    if (is_there) {
        entries[there].is_closed = true;
    }
    return (r == 0) == is_there;
}

/* change_channel() - end it, have its client close it, or open it again */
static bool change_channel(const struct step *step)
{
    int number = (int)(step->which % N_CHANNELS);
    struct route *route = &channels[number].route;
    bool is_released = !route->is_open || step->to % 2 == 0;

    if (route->handle == 0) {
        open_channel(number);
        return true;
    }
    if (is_released) {
        ck_assert_int_eq(handle_give_back(client_of(number), route->handle), 0);
    } else {
        route_end(route);
    }
    for (int i = 0; i < n_entries; i++) {
        if (entries[i].is_waiting && entries[i].channel == number && !entries[i].is_lost) {
            entries[i].is_lost = entries[i].to_server;
            entries[i].is_closed = entries[i].is_closed || (is_released && !entries[i].to_server);
        }
    }
    return true;
}

/* settle() - the broker has heard all that a holder says about what it lost */
static bool settle(const struct step *step)
{
    size_t holder = step->to % N_HOLDERS;

    parcels_give_back(&holders[holder].lost);
    for (int i = 0; i < n_entries; i++) {
        bool is_gone = entries[i].is_lost && entries[i].is_waiting && entries[i].holder == holder;
        entries[i].is_closed = entries[i].is_closed || is_gone;
    }
    return holders[holder].lost.n == 0;
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
            if (is_cut && comes_from(at, from) && !entries[i].is_closed && !entries[i].is_back) {
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

/* is_end() - whether a handle is that of a channel's end or of a listener */
static bool is_end(const struct capability *capability)
{
    return capability != NULL &&
           (capability->kind == CAPABILITY_CLIENT || capability->kind == CAPABILITY_SERVED ||
            capability->kind == CAPABILITY_LISTENER);
}

/* guess() - a number that may be anybody's: it names what its own holder has, or nothing */
static bool guess(const struct step *step)
{
    struct holder *holder = &holders[step->to % N_HOLDERS];
    int other = pick(step->which);
    Handle handle = other < 0 || step->to % 5 == 0 ? step->rights : entries[other].handle;
    const struct capability *found = capability_space_find(&holder->space, handle);

    return is_end(found) || (found != NULL) == (find_entry(holder, handle) >= 0);
}

/* handles_model_take() - do @step. Return: whether that led to what the model says. */
bool handles_model_take(const struct step *step)
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
    case SEND:
        return send_one(step);
    case TAKE:
        return take_parcel(step);
    case NOT_SEND:
        return not_send(step);
    case CHANGE_CHANNEL:
        return change_channel(step);
    case SETTLE:
        return settle(step);
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

/* is_as_labelled() - whether a receiver reads of what arrives just what it should, and nothing of
 * anything else; with its words mapped */
static bool is_as_labelled(const struct entry *entry)
{
    const struct route *route = &channels[entry->channel].route;
    struct control_label label;

    bool has_label = control_read_label(entry->handle, &label);
    if (!has_label || entry->is_closed || !entry->is_waiting) {
        return has_label == (!entry->is_closed && entry->is_waiting);
    }
    /* a channel that was opened again has other names */
    bool is_known =
        entry->is_lost || label.source == (entry->to_server ? route->served : route->handle);
    return is_known && label.rights == entry->rights &&
           label.flags == (entry->is_back ? CONTROL_RETURNED : 0) &&
           (!entry->is_back || (label.own == entry->own && label.context == entry->context));
}

/* match_labels() - of all that one holder has or had */
static bool match_labels(size_t holder)
{
    struct stat status;
    bool is_right = true;

    ck_assert_int_eq(fstat(holders[holder].control.fd, &status), 0);
    ck_assert_int_eq(control_map(holders[holder].control.fd), 0);
    for (int i = 0; i < n_entries; i++) {
        is_right = is_right && (entries[i].holder != holder || is_as_labelled(&entries[i]));
    }
    ck_assert_int_eq(munmap((void *)control_word(0), (size_t)status.st_size), 0);
    return is_right;
}

/* matches_entry() - whether a handle is what the model says */
static bool matches_entry(const struct entry *entry)
{
    const struct capability *capability =
        capability_space_find(&holders[entry->holder].space, entry->handle);

    if (capability == NULL || entry->is_closed) {
        return (capability == NULL) == entry->is_closed;
    }
    if ((capability->kind == CAPABILITY_PARCEL) != entry->is_waiting) {
        return false;
    }
    if (entry->is_back) {
        return capability->node == NULL;
    }
    return capability->node->rights == entry->rights &&
           (capability->node->state == DERIVATION_REVOKED) == entry->is_revoked;
}

/* handles_model_matches() - whether every handle is what the model says, at the end of a run */
bool handles_model_matches(void)
{
    size_t n_open = 0;

    for (int i = 0; i < n_entries; i++) {
        if (!matches_entry(&entries[i])) {
            return false;
        }
        n_open += !entries[i].is_closed;
    }
    for (size_t i = 0; i < N_HOLDERS; i++) {
        for (size_t at = 0; at < holders[i].space.n_slots; at++) {
            Handle handle = capability_space_at(&holders[i].space, at);
            n_open -= handle != 0 && !is_end(capability_space_find(&holders[i].space, handle));
        }
        if (!match_labels(i)) {
            return false;
        }
    }
    return n_open == 0;
}

/* handles_model_end() - all holders end. Return: whether nothing is left that was charged to one.
 */
bool handles_model_end(void)
{
    bool is_clean = true;

    for (size_t at = 0; at < N_HOLDERS; at++) {
        handles_give_back(&holders[at]);
    }
    for (size_t at = 0; at < N_HOLDERS; at++) {
        is_clean = is_clean && holders[at].n_closed_tied == 0 && holders[at].lost.n == 0;
        for (size_t to = 0; to < N_HOLDERS; to++) {
            is_clean = is_clean && holders[at].n_sent[to] == 0;
        }
    }
    for (int i = 0; i < N_CHANNELS; i++) {
        fd_close(channels[i].server_fd);
    }
    holders_free(holders, N_HOLDERS);
    return is_clean;
}

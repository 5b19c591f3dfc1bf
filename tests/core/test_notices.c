/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notices.h"

#include <handle/event_descr.h>
#include <poll.h>
#include <services/ocap.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/handles.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define EVERYTHING (OBJECT_EVENT_GENERAL_FULL | OBJECT_EVENT_SPEC_FULL)
#define USER_ONE OBJECT_EVENT_USER(0x0001)
#define USER_OTHER OBJECT_EVENT_USER(0x8000)
#define N_TAKEN 8

enum {
    GIVER,
    TAKER,
    _N_HOLDERS,
};

static struct handles handles;
static struct notices notices;
static struct holder *holders;
static struct holder *giver;
static struct holder *taker;
static struct backlog backlog;
static Handle notice; /* of the taker */
static int bell;

static void setup(void)
{
    TAILQ_INIT(&backlog);
    handles_init(&handles, &backlog);
    notices_init(&notices);
    holders = holders_new(_N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
    giver = &holders[GIVER];
    taker = &holders[TAKER];
    ck_assert_int_eq(notice_new(&notices, taker, &notice, &bell), 0);
}

static void teardown(void)
{
    for (size_t i = 0; i < _N_HOLDERS; i++) {
        handles_give_back(&holders[i]);
        ck_assert_uint_eq(holders[i].n_notices, 0);
        ck_assert_uint_eq(holders[i].n_subscriptions, 0);
        ck_assert(LIST_EMPTY(&holders[i].watchers));
    }
    ck_assert_uint_eq(notices.n_to_spare, NOTICES_MAX);
    holders_free(holders, _N_HOLDERS);
}

static Handle make(struct holder *holder, uint32_t rights)
{
    const struct handles_resource described = {.rights = rights, .listener = INVALID_HANDLE};
    Handle handle;

    ck_assert_int_eq(handles_make_resource(holder, &described, &handle), 0);
    return handle;
}

static Handle badge_of(struct holder *holder)
{
    Handle handle;

    ck_assert_int_eq(handles_make_badge(holder, 0, &handle), 0);
    return handle;
}

static int derive(struct holder *from, Handle handle, uint32_t rights, Handle badge,
                  struct holder *to, Handle *ret_handle)
{
    const struct handles_wish wish = {
        .from = from, .handle = handle, .rights = rights, .badge = badge, .to = to};
    int end = -1;

    int r = handles_derive(&wish, ret_handle);
    if (r == 0 && (wish.rights & OCAP_IPC_CALL) != 0) {
        r = handles_fetch(&handles, wish.to, *ret_handle, &end);
        fd_close(end);
    }
    return r;
}

/* give() - from the giver to the taker */
static Handle give(Handle handle, uint32_t rights, Handle badge)
{
    Handle given = INVALID_HANDLE;

    ck_assert_int_eq(derive(giver, handle, rights, badge, taker, &given), 0);
    return given;
}

static void close_handle(struct holder *holder, Handle handle)
{
    ck_assert_int_eq(handle_give_back(holder, handle), 0);
}

static int subscribe(Handle object, uint32_t events, uint64_t id)
{
    const struct notice_wish wish = {.object = object, .events = events, .id = id};

    return notice_subscribe(taker, notice, &wish);
}

static bool rings(void)
{
    struct pollfd poll_bell = {.fd = bell, .events = POLLIN};

    return poll(&poll_bell, 1, 0) == 1;
}

/* expect() - that one subscription, or none, has something to tell. @events: 0: none has */
static void expect(uint64_t id, uint32_t events)
{
    struct notice_event taken[N_TAKEN];
    size_t n;

    ck_assert_int_eq(rings(), events != 0);
    ck_assert_int_eq(notice_take(taker, notice, N_TAKEN, taken, &n), 0);
    ck_assert_uint_eq(n, events != 0);
    if (n != 0) {
        ck_assert_uint_eq(taken[0].id, id);
        ck_assert_uint_eq(taken[0].events, events);
    }
    ck_assert(!rings());
}

/* connect_to() - the taker's end of a channel to a listener of the giver's */
static Handle connect_to(Handle *ret_listener)
{
    Handle client;
    Handle given;
    int end;
    int inbox;

    ck_assert_int_eq(handles_listen(&handles, giver, ret_listener, &inbox), 0);
    fd_close(inbox);
    ck_assert_int_eq(handles_connect(&handles, giver, *ret_listener, &client, &end), 0);
    given = give(client, OCAP_IPC_CLIENT, INVALID_HANDLE);
    close_handle(giver, client);
    return given;
}

START_TEST(special_events_are_heard_by_all_who_are_subscribed_and_asked_for_them)
{
    Handle object = make(giver, ALL);
    Handle given = give(object, OCAP_HANDLE_GET_EVENT, INVALID_HANDLE);
    const struct notice_wish wish = {.object = object, .events = USER_ONE, .id = 9};
    struct notice_event taken;
    Handle own;
    size_t n;
    int fd;

    ck_assert_int_eq(notice_new(&notices, giver, &own, &fd), 0);
    ck_assert_int_eq(notice_subscribe(giver, own, &wish), 0);
    ck_assert_int_eq(subscribe(given, USER_ONE | EVENT_OBJECT_DESTROYED, UINT64_MAX), 0);
    ck_assert_int_eq(notice_set_event(giver, object, USER_OTHER), 0);
    expect(0, 0);
    ck_assert_int_eq(notice_set_event(giver, object, USER_ONE | USER_OTHER), 0);
    expect(UINT64_MAX, USER_ONE);
    ck_assert_int_eq(notice_take(giver, own, 1, &taken, &n), 0);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(taken.id, 9);
    ck_assert_uint_eq(taken.events, USER_ONE);
}
END_TEST

START_TEST(what_happens_again_before_it_is_taken_is_told_once)
{
    Handle object = make(taker, ALL);

    ck_assert_int_eq(subscribe(object, EVERYTHING, 1), 0);
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(notice_set_event(taker, object, i % 2 ? USER_ONE : USER_OTHER), 0);
    }
    expect(1, USER_ONE | USER_OTHER);
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE), 0);
    expect(1, USER_ONE);
}
END_TEST

START_TEST(what_waits_longest_is_taken_first_and_the_bell_rings_until_the_last)
{
    Handle objects[3];
    struct notice_event taken[2];
    size_t n;

    for (unsigned i = 0; i < 3; i++) {
        objects[i] = make(taker, ALL);
        ck_assert_int_eq(subscribe(objects[i], EVERYTHING, i), 0);
    }
    for (unsigned i = 3; i-- > 0;) {
        ck_assert_int_eq(notice_set_event(taker, objects[i], USER_ONE), 0);
    }
    ck_assert_int_eq(notice_take(taker, notice, 2, taken, &n), 0);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(taken[0].id, 2);
    ck_assert_uint_eq(taken[1].id, 1);
    ck_assert_int_eq(notice_take(taker, notice, 0, taken, &n), 0);
    ck_assert_uint_eq(n, 0);
    expect(0, USER_ONE);
}
END_TEST

START_TEST(a_subscription_is_known_by_its_object_and_number)
{
    Handle object = make(taker, ALL);
    struct notice_event taken[3];
    size_t n;

    ck_assert_int_eq(subscribe(object, USER_ONE, 1), 0);
    ck_assert_int_eq(subscribe(object, USER_OTHER, 1), 0);
    ck_assert_uint_eq(taker->n_subscriptions, 1);
    ck_assert_int_eq(subscribe(object, USER_OTHER, 2), 0);
    ck_assert_uint_eq(taker->n_subscriptions, 2);
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE | USER_OTHER), 0);
    ck_assert_int_eq(notice_take(taker, notice, 3, taken, &n), 0);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(taken[0].events + taken[1].events, USER_ONE + 2 * USER_OTHER);
}
END_TEST

START_TEST(a_resource_is_gone_with_its_last_handle_and_so_is_its_subscription)
{
    Handle object = make(giver, ALL);
    Handle given = give(object, OCAP_HANDLE_GET_EVENT, INVALID_HANDLE);
    Handle other = give(object, 0, INVALID_HANDLE);

    ck_assert_int_eq(subscribe(given, EVERYTHING, 5), 0);
    close_handle(giver, object);
    close_handle(taker, given);
    expect(0, 0);
    close_handle(taker, other);
    ck_assert_uint_eq(taker->n_subscriptions, 1); /* until somebody has heard of it */
    expect(5, EVENT_OBJECT_DESTROYED);
    ck_assert_uint_eq(taker->n_subscriptions, 0);
}
END_TEST

START_TEST(who_has_given_its_handle_back_hears_of_the_end_alone)
{
    Handle object = make(giver, ALL);
    Handle given[] = {give(object, OCAP_HANDLE_GET_EVENT, INVALID_HANDLE),
                      give(object, OCAP_HANDLE_GET_EVENT, INVALID_HANDLE)};

    ck_assert_int_eq(subscribe(given[0], EVERYTHING, 5), 0);
    ck_assert_int_eq(subscribe(given[1], USER_ONE, 6), 0);
    close_handle(taker, given[0]);
    close_handle(taker, given[1]);
    ck_assert_uint_eq(taker->n_subscriptions, 1);
    ck_assert_int_eq(notice_set_event(giver, object, USER_ONE), 0);
    expect(0, 0);
    close_handle(giver, object);
    expect(5, EVENT_OBJECT_DESTROYED);
}
END_TEST

START_TEST(who_was_robbed_of_its_handle_is_told_and_hears_of_the_end_alone)
{
    Handle object = make(giver, ALL);
    Handle badge = badge_of(giver);
    Handle given = give(object, OCAP_HANDLE_GET_EVENT, badge);

    ck_assert_int_eq(subscribe(given, USER_ONE | EVENT_OBJECT_DESTROYED, 5), 0);
    ck_assert_int_eq(handles_revoke_tied(giver, object, badge), 0);
    expect(5, EVENT_HANDLE_REVOKED);
    ck_assert_int_eq(notice_set_event(giver, object, USER_ONE), 0);
    ck_assert_int_eq(subscribe(given, USER_ONE, 6), ERROR_REVOKED);
    close_handle(taker, given);
    expect(0, 0);
    ck_assert_int_eq(handles_revoke(giver, object), 0);
    expect(5, EVENT_OBJECT_DESTROYED);
}
END_TEST

START_TEST(revoking_all_tells_of_both)
{
    Handle object = make(giver, ALL);
    Handle given = give(object, OCAP_HANDLE_GET_EVENT, INVALID_HANDLE);

    ck_assert_int_eq(subscribe(given, EVENT_OBJECT_DESTROYED, 5), 0);
    ck_assert_int_eq(handles_revoke(giver, object), 0);
    expect(5, EVENT_HANDLE_REVOKED | EVENT_OBJECT_DESTROYED);
    ck_assert_uint_eq(taker->n_subscriptions, 0);
    close_handle(taker, given);
}
END_TEST

START_TEST(a_badge_is_closed_when_all_that_came_of_it_is)
{
    Handle object = make(taker, ALL);
    Handle badge = badge_of(taker);
    Handle tied;
    Handle copy;

    ck_assert_int_eq(subscribe(badge, EVENT_BADGE_CLOSED | EVENT_OBJECT_DESTROYED, 7), 0);
    expect(0, 0); /* nothing was tied to it yet */
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(derive(taker, object, ALL, badge, giver, &tied), 0);
        ck_assert_int_eq(derive(giver, tied, ALL, INVALID_HANDLE, giver, &copy), 0);
        close_handle(giver, tied);
        expect(0, 0);
        close_handle(giver, copy);
        expect(7, EVENT_BADGE_CLOSED);
    }
    ck_assert_int_eq(derive(taker, object, ALL, badge, giver, &tied), 0);
    ck_assert_int_eq(derive(taker, object, ALL, badge, giver, &copy), 0);
    ck_assert_int_eq(handles_revoke_tied(taker, object, badge), 0);
    expect(7, EVENT_BADGE_CLOSED);
    ck_assert_int_eq(subscribe(badge, EVENT_BADGE_CLOSED, 8), 0);
    expect(8, EVENT_BADGE_CLOSED); /* it is closed already */
    ck_assert_int_eq(notice_unsubscribe(taker, notice, badge, &(uint64_t){8}), 0);
    close_handle(taker, badge);
    expect(7, EVENT_OBJECT_DESTROYED);
}
END_TEST

START_TEST(a_copy_that_could_not_be_made_says_nothing_about_its_badge)
{
    Handle listener;
    Handle client = connect_to(&listener);
    Handle badge = badge_of(taker);
    Handle none;

    ck_assert_int_eq(subscribe(badge, EVENT_BADGE_CLOSED, 7), 0);
    taker->n_to_spare = 0;
    ck_assert_int_eq(derive(taker, client, OCAP_IPC_CALL, badge, taker, &none), ERROR_QUOTA);
    expect(0, 0);
    ck_assert_int_eq(subscribe(badge, EVENT_BADGE_CLOSED, 8), 0);
    expect(0, 0);
}
END_TEST

START_TEST(the_end_of_a_channel_hears_when_the_other_one_is_closed)
{
    Handle listener;
    Handle client = connect_to(&listener);

    ck_assert_int_eq(subscribe(client, EVENT_PEER_CLOSED | EVENT_TASK_COMPLETED, 3), 0);
    expect(0, 0);
    close_handle(giver, listener);
    expect(3, EVENT_PEER_CLOSED);
    ck_assert_int_eq(subscribe(client, EVENT_PEER_CLOSED, 4), 0);
    expect(4, EVENT_PEER_CLOSED); /* it is closed already */
    holder_end(giver);
    expect(3, EVENT_TASK_COMPLETED);
    ck_assert_int_eq(subscribe(client, EVENT_TASK_COMPLETED, 4), 0);
    expect(4, EVENT_TASK_COMPLETED);
}
END_TEST

START_TEST(the_end_of_a_channel_hears_of_the_end_of_the_task_at_once)
{
    Handle listener;
    Handle client = connect_to(&listener);

    ck_assert_int_eq(subscribe(client, EVENT_PEER_CLOSED | EVENT_TASK_COMPLETED, 3), 0);
    holder_end(giver);
    handles_give_back(giver);
    expect(3, EVENT_PEER_CLOSED | EVENT_TASK_COMPLETED);
    close_handle(taker, client);
    expect(0, 0); /* who closes its own end knows */
    ck_assert_uint_eq(taker->n_subscriptions, 0);
}
END_TEST

START_TEST(who_closes_its_end_of_a_channel_does_not_hear_of_the_task_behind_the_other)
{
    Handle listener;
    Handle client = connect_to(&listener);

    ck_assert_int_eq(subscribe(client, EVENT_TASK_COMPLETED, 3), 0);
    ck_assert(!LIST_EMPTY(&giver->watchers));
    close_handle(taker, client);
    ck_assert(LIST_EMPTY(&giver->watchers));
    ck_assert_uint_eq(taker->n_subscriptions, 0);
    holder_end(giver);
    expect(0, 0);
}
END_TEST

START_TEST(a_listener_hears_of_each_client_that_goes)
{
    Handle listener;
    Handle client;
    Handle given[2];
    int inbox;
    int end;

    ck_assert_int_eq(handles_listen(&handles, taker, &listener, &inbox), 0);
    fd_close(inbox);
    ck_assert_int_eq(handles_connect(&handles, taker, listener, &client, &end), 0);
    ck_assert_int_eq(subscribe(listener, EVENT_PEER_CLOSED | EVENT_TASK_COMPLETED, 2), 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(derive(taker, client, OCAP_IPC_CALL, INVALID_HANDLE, giver, &given[i]), 0);
    }
    close_handle(giver, given[0]);
    expect(2, EVENT_PEER_CLOSED);
    holder_end(giver);
    handles_give_back(giver);
    expect(2, EVENT_PEER_CLOSED | EVENT_TASK_COMPLETED);
    close_handle(taker, listener);
    expect(0, 0);
}
END_TEST

START_TEST(every_refusal_says_why)
{
    Handle object = make(taker, ALL);
    Handle deaf = make(taker, ALL & ~OCAP_HANDLE_GET_EVENT);
    Handle mute = make(taker, ALL & ~OCAP_HANDLE_SET_EVENT);
    const struct notice_wish wish = {.object = object, .events = USER_ONE};
    struct notice_event taken;
    uint32_t sid;
    size_t n;

    ck_assert_int_eq(subscribe(object, 0, 0), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(subscribe(object, EVENT_HANDLE_REVOKED << 1, 0), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(subscribe(deaf, USER_ONE, 0), ERROR_DENIED);
    ck_assert_int_eq(subscribe(INVALID_HANDLE, USER_ONE, 0), ERROR_BAD_HANDLE);
    ck_assert_int_eq(subscribe(notice, USER_ONE, 0), ERROR_BAD_HANDLE);
    ck_assert_int_eq(notice_subscribe(taker, object, &wish), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_subscribe(giver, notice, &wish), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_take(taker, object, 1, &taken, &n), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_drop(taker, object), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_unsubscribe(taker, object, object, NULL), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_unsubscribe(taker, notice, object, NULL), ERROR_NOT_FOUND);
    ck_assert_int_eq(notice_unsubscribe(taker, notice, notice, NULL), ERROR_BAD_HANDLE);
    ck_assert_int_eq(notice_set_event(taker, object, 0), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE | EVENT_OBJECT_DESTROYED),
                     ERROR_BAD_MESSAGE);
    ck_assert_int_eq(notice_set_event(taker, mute, USER_ONE), ERROR_DENIED);
    ck_assert_int_eq(notice_set_event(taker, notice, USER_ONE), ERROR_BAD_HANDLE);
    ck_assert_int_eq(handles_revoke(taker, notice), ERROR_BAD_HANDLE);
    ck_assert_int_eq(handles_sid(&handles, taker, notice, &sid), ERROR_BAD_HANDLE);
}
END_TEST

START_TEST(who_unsubscribes_hears_nothing_more_not_even_what_has_happened)
{
    Handle object = make(taker, ALL);
    Handle copy;

    ck_assert_int_eq(derive(taker, object, ALL, INVALID_HANDLE, taker, &copy), 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(subscribe(object, USER_ONE, i), 0);
    }
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE), 0);
    ck_assert_int_eq(notice_unsubscribe(taker, notice, copy, &(uint64_t){1}), 0);
    ck_assert_int_eq(notice_unsubscribe(taker, notice, copy, &(uint64_t){1}), ERROR_NOT_FOUND);
    ck_assert_uint_eq(taker->n_subscriptions, 2);
    ck_assert(rings());
    ck_assert_int_eq(notice_unsubscribe(taker, notice, object, NULL), 0);
    expect(0, 0);
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE), 0);
    expect(0, 0);
    ck_assert_uint_eq(taker->n_subscriptions, 0);
}
END_TEST

START_TEST(a_dropped_notice_rings_for_ever_and_hears_nothing)
{
    Handle object = make(taker, ALL);
    struct notice_event taken;
    size_t n;

    ck_assert_int_eq(subscribe(object, USER_ONE, 0), 0);
    if (_i > 0) { /* with and without something to tell */
        ck_assert_int_eq(notice_set_event(taker, object, USER_ONE), 0);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(notice_drop(taker, notice), 0);
        ck_assert_uint_eq(taker->n_subscriptions, 0);
        ck_assert_int_eq(notice_take(taker, notice, 1, &taken, &n), ERROR_NOT_FOUND);
        ck_assert_int_eq(subscribe(object, USER_ONE, 0), ERROR_NOT_FOUND);
        ck_assert_int_eq(notice_unsubscribe(taker, notice, object, NULL), ERROR_NOT_FOUND);
        ck_assert(rings());
    }
}
END_TEST

START_TEST(the_process_cannot_make_the_bell_wait_nor_speak_through_it)
{
    Handle object = make(taker, ALL);
    char byte;

    ck_assert_int_lt(send(bell, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL), 0);
    ck_assert_int_eq(subscribe(object, USER_ONE, 0), 0);
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE), 0);
    ck_assert_int_eq(recv(bell, &byte, 1, MSG_DONTWAIT), 1); /* against the rules */
    struct notice_event taken;
    size_t n;
    ck_assert_int_eq(notice_take(taker, notice, 1, &taken, &n), 0);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(notice_set_event(taker, object, USER_ONE), 0);
    expect(0, USER_ONE);
}
END_TEST

START_TEST(notices_are_limited_per_entity_and_in_all)
{
    Handle more[NOTICES_PER_ENTITY_MAX];
    int fd;

    for (int i = 1; i < NOTICES_PER_ENTITY_MAX; i++) {
        ck_assert_int_eq(notice_new(&notices, taker, &more[i], &fd), 0);
    }
    ck_assert_int_eq(notice_new(&notices, taker, &more[0], &fd), ERROR_QUOTA);
    close_handle(taker, more[1]);
    ck_assert_int_eq(notice_new(&notices, taker, &more[1], &fd), 0);
    size_t before = notices.n_to_spare;
    notices.n_to_spare = 1;
    ck_assert_int_eq(notice_new(&notices, giver, &more[0], &fd), 0);
    ck_assert_int_eq(notice_new(&notices, giver, &more[0], &fd), ERROR_QUOTA);
    notices.n_to_spare = before - 1;
}
END_TEST

START_TEST(subscriptions_are_limited_per_entity_and_given_back)
{
    Handle object = make(taker, ALL);

    for (unsigned i = 0; i < SUBSCRIPTIONS_PER_ENTITY_MAX; i++) {
        ck_assert_int_eq(subscribe(object, EVERYTHING, i), 0);
    }
    ck_assert_int_eq(subscribe(object, EVERYTHING, SUBSCRIPTIONS_PER_ENTITY_MAX), ERROR_QUOTA);
    ck_assert_int_eq(subscribe(object, USER_ONE, 0), 0); /* which is there */
    ck_assert_int_eq(notice_unsubscribe(taker, notice, object, &(uint64_t){0}), 0);
    ck_assert_int_eq(subscribe(object, EVERYTHING, SUBSCRIPTIONS_PER_ENTITY_MAX), 0);
    close_handle(taker, notice);
    ck_assert_uint_eq(taker->n_subscriptions, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("notices");
    TCase *cases = tcase_create("notices");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, special_events_are_heard_by_all_who_are_subscribed_and_asked_for_them);
    tcase_add_test(cases, what_happens_again_before_it_is_taken_is_told_once);
    tcase_add_test(cases, what_waits_longest_is_taken_first_and_the_bell_rings_until_the_last);
    tcase_add_test(cases, a_subscription_is_known_by_its_object_and_number);
    tcase_add_test(cases, a_resource_is_gone_with_its_last_handle_and_so_is_its_subscription);
    tcase_add_test(cases, who_has_given_its_handle_back_hears_of_the_end_alone);
    tcase_add_test(cases, who_was_robbed_of_its_handle_is_told_and_hears_of_the_end_alone);
    tcase_add_test(cases, revoking_all_tells_of_both);
    tcase_add_test(cases, a_badge_is_closed_when_all_that_came_of_it_is);
    tcase_add_test(cases, a_copy_that_could_not_be_made_says_nothing_about_its_badge);
    tcase_add_test(cases, the_end_of_a_channel_hears_when_the_other_one_is_closed);
    tcase_add_test(cases, the_end_of_a_channel_hears_of_the_end_of_the_task_at_once);
    tcase_add_test(cases,
                   who_closes_its_end_of_a_channel_does_not_hear_of_the_task_behind_the_other);
    tcase_add_test(cases, a_listener_hears_of_each_client_that_goes);
    tcase_add_test(cases, every_refusal_says_why);
    tcase_add_test(cases, who_unsubscribes_hears_nothing_more_not_even_what_has_happened);
    tcase_add_loop_test(cases, a_dropped_notice_rings_for_ever_and_hears_nothing, 0, 2);
    tcase_add_test(cases, the_process_cannot_make_the_bell_wait_nor_speak_through_it);
    tcase_add_test(cases, notices_are_limited_per_entity_and_in_all);
    tcase_add_test(cases, subscriptions_are_limited_per_entity_and_given_back);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

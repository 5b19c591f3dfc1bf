/* SPDX-License-Identifier: Apache-2.0 */
#include "core/handle_number.h"
#include "core/handles.h"

#include <services/ocap.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

enum {
    GIVER,
    TAKER,
    _N_HOLDERS,
};

static struct handles handles;
static struct holder *holders;
static struct backlog backlog;
static Handle listener;
static Handle client;
static int inbox;

static void setup(void)
{
    int end;

    TAILQ_INIT(&backlog);
    handles_init(&handles, &backlog);
    holders = holders_new(_N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
    ck_assert_int_eq(handles_listen(&handles, &holders[GIVER], &listener, &inbox), 0);
    ck_assert_int_eq(handles_connect(&handles, &holders[GIVER], listener, &client, &end), 0);
    ck_assert_int_ge(end, 0);
}

static void teardown(void)
{
    fd_close(inbox);
    for (size_t i = 0; i < _N_HOLDERS; i++) {
        handles_give_back(&holders[i]);
        ck_assert_uint_eq(holders[i].n_to_spare, CHANNELS_PER_ENTITY_MAX);
        ck_assert_uint_eq(holders[i].n_own_channels, 0);
    }
    ck_assert_uint_eq(handles.n_to_spare, HANDLE_CHANNELS_MAX);
    ck_assert(TAILQ_EMPTY(&backlog));
    holders_free(holders, _N_HOLDERS);
}

static int give(Handle handle, uint32_t rights, Handle *ret_handle, int *ret_fd)
{
    const struct handles_wish wish = {.from = &holders[GIVER],
                                      .handle = handle,
                                      .needed = OCAP_HANDLE_TRANSFER,
                                      .rights = rights,
                                      .badge = INVALID_HANDLE,
                                      .to = &holders[TAKER]};

    *ret_fd = -1;
    int r = handles_derive(&wish, ret_handle);
    if (r == 0 && (rights & OCAP_IPC_CALL) != 0) {
        r = handles_fetch(&handles, wish.to, *ret_handle, ret_fd);
        if (r == 0) {
            fd_close(*ret_fd); /* the number is all that matters below */
        } else {
            (void)handle_give_back(wish.to, *ret_handle);
        }
    }
    return r;
}

/* word() - what the control word says: where a handle has its index */
static enum control_state word(size_t holder, Handle handle)
{
    return handle_index(holders[holder].control.words[handle_index(handle)]);
}

START_TEST(who_is_given_an_end_has_a_channel_and_pays_for_it)
{
    Handle given;
    int end;

    ck_assert_int_eq(give(client, OCAP_IPC_CALL, &given, &end), 0);
    ck_assert_int_ge(end, 0);
    ck_assert_ptr_nonnull(route_find(&holders[TAKER], given));
    ck_assert_ptr_null(route_find(&holders[GIVER], given));
    ck_assert_uint_eq(holders[TAKER].n_own_channels, 1);
    ck_assert_uint_eq(holders[TAKER].n_to_spare, CHANNELS_PER_ENTITY_MAX - 1);
}
END_TEST

START_TEST(an_end_without_the_right_to_call_is_no_channel)
{
    Handle given;
    int end;

    ck_assert_int_eq(give(client, OCAP_HANDLE_TRANSFER, &given, &end), 0);
    ck_assert_int_eq(end, -1);
    ck_assert_ptr_null(route_find(&holders[TAKER], given));
    ck_assert_uint_eq(holders[TAKER].n_own_channels, 0);
}
END_TEST

START_TEST(revoking_ends_the_channels_of_others_and_says_so)
{
    Handle given;
    int end;

    ck_assert_int_eq(give(client, OCAP_IPC_CALL, &given, &end), 0);
    struct route *route = route_find(&holders[TAKER], given);
    ck_assert_int_eq(word(TAKER, given), CONTROL_LIVE);
    ck_assert_int_eq(handles_revoke(&holders[GIVER], client), 0);
    ck_assert(!route->is_open);
    ck_assert_int_eq(word(TAKER, given), CONTROL_REVOKED);
    ck_assert(holders[TAKER].control.has_news);
    ck_assert_int_eq(handles_revoke(&holders[TAKER], given), ERROR_REVOKED);
    ck_assert_int_eq(handle_give_back(&holders[GIVER], listener), 0);
    ck_assert_int_eq(word(TAKER, given), CONTROL_REVOKED); /* which tells more than ENDED */
    ck_assert_int_eq(handle_give_back(&holders[TAKER], given), 0);
}
END_TEST

START_TEST(the_end_of_the_giver_leaves_what_was_given)
{
    Handle object;
    Handle given;
    uint32_t sid;
    int end;
    const struct handles_resource described = {.rights = OCAP_HANDLE_TRANSFER | OCAP_HANDLE_GET_SID,
                                               .listener = INVALID_HANDLE};

    ck_assert_int_eq(handles_make_resource(&holders[GIVER], &described, &object), 0);
    ck_assert_int_eq(give(object, OCAP_HANDLE_GET_SID, &given, &end), 0);
    handles_give_back(&holders[GIVER]);
    ck_assert_int_eq(handles_sid(&handles, &holders[TAKER], given, &sid), 0);
}
END_TEST

START_TEST(a_resource_that_is_called_is_one_endpoint_of_its_listener)
{
    Handle object;
    Handle given;
    int end;
    const struct handles_resource described = {
        .rights = OCAP_HANDLE_TRANSFER | OCAP_IPC_CALL, .listener = listener, .riid = 3};

    ck_assert_int_eq(handles_make_resource(&holders[GIVER], &described, &object), 0);
    ck_assert_int_eq(give(object, OCAP_IPC_CALL, &given, &end), 0);
    const struct route *route = route_find(&holders[TAKER], given);
    ck_assert(route->is_bound);
    ck_assert_uint_eq(route->riid, 3);
    ck_assert_int_eq(handle_give_back(&holders[GIVER], listener), 0);
    ck_assert_int_eq(give(object, OCAP_IPC_CALL, &given, &end), ERROR_NOT_CONNECTED);
    ck_assert_int_eq(give(object, 0, &given, &end), 0);
}
END_TEST

START_TEST(channels_are_limited_per_entity_and_in_all)
{
    Handle given[HANDLE_CHANNELS_PER_ENTITY_MAX];
    Handle one_more;
    int end;

    for (int i = 0; i < HANDLE_CHANNELS_PER_ENTITY_MAX; i++) {
        ck_assert_int_eq(give(client, OCAP_IPC_CALL, &given[i], &end), 0);
    }
    ck_assert_int_eq(give(client, OCAP_IPC_CALL, &one_more, &end), ERROR_QUOTA);
    ck_assert_int_eq(give(client, 0, &one_more, &end), 0);
    ck_assert_int_eq(handle_give_back(&holders[TAKER], given[0]), 0);
    size_t before = handles.n_to_spare;
    handles.n_to_spare = 1;
    ck_assert_int_eq(give(client, OCAP_IPC_CALL, &given[0], &end), 0);
    ck_assert_int_eq(handles_connect(&handles, &holders[GIVER], listener, &one_more, &end),
                     ERROR_QUOTA);
    ck_assert_int_eq(handles_listen(&handles, &holders[GIVER], &one_more, &end), ERROR_QUOTA);
    handles.n_to_spare = before - 1;
}
END_TEST

START_TEST(what_cannot_be_given_leaves_nothing_behind)
{
    Handle badge;
    Handle none;
    int end;

    ck_assert_int_eq(handles_make_badge(&holders[GIVER], 0, &badge), 0);
    ck_assert_int_eq(give(badge, 0, &none, &end), ERROR_DENIED);
    ck_assert_int_eq(give(listener, OCAP_IPC_CALL, &none, &end), ERROR_DENIED);
    ck_assert_int_eq(give(client, OCAP_HANDLE_SPEC(1), &none, &end), ERROR_DENIED);
    ck_assert_int_eq(give(INVALID_HANDLE, 0, &none, &end), ERROR_BAD_HANDLE);
    holders[TAKER].n_to_spare = 0;
    ck_assert_int_eq(give(client, OCAP_IPC_CALL, &none, &end), ERROR_QUOTA);
    holders[TAKER].n_to_spare = CHANNELS_PER_ENTITY_MAX;
    for (size_t i = 0; i < holders[TAKER].space.n_slots; i++) {
        ck_assert_uint_eq(capability_space_at(&holders[TAKER].space, i), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("handles");
    TCase *cases = tcase_create("handles");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, who_is_given_an_end_has_a_channel_and_pays_for_it);
    tcase_add_test(cases, an_end_without_the_right_to_call_is_no_channel);
    tcase_add_test(cases, revoking_ends_the_channels_of_others_and_says_so);
    tcase_add_test(cases, the_end_of_the_giver_leaves_what_was_given);
    tcase_add_test(cases, a_resource_that_is_called_is_one_endpoint_of_its_listener);
    tcase_add_test(cases, channels_are_limited_per_entity_and_in_all);
    tcase_add_test(cases, what_cannot_be_given_leaves_nothing_behind);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

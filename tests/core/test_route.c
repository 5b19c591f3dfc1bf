/* SPDX-License-Identifier: Apache-2.0 */
#include "core/handle_number.h"
#include "core/route.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"

enum {
    CLIENT,
    SERVER,
    _N_HOLDERS,
};

static struct holder *holders;
static struct backlog backlog;
static struct inbox inbox;
static struct route routes[2000]; /* as many as a test wants */
static int server_inbox;
static int n_ended;
static int n_released;
static int n_closed;

static void route_ended(struct route *route)
{
    ck_assert(!route->is_open);
    n_ended++;
}

static void route_released(struct route *route)
{
    ck_assert_uint_eq(route->handle, 0);
    n_released++;
}

static void inbox_closed(struct inbox *closed)
{
    ck_assert(TAILQ_EMPTY(&closed->open) && closed->fd == -1);
    n_closed++;
}

static const struct route_class route_class = {.ended = route_ended, .released = route_released};
static const struct inbox_class inbox_class = {.closed = inbox_closed};

static void setup(void)
{
    n_ended = n_released = n_closed = 0;
    TAILQ_INIT(&backlog);
    holders = holders_new(_N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
    inbox_init(&inbox, &inbox_class, &holders[SERVER], &backlog);
    server_inbox = -1;
}

static void teardown(void)
{
    server_inbox = fd_close(server_inbox);
    handles_give_back(&holders[SERVER]);
    handles_give_back(&holders[CLIENT]);
    ck_assert(TAILQ_EMPTY(&backlog));
    holders = holders_free(holders, _N_HOLDERS);
}

static void open_route(struct route *route)
{
    ck_assert_int_eq(route_open(route, &route_class, &holders[CLIENT], &inbox), 0);
}

static void open_inbox(void)
{
    ck_assert_int_eq(inbox_open(&inbox, &server_inbox), 0);
}

static struct session_inbox_post post; /* the last */

/* posted() - under which handle the server knows the end that is posted next; 0: none is */
static Handle posted(int *ret_end)
{
    struct fd_list fds;
    size_t size;

    *ret_end = -1;
    if (fd_receive(server_inbox, &post, sizeof(post), MSG_DONTWAIT, &size, &fds) != 0 ||
        size == 0) {
        return 0;
    }
    *ret_end = fd_list_take(&fds);
    return post.handle;
}

/* word() - what the control word says: where a handle has its index */
static enum control_state word(size_t holder, Handle handle)
{
    return handle_index(holders[holder].control.words[handle_index(handle)]);
}

START_TEST(what_waits_for_a_listener_is_posted_in_its_order)
{
    int end;

    open_route(&routes[0]);
    open_route(&routes[1]);
    open_route(&routes[2]);
    ck_assert(!backlog_deliver(&backlog));
    route_release(&routes[1]);
    open_inbox();
    ck_assert_uint_eq(posted(&end), 0); /* the server has not got its own end yet */
    ck_assert(!backlog_deliver(&backlog));
    for (int i = 0; i < 3; i += 2) {
        ck_assert_uint_eq(posted(&end), routes[i].served);
        ck_assert_int_ge(end, 0);
        fd_close(end);
    }
    ck_assert_uint_eq(posted(&end), 0);
}
END_TEST

START_TEST(what_is_posted_says_whose_channel_it_is)
{
    char longest[NAME_BYTES_MAX + 1];
    int end;

    memset(longest, 'x', NAME_BYTES_MAX);
    longest[NAME_BYTES_MAX] = '\0';
    open_inbox();
    ck_assert(!backlog_deliver(&backlog));
    const char *const tasks[] = {"", "Client", longest};
    for (int i = 0; i < 3; i++) {
        holders[CLIENT].task = tasks[i];
        open_route(&routes[i]);
        ck_assert(!backlog_deliver(&backlog));
        ck_assert_uint_eq(posted(&end), routes[i].served);
        ck_assert_str_eq(post.client, tasks[i]);
        fd_close(end);
    }
}
END_TEST

START_TEST(a_server_that_takes_nothing_delays_its_clients_and_nobody_else)
{
    size_t n = 0;
    size_t n_taken = 0;
    int end;

    open_inbox();
    ck_assert(!backlog_deliver(&backlog));
    do {
        open_route(&routes[n++]);
    } while (!backlog_deliver(&backlog) && n < 2000);
    ck_assert_uint_lt(n, 2000);
    while (n_taken < n) {
        ck_assert_uint_eq(posted(&end), routes[n_taken++].served);
        fd_close(end);
        (void)backlog_deliver(&backlog);
    }
    ck_assert(!backlog_deliver(&backlog));
}
END_TEST

START_TEST(a_server_that_closed_its_inbox_is_not_tried_again_and_again)
{

    open_inbox();
    ck_assert(!backlog_deliver(&backlog));
    server_inbox = fd_close(server_inbox);
    open_route(&routes[0]);
    ck_assert(!backlog_deliver(&backlog));
    ck_assert(routes[0].is_open);
}
END_TEST

START_TEST(a_client_keeps_its_handle_until_it_gives_it_back)
{

    open_inbox();
    open_route(&routes[0]);
    Handle handle = routes[0].handle;
    ck_assert_int_eq(word(CLIENT, handle), CONTROL_LIVE);
    inbox_close(&inbox);
    ck_assert_int_eq(n_ended, 1);
    ck_assert_int_eq(n_released, 0);
    ck_assert_int_eq(n_closed, 1);
    ck_assert_int_eq(word(CLIENT, handle), CONTROL_ENDED);
    ck_assert_ptr_eq(route_find(&holders[CLIENT], handle), &routes[0]);
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], handle), 0);
    ck_assert_int_eq(n_ended, 1);
    ck_assert_int_eq(n_released, 1);
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], handle), ERROR_BAD_HANDLE);
}
END_TEST

START_TEST(an_end_that_was_handed_over_is_not_posted)
{
    int end;

    open_inbox();
    ck_assert(!backlog_deliver(&backlog));
    open_route(&routes[0]);
    open_route(&routes[1]);
    ck_assert_int_eq(route_name_end(&routes[0]), 0);
    Handle served = routes[0].served;
    ck_assert_uint_ne(served, 0);
    ck_assert_int_eq(route_name_end(&routes[0]), 0);
    ck_assert_uint_eq(routes[0].served, served);
    ck_assert_int_ge(routes[0].server_end, 0);
    route_handed_over(&routes[0]);
    ck_assert_int_eq(routes[0].server_end, -1);
    ck_assert(!backlog_deliver(&backlog));
    ck_assert_uint_eq(posted(&end), routes[1].served);
    fd_close(end);
    ck_assert_uint_eq(posted(&end), 0);
    ck_assert_int_eq(word(SERVER, served), CONTROL_LIVE);
    route_release(&routes[0]);
    ck_assert_int_eq(word(SERVER, served), CONTROL_ENDED);
}
END_TEST

START_TEST(a_server_with_too_many_handles_gets_the_end_when_it_has_room)
{
    const struct capability thing = {.kind = CAPABILITY_SERVED};
    Handle handle;
    int end;

    open_inbox();
    ck_assert(!backlog_deliver(&backlog));
    for (int i = 0; i < HANDLES_PER_ENTITY_MAX - 1; i++) {
        ck_assert_int_eq(holder_name(&holders[SERVER], thing, &handle), 0);
    }
    open_route(&routes[0]);
    ck_assert_int_eq(route_name_end(&routes[0]), ERROR_QUOTA);
    ck_assert_uint_eq(routes[0].served, 0);
    ck_assert(backlog_deliver(&backlog));
    holder_take_away(&holders[SERVER], handle);
    ck_assert(!backlog_deliver(&backlog));
    ck_assert_uint_eq(posted(&end), routes[0].served);
    fd_close(end);
}
END_TEST

START_TEST(a_handle_can_be_given_back_before_its_channel_is_hung_up)
{
    Handle handle;
    int ended;
    int end;
    char byte;

    open_inbox();
    open_route(&routes[0]);
    ck_assert(!backlog_deliver(&backlog));
    ck_assert_uint_eq(posted(&end), routes[0].served);
    handle = routes[0].handle;
    ck_assert_int_eq(handle_give_back_first(&holders[CLIENT], handle, &ended), 0);
    ck_assert_int_eq(n_ended, 1);
    ck_assert_int_eq(n_released, 1);
    ck_assert_int_ge(ended, 0);
    ck_assert_int_eq(recv(end, &byte, 1, MSG_DONTWAIT), -1);
    int copy = dup(ended);
    ck_assert_int_eq(fd_hang_up(ended), -1);
    ck_assert_int_eq(recv(end, &byte, 1, MSG_DONTWAIT), 0);
    fd_close(copy);
    fd_close(end);
    ck_assert_int_eq(handle_give_back_first(&holders[CLIENT], handle, &ended), ERROR_BAD_HANDLE);
    ck_assert_int_eq(ended, -1);
}
END_TEST

START_TEST(what_has_no_channel_any_more_leaves_nothing_to_be_hung_up)
{
    int ended;

    open_inbox();
    open_route(&routes[0]);
    ck_assert_int_eq(handle_give_back_first(&holders[SERVER], inbox.handle, &ended), 0);
    ck_assert_int_eq(ended, -1);
    ck_assert_int_eq(n_closed, 1);
    ck_assert_int_eq(handle_give_back_first(&holders[CLIENT], routes[0].handle, &ended), 0);
    ck_assert_int_eq(ended, -1);
    ck_assert_int_eq(n_ended, 1);
    ck_assert_int_eq(n_released, 1);
}
END_TEST

START_TEST(a_server_is_told_of_its_clients_end)
{
    int end;
    char byte;

    open_inbox();
    open_route(&routes[0]);
    ck_assert_uint_eq(posted(&end), 0); /* those who wait for answers come first */
    ck_assert(!backlog_deliver(&backlog));
    Handle served = posted(&end);
    uint32_t before = word(SERVER, inbox.handle);
    ck_assert_int_eq(word(SERVER, served), CONTROL_LIVE);
    ck_assert_int_eq(handle_give_back(&holders[SERVER], served), ERROR_BAD_HANDLE);
    route_release(&routes[0]);
    ck_assert_int_eq(word(SERVER, served), CONTROL_ENDED);
    ck_assert_uint_ne(word(SERVER, inbox.handle), before);
    ck_assert_int_eq(recv(end, &byte, 1, MSG_DONTWAIT), 0);
    ck_assert_int_eq(n_released, 1);
    fd_close(end);
}
END_TEST

START_TEST(a_listener_that_was_taken_away_can_come_again)
{
    int end;

    open_inbox();
    open_route(&routes[0]);
    Handle before = inbox.handle;
    inbox_shut(&inbox);
    fd_close(server_inbox);
    ck_assert_ptr_null(inbox_find(&holders[SERVER], before));
    ck_assert(routes[0].is_open && n_closed == 0 && !backlog_deliver(&backlog));
    open_inbox();
    ck_assert(!backlog_deliver(&backlog));
    ck_assert_uint_eq(posted(&end), routes[0].served);
    fd_close(end);
}
END_TEST

START_TEST(one_who_ends_gives_everything_back)
{

    open_inbox();
    for (int i = 0; i < 40; i++) {
        open_route(&routes[i]);
    }
    handles_give_back(&holders[_i == 0 ? CLIENT : SERVER]);
    ck_assert_int_eq(n_ended, 40);
    ck_assert_int_eq(n_released, _i == 0 ? 40 : 0);
    ck_assert_int_eq(n_closed, _i == 0 ? 0 : 1);
}
END_TEST

START_TEST(a_client_with_too_many_handles_gets_no_channel)
{
    const struct capability thing = {.kind = CAPABILITY_SERVED};
    Handle handle;

    for (int i = 0; i < HANDLES_PER_ENTITY_MAX - 1; i++) {
        ck_assert_int_eq(holder_name(&holders[CLIENT], thing, &handle), 0);
    }
    open_route(&routes[0]);
    ck_assert_int_eq(route_open(&routes[1], &route_class, &holders[CLIENT], &inbox), ERROR_QUOTA);
    holder_take_away(&holders[CLIENT], handle);
    ck_assert_int_eq(word(CLIENT, handle), CONTROL_ENDED);
    open_route(&routes[1]);
    ck_assert_int_eq(word(CLIENT, handle), CONTROL_LIVE); /* its place, and not its number */
    ck_assert_uint_ne(routes[1].handle, handle);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("route");
    TCase *cases = tcase_create("route");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, what_waits_for_a_listener_is_posted_in_its_order);
    tcase_add_test(cases, what_is_posted_says_whose_channel_it_is);
    tcase_add_test(cases, a_server_that_takes_nothing_delays_its_clients_and_nobody_else);
    tcase_add_test(cases, a_server_that_closed_its_inbox_is_not_tried_again_and_again);
    tcase_add_test(cases, a_client_keeps_its_handle_until_it_gives_it_back);
    tcase_add_test(cases, an_end_that_was_handed_over_is_not_posted);
    tcase_add_test(cases, a_server_with_too_many_handles_gets_the_end_when_it_has_room);
    tcase_add_test(cases, a_handle_can_be_given_back_before_its_channel_is_hung_up);
    tcase_add_test(cases, what_has_no_channel_any_more_leaves_nothing_to_be_hung_up);
    tcase_add_test(cases, a_server_is_told_of_its_clients_end);
    tcase_add_test(cases, a_listener_that_was_taken_away_can_come_again);
    tcase_add_loop_test(cases, one_who_ends_gives_everything_back, 0, 2);
    tcase_add_test(cases, a_client_with_too_many_handles_gets_no_channel);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

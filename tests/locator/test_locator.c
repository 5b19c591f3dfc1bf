/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/locator.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"

enum {
    CLIENT,
    OTHER,
    SERVER,
};

static const char yaml[] =
    "entities:\n"
    "  - name: Client\n"
    "    connections: [{target: Server, id: link}, {target: Other, id: side}]\n"
    "  - name: Other\n"
    "    connections: [{target: Server, id: link}, {target: kl.core.NameServer, id: names}]\n"
    "  - name: Server\n"
    "  - name: kl.core.NameServer\n";

static struct init_config *config;
static struct holder *holders;
static struct backlog backlog;
static struct locator *locator;

static void setup(void)
{
    struct init_error error = {0};

    ck_assert_int_eq(init_config_load_memory("init.yaml", yaml, strlen(yaml), &config, &error), 0);
    TAILQ_INIT(&backlog);
    holders = holders_new(config->n_entities);
    ck_assert_ptr_nonnull(holders);
    ck_assert_int_eq(locator_new(config, holders, &backlog, &locator), 0);
}

static void teardown(void)
{
    for (size_t i = 0; i < config->n_entities; i++) {
        handles_give_back(&holders[i]);
    }
    locator = locator_free(locator);
    holders = holders_free(holders, config->n_entities);
    config = init_config_free(config);
}

/* posted() - the server end that is waiting in an inbox; -1 if there is none */
static int posted(int inbox)
{
    struct session_inbox_post post;
    struct fd_list fds;
    size_t size;

    if (fd_receive(inbox, &post, sizeof(post), MSG_DONTWAIT, &size, &fds) != 0 || size == 0) {
        return -1;
    }
    ck_assert_uint_eq(post.magic, SESSION_MAGIC);
    return fd_list_take(&fds);
}

static bool is_closed(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static int connect_to(size_t entity, const char *id, Handle *ret_handle)
{
    int fd;

    return locator_connect(locator, entity, id, ret_handle, &fd);
}

START_TEST(a_connection_reaches_the_inbox_in_either_order)
{
    Handle handle;
    int inbox;

    if (_i == 0) {
        ck_assert_int_eq(connect_to(CLIENT, "link", &handle), 0);
        ck_assert_int_eq(locator_register(locator, SERVER, "link", &handle, &inbox), 0);
        ck_assert(!backlog_deliver(&backlog));
    } else {
        ck_assert_int_eq(locator_register(locator, SERVER, "link", &handle, &inbox), 0);
        ck_assert(!backlog_deliver(&backlog));
        ck_assert_int_eq(posted(inbox), -1);
        ck_assert_int_eq(connect_to(CLIENT, "link", &handle), 0);
        ck_assert(!backlog_deliver(&backlog));
    }
    int end = posted(inbox);
    ck_assert_int_ge(end, 0);
    ck_assert_int_eq(posted(inbox), -1);
    ck_assert(!backlog_deliver(&backlog));
    fd_close(end);
    fd_close(inbox);
}
END_TEST

START_TEST(what_could_not_be_delivered_can_be_asked_for_again)
{
    Handle handle;
    Handle again;
    int fd;

    ck_assert_int_eq(locator_connect(locator, CLIENT, "link", &handle, &fd), 0);
    locator_take_back(locator, CLIENT, handle);
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], handle), ERROR_BAD_HANDLE);
    ck_assert_int_eq(locator_connect(locator, CLIENT, "link", &again, &fd), 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(locator_register(locator, SERVER, "link", &handle, &fd), 0);
    fd_close(fd);
    locator_take_back(locator, SERVER, handle);
    ck_assert_int_eq(locator_register(locator, SERVER, "link", &handle, &fd), 0);
    ck_assert(!backlog_deliver(&backlog));
    int end = posted(fd);
    ck_assert_int_ge(end, 0);
    fd_close(end);
    fd_close(fd);
}
END_TEST

START_TEST(what_a_lost_session_never_opened_has_ended)
{
    uint32_t riid;
    Handle handle;

    ck_assert_int_eq(connect_to(CLIENT, "link", &handle), 0);
    locator_session_lost(locator, SERVER);
    ck_assert_int_eq(locator_riid(locator, CLIENT, handle, "a.b", &riid), ERROR_NOT_CONNECTED);
    ck_assert_int_eq(connect_to(OTHER, "link", &handle), ERROR_NOT_CONNECTED);
}
END_TEST

START_TEST(each_channel_that_leads_to_an_entity_is_told_once_by_number)
{
    uint32_t n = 7;

    ck_assert_str_eq(locator_service(locator, SERVER, 0, &n), "link");
    ck_assert_uint_eq(n, 1);
    ck_assert_ptr_null(locator_service(locator, SERVER, 1, &n));
    ck_assert_ptr_null(locator_service(locator, SERVER, UINT32_MAX, &n));
    ck_assert_uint_eq(n, 1);
    ck_assert_ptr_null(locator_service(locator, CLIENT, 0, &n));
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(only_what_is_declared_can_be_connected_or_registered)
{
    Handle handle;
    int fd;

    ck_assert_int_eq(connect_to(CLIENT, "nothing", &handle), ERROR_DENIED);
    ck_assert_int_eq(connect_to(OTHER, "side", &handle), ERROR_DENIED);
    ck_assert_int_eq(connect_to(SERVER, "link", &handle), ERROR_DENIED);
    ck_assert_int_eq(locator_register(locator, CLIENT, "link", &handle, &fd), ERROR_DENIED);
    ck_assert_int_eq(locator_register(locator, SERVER, "side", &handle, &fd), ERROR_DENIED);
    ck_assert_int_eq(locator_register(locator, OTHER, "side", &handle, &fd), 0);
    fd_close(fd);
}
END_TEST

START_TEST(an_entity_that_the_broker_stands_for_is_not_connected_to_before_or_after_its_end)
{
    Handle handle;
    int fd;

    ck_assert_int_eq(locator_connect(locator, OTHER, "names", &handle, &fd), ERROR_DENIED);
    locator_entity_ended(locator, SERVER + 1);
    ck_assert_int_eq(locator_connect(locator, OTHER, "names", &handle, &fd), ERROR_DENIED);
}
END_TEST

START_TEST(asking_again_gives_the_same_handle_and_no_second_descriptor)
{
    Handle first;
    Handle again;
    int fd;

    ck_assert_int_eq(locator_connect(locator, CLIENT, "link", &first, &fd), 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(locator_connect(locator, CLIENT, "link", &again, &fd), 0);
    ck_assert_int_eq(fd, -1);
    ck_assert_uint_eq(first, again);
}
END_TEST

START_TEST(a_closed_channel_is_never_given_out_again)
{
    Handle handle;

    ck_assert_int_eq(connect_to(CLIENT, "link", &handle), 0);
    ck_assert_int_eq(handle_give_back(&holders[OTHER], handle), ERROR_BAD_HANDLE);
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], handle), 0);
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], handle), ERROR_BAD_HANDLE);
    ck_assert_int_eq(connect_to(CLIENT, "link", &handle), ERROR_NOT_CONNECTED);
    ck_assert_int_eq(connect_to(OTHER, "link", &handle), 0);
}
END_TEST

START_TEST(the_end_of_a_client_is_seen_by_its_server)
{
    Handle handle;
    int inbox;

    ck_assert_int_eq(locator_register(locator, SERVER, "link", &handle, &inbox), 0);
    ck_assert_int_eq(connect_to(CLIENT, "link", &handle), 0);
    ck_assert(!backlog_deliver(&backlog));
    int end = posted(inbox);
    ck_assert(!is_closed(end));
    handles_give_back(&holders[CLIENT]);
    locator_entity_ended(locator, CLIENT);
    ck_assert(is_closed(end));
    fd_close(end);
    fd_close(inbox);
}
END_TEST

START_TEST(the_end_of_a_server_is_seen_by_all_its_clients)
{
    Handle handle;
    int fds[2];
    int copies[2];

    ck_assert_int_eq(locator_connect(locator, CLIENT, "link", &handle, &fds[0]), 0);
    ck_assert_int_eq(locator_connect(locator, OTHER, "link", &handle, &fds[1]), 0);
    for (int i = 0; i < 2; i++) {
        copies[i] = dup(fds[i]);
        ck_assert(!is_closed(copies[i]));
    }
    handles_give_back(&holders[SERVER]);
    locator_entity_ended(locator, SERVER);
    for (int i = 0; i < 2; i++) {
        ck_assert(is_closed(copies[i]));
        fd_close(copies[i]);
    }
    ck_assert_int_eq(connect_to(CLIENT, "link", &handle), ERROR_NOT_CONNECTED);
}
END_TEST

START_TEST(endpoints_are_found_by_both_names_once_they_are_announced)
{
    const char *interface;
    uint32_t riid;
    Handle handle;

    ck_assert_int_eq(connect_to(CLIENT, "link", &handle), 0);
    ck_assert_int_eq(locator_riid(locator, CLIENT, handle, "a.b", &riid), LOCATOR_NOT_YET);
    ck_assert_int_eq(locator_announce(locator, SERVER, 7, "a.b", "p.C.b", "p.I"), 0);
    ck_assert_int_eq(locator_riid(locator, CLIENT, handle, "a.b", &riid), LOCATOR_NOT_YET);
    locator_announced(locator, SERVER);
    ck_assert_int_eq(locator_riid(locator, CLIENT, handle, "a.b", &riid), 0);
    ck_assert_uint_eq(riid, 7);
    ck_assert_int_eq(locator_riid(locator, CLIENT, handle, "p.C.b", &riid), 0);
    ck_assert_int_eq(locator_riid(locator, CLIENT, handle, "p.C", &riid), ERROR_NOT_FOUND);
    ck_assert_int_eq(locator_interface(locator, CLIENT, handle, 7, &interface), 0);
    ck_assert_str_eq(interface, "p.I");
    ck_assert_int_eq(locator_interface(locator, CLIENT, handle, 8, &interface), ERROR_NOT_FOUND);
    ck_assert_int_eq(locator_riid(locator, OTHER, handle, "a.b", &riid), ERROR_BAD_HANDLE);
    ck_assert_int_eq(locator_announce(locator, SERVER, 8, "late", "late", "p.I"),
                     ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_listener_is_no_client_handle)
{
    uint32_t riid;
    Handle handle;
    int inbox;

    ck_assert_int_eq(locator_register(locator, SERVER, "link", &handle, &inbox), 0);
    ck_assert_int_eq(locator_riid(locator, SERVER, handle, "a.b", &riid), ERROR_BAD_HANDLE);
    fd_close(inbox);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("locator");
    TCase *cases = tcase_create("locator");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, a_connection_reaches_the_inbox_in_either_order, 0, 2);
    tcase_add_test(cases, what_could_not_be_delivered_can_be_asked_for_again);
    tcase_add_test(cases, what_a_lost_session_never_opened_has_ended);
    tcase_add_test(cases, only_what_is_declared_can_be_connected_or_registered);
    tcase_add_test(cases, each_channel_that_leads_to_an_entity_is_told_once_by_number);
    tcase_add_test(
        cases, an_entity_that_the_broker_stands_for_is_not_connected_to_before_or_after_its_end);
    tcase_add_test(cases, asking_again_gives_the_same_handle_and_no_second_descriptor);
    tcase_add_test(cases, a_closed_channel_is_never_given_out_again);
    tcase_add_test(cases, the_end_of_a_client_is_seen_by_its_server);
    tcase_add_test(cases, the_end_of_a_server_is_seen_by_all_its_clients);
    tcase_add_test(cases, endpoints_are_found_by_both_names_once_they_are_announced);
    tcase_add_test(cases, a_listener_is_no_client_handle);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a request, whatever happens to it, and then something else. */
#include "cm/cm.h"

#include <string.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"

enum {
    CLIENT,
    SERVER,
    OTHER,
    _N_ENTITIES,
};

#define NS_PER_MS INT64_C(1000000)
#define TIMEOUT_MS 100
#define STALE ((Handle)0x10063) /* what no entity has */
#define NO_ANSWER (-1)
#define CANNOT (-2) /* who would have to do it is gone */

static const char *const tasks[_N_ENTITIES] = {"Client", "Server", "Other"};
static struct holder *holders;
static struct backlog backlog;
static struct cm *cm;

/* Of the channel that was accepted last; -1 or INVALID_HANDLE: none. */
static Handle client_handle;
static Handle listener;
static int inbox;

static void setup(void)
{
    TAILQ_INIT(&backlog);
    holders = holders_new(_N_ENTITIES);
    ck_assert_ptr_nonnull(holders);
    const struct cm_setup settings = {.n_entities = _N_ENTITIES,
                                      .tasks = tasks,
                                      .holders = holders,
                                      .backlog = &backlog,
                                      .n_to_spare = 10};
    ck_assert_int_eq(cm_new(&settings, &cm), 0);
    client_handle = listener = INVALID_HANDLE;
    inbox = -1;
}

static void teardown(void)
{
    for (size_t i = 0; i < _N_ENTITIES; i++) {
        handles_give_back(&holders[i]);
        ck_assert_uint_eq(holders[i].n_to_spare, CHANNELS_PER_ENTITY_MAX);
    }
    cm = cm_free(cm);
    holders = holders_free(holders, _N_ENTITIES);
    inbox = fd_close(inbox);
}

static int ask(const char *server, const char *service)
{
    return cm_connect(cm, CLIENT, 7, server, service, TIMEOUT_MS, 0);
}

/* What can happen to a request. */
enum event {
    ACCEPT,          /* with a new listener */
    DROP,            /* the server refuses */
    TIME_OUT,        /* the client's time is over */
    CLIENT_DEATH,    /* the client ends */
    SERVER_DEATH,    /* the server ends */
    SERVER_CLOSE,    /* the server closes the listener that it accepted with, if it did */
    DUPLICATE,       /* the client asks for the same */
    LISTENER_CLOSED, /* the server accepts with a listener that it closed */
    _N_EVENTS,
};

static int accept_with(Handle with)
{
    struct cm_accepted accepted;

    int r = cm_accept(cm, SERVER, "Client", "s", 5, with, &accepted);
    if (r == 0) {
        listener = accepted.listener;
        inbox = fd_close(inbox);
        inbox = accepted.fd;
    }
    return r;
}

static int be_gone(size_t entity)
{
    handles_give_back(&holders[entity]);
    cm_gone(cm, entity);
    return 0;
}

/* happen() - what the one who does it is told */
static int happen(enum event event)
{
    switch (event) {
    case ACCEPT:
        return accept_with(INVALID_HANDLE);
    case DROP:
        return cm_drop(cm, SERVER, "Client", "s");
    case TIME_OUT:
        cm_expire(cm, TIMEOUT_MS * NS_PER_MS);
        return 0;
    case CLIENT_DEATH:
        return be_gone(CLIENT);
    case SERVER_DEATH:
        return be_gone(SERVER);
    case SERVER_CLOSE:
        return handle_give_back(&holders[SERVER], listener);
    case DUPLICATE:
        return ask("Server", "s");
    default:
        return accept_with(STALE);
    }
}

/* answered() - what the client is told, once; NO_ANSWER if nothing */
static int answered(void)
{
    struct cm_answer answer;
    struct cm_answer second;

    if (!cm_take_answer(cm, &answer)) {
        return NO_ANSWER;
    }
    ck_assert_uint_eq(answer.entity, CLIENT);
    ck_assert_uint_eq(answer.number, 7);
    ck_assert_int_eq(answer.kind, ANSWER_CONNECT);
    ck_assert(!cm_take_answer(cm, &second));
    if (answer.result == 0) {
        ck_assert_uint_eq(answer.riid, 5);
        client_handle = answer.handle;
    }
    return answer.result;
}

/* What who does it is told, and what the client is told then. */
struct outcome {
    int told;
    int answer;
};

#define GONE ERROR_NOT_FOUND
#define BAD ERROR_BAD_HANDLE
#define NA NO_ANSWER
#define NEVER                                                                                      \
    {                                                                                              \
        CANNOT, CANNOT                                                                             \
    }
#define NONE                                                                                       \
    {                                                                                              \
        GONE, NA                                                                                   \
    }
#define STILL_WAITS                                                                                \
    {                                                                                              \
        {0, 0}, {0, ERROR_DENIED}, {0, ERROR_TIMEOUT}, {0, NA}, {0, ERROR_NOT_CONNECTED},          \
            {BAD, NA}, {ERROR_EXISTS, NA},                                                         \
        {                                                                                          \
            BAD, NA                                                                                \
        }                                                                                          \
    }

/* clang-format off */
static const struct outcome first_outcomes[_N_EVENTS] = STILL_WAITS;

/* By the first event, which ends the request or does not, and the second one:
 *                       ACCEPT DROP   TIME_OUT CLIENT_  SERVER_  SERVER_    DUPLICATE  LISTENER_
 *                                              DEATH    DEATH    CLOSE                 CLOSED */
static const struct outcome second_outcomes[_N_EVENTS][_N_EVENTS] = {
    [ACCEPT]          = {NONE,  NONE,  {0, NA}, {0, NA}, {0, NA}, {0, NA},   {0, NA},   NONE},
    [DROP]            = {NONE,  NONE,  {0, NA}, {0, NA}, {0, NA}, {BAD, NA}, {0, NA},   NONE},
    [TIME_OUT]        = {NONE,  NONE,  {0, NA}, {0, NA}, {0, NA}, {BAD, NA}, {0, NA},   NONE},
    [CLIENT_DEATH]    = {NONE,  NONE,  {0, NA}, NEVER,   {0, NA}, {BAD, NA}, NEVER,     NONE},
    [SERVER_DEATH]    = {NEVER, NEVER, {0, NA}, {0, NA}, NEVER,   NEVER,     {GONE, NA}, NEVER},
    [SERVER_CLOSE]    = STILL_WAITS,
    [DUPLICATE]       = STILL_WAITS,
    [LISTENER_CLOSED] = STILL_WAITS,
};
/* clang-format on */

/* expect_outcome() - of @event, unless it cannot happen */
static void expect_outcome(enum event event, struct outcome expected)
{
    if (expected.told != CANNOT) {
        ck_assert_int_eq(happen(event), expected.told);
        ck_assert_int_eq(answered(), expected.answer);
    }
}

START_TEST(whatever_happens_first_and_then_has_its_code)
{
    enum event first = (enum event)(_i / _N_EVENTS);
    enum event second = (enum event)(_i % _N_EVENTS);

    ck_assert_int_eq(ask("Server", "s"), 0);
    expect_outcome(first, first_outcomes[first]);
    expect_outcome(second, second_outcomes[first][second]);
    be_gone(CLIENT);
    be_gone(SERVER);
    ck_assert_int_eq(answered(), NO_ANSWER);
    ck_assert_int_eq(cm_deadline_ns(cm), INT64_MAX);
    ck_assert(!backlog_deliver(&backlog));
}
END_TEST

/* posted() - the server's end that waits in the inbox; -1 if there is none */
static int posted(void)
{
    struct session_inbox_post post;
    struct fd_list fds;
    size_t size;

    (void)backlog_deliver(&backlog);
    if (fd_receive(inbox, &post, sizeof(post), MSG_DONTWAIT, &size, &fds) != 0 || size == 0) {
        return -1;
    }
    return fd_list_take(&fds);
}

static bool is_closed(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* connect_once() - ask, accept, be told. Return: the server's end. */
static int connect_once(void)
{
    ck_assert_int_eq(ask("Server", "s"), 0);
    ck_assert_int_eq(accept_with(listener), 0);
    ck_assert_int_eq(answered(), 0);
    return posted();
}

START_TEST(a_channel_ends_when_its_client_closes_it_and_can_be_made_again)
{
    ck_assert_int_eq(ask("Server", "s"), 0);
    ck_assert_int_eq(accept_with(INVALID_HANDLE), 0);
    ck_assert_int_eq(answered(), 0);
    int end = posted();
    ck_assert(end >= 0 && !is_closed(end));
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], client_handle), 0);
    ck_assert(is_closed(end));
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], client_handle), ERROR_BAD_HANDLE);
    fd_close(end);
    Handle before = listener;
    int kept = inbox;
    inbox = -1;
    ck_assert_int_eq(ask("Server", "s"), 0);
    ck_assert_int_eq(accept_with(listener), 0);
    ck_assert_uint_eq(listener, before);
    ck_assert_int_eq(inbox, -1);
    ck_assert_int_eq(answered(), 0);
    inbox = kept;
    end = posted();
    ck_assert_int_ge(end, 0);
    fd_close(end);
}
END_TEST

START_TEST(a_client_keeps_the_handle_of_a_channel_that_its_server_ended)
{
    int end = connect_once();

    ck_assert_int_ge(end, 0);
    fd_close(end);
    ck_assert_int_eq(handle_give_back(&holders[SERVER], listener), 0);
    ck_assert(!route_find(&holders[CLIENT], client_handle)->is_open);
    ck_assert_uint_eq(holders[CLIENT].n_to_spare, CHANNELS_PER_ENTITY_MAX - 1);
    ck_assert_uint_eq(holders[SERVER].n_to_spare, CHANNELS_PER_ENTITY_MAX);
    ck_assert_int_eq(handle_give_back(&holders[CLIENT], client_handle), 0);
    ck_assert_uint_eq(holders[CLIENT].n_to_spare, CHANNELS_PER_ENTITY_MAX);
}
END_TEST

START_TEST(a_client_that_can_have_no_more_is_told_so_and_the_server_hears_that_it_is_gone)
{
    ck_assert_int_eq(ask("Server", "s"), 0);
    holders[CLIENT].n_to_spare = 0;
    ck_assert_int_eq(accept_with(INVALID_HANDLE), ERROR_NOT_FOUND);
    ck_assert_int_eq(answered(), ERROR_QUOTA);
    ck_assert_int_eq(ask("Server", "s"), ERROR_QUOTA);
    ck_assert_uint_eq(holders[SERVER].n_to_spare, CHANNELS_PER_ENTITY_MAX);
    holders[CLIENT].n_to_spare = CHANNELS_PER_ENTITY_MAX;
}
END_TEST

START_TEST(a_server_that_can_have_no_more_is_told_so_and_the_request_waits)
{
    ck_assert_int_eq(ask("Server", "s"), 0);
    holders[SERVER].n_to_spare = 0;
    ck_assert_int_eq(accept_with(INVALID_HANDLE), ERROR_QUOTA);
    ck_assert_int_eq(answered(), NO_ANSWER);
    holders[SERVER].n_to_spare = CHANNELS_PER_ENTITY_MAX;
    ck_assert_int_eq(accept_with(INVALID_HANDLE), 0);
    ck_assert_int_eq(answered(), 0);
}
END_TEST

START_TEST(all_together_have_so_many_channels_and_not_one_more)
{
    int end = connect_once(); /* a listener, and a channel */

    fd_close(end);
    for (int i = 2; i < 10; i++) {
        end = connect_once();
        ck_assert_int_ge(end, -1);
        fd_close(end);
    }
    ck_assert_int_eq(ask("Server", "s"), ERROR_QUOTA);
}
END_TEST

START_TEST(what_is_no_name_is_refused)
{
    static const char *const bad[] = {"", "a\nb", "\x1b[2J", "\x7f", "\xff", "\xc0\x80"};
    char longest[LOCATOR_NAME_BYTES_MAX + 1];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_eq(ask("Server", bad[i]), ERROR_BAD_MESSAGE);
        ck_assert_int_eq(ask(bad[i], "s"), ERROR_BAD_MESSAGE);
        ck_assert_int_eq(cm_publish(cm, CLIENT, bad[i], "Client", "s"), ERROR_BAD_MESSAGE);
        ck_assert_int_eq(cm_publish(cm, CLIENT, "t", "Client", bad[i]), ERROR_BAD_MESSAGE);
    }
    ck_assert_int_eq(ask("Client", "s"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(ask("Serve", "s"), ERROR_NOT_FOUND);
    ck_assert_int_eq(ask("Server ", "s"), ERROR_NOT_FOUND);
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    ck_assert_int_eq(ask("Server", longest), 0);
    ck_assert_int_eq(ask("Server", "../\xc3\xa4"), 0);
}
END_TEST

START_TEST(only_the_owner_of_a_name_can_publish_under_it)
{
    const char *server;
    const char *service;

    ck_assert_int_eq(cm_publish(cm, OTHER, "t", "Server", "s"), ERROR_DENIED);
    ck_assert_int_eq(cm_publish(cm, SERVER, "t", "Server", "s"), 0);
    ck_assert_int_eq(cm_unpublish(cm, OTHER, "t", "Server", "s"), ERROR_DENIED);
    ck_assert_int_eq(cm_enumerate(cm, OTHER, "t", 0, &server, &service), 0);
    ck_assert_str_eq(server, "Server");
    ck_assert_str_eq(service, "s");
    ck_assert_int_eq(cm_enumerate(cm, OTHER, "t", UINT32_MAX, &server, &service), ERROR_NOT_FOUND);
    be_gone(SERVER);
    ck_assert_int_eq(cm_enumerate(cm, OTHER, "t", 0, &server, &service), ERROR_NOT_FOUND);
    ck_assert_int_eq(cm_publish(cm, OTHER, "t", "Server", "s"), ERROR_DENIED);
}
END_TEST

START_TEST(who_may_not_wait_does_not)
{
    ck_assert_int_eq(cm_connect(cm, CLIENT, 7, "Server", "s", 0, 0), ERROR_TIMEOUT);
    ck_assert_int_eq(accept_with(INVALID_HANDLE), ERROR_NOT_FOUND);
    ck_assert_int_eq(cm_connect(cm, CLIENT, 7, "Server", "s", TIMEOUT_NEVER_MS, 0), 0);
    ck_assert_int_eq(cm_deadline_ns(cm), INT64_MAX);
    ck_assert_int_eq(cm_listen(cm, OTHER, 8, 0, 5), 0);
    ck_assert_int_eq(cm_deadline_ns(cm), 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cm");
    TCase *cases = tcase_create("cm");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, whatever_happens_first_and_then_has_its_code, 0,
                        _N_EVENTS * _N_EVENTS);
    tcase_add_test(cases, a_channel_ends_when_its_client_closes_it_and_can_be_made_again);
    tcase_add_test(cases, a_client_keeps_the_handle_of_a_channel_that_its_server_ended);
    tcase_add_test(cases,
                   a_client_that_can_have_no_more_is_told_so_and_the_server_hears_that_it_is_gone);
    tcase_add_test(cases, a_server_that_can_have_no_more_is_told_so_and_the_request_waits);
    tcase_add_test(cases, all_together_have_so_many_channels_and_not_one_more);
    tcase_add_test(cases, what_is_no_name_is_refused);
    tcase_add_test(cases, only_the_owner_of_a_name_can_publish_under_it);
    tcase_add_test(cases, who_may_not_wait_does_not);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

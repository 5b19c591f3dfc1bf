/* SPDX-License-Identifier: Apache-2.0 */
/* listener.c and listener_wait.c: a channel ends while a thread that has to do with it is held at
 * some step. Another thread ends it. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/control.h"
#include "core/fd.h"
#include "tests/stress/parcel.h"
#include "tests/support/channels.h"
#include "tests/support/check_main.h"
#include "tests/support/holdings.h"
#include "tests/support/step.h"

#define SERVERS 2
#define LOOK_US 1000

static struct listener *listener;
static int inbox;
static pthread_t servers[SERVERS];
static atomic_uint n_dozes;
static const char *_Atomic to_hold; /* the step where the first thread is to be held */
static sem_t held;
static sem_t released;

void step_reached(const char *name)
{
    const char *expected = atomic_load(&to_hold);

    if (strcmp(name, "server: dozes") == 0) {
        atomic_fetch_add(&n_dozes, 1);
    }
    if (expected != NULL && strcmp(name, expected) == 0 &&
        atomic_compare_exchange_strong(&to_hold, &expected, NULL)) {
        sem_post(&held);
        sem_wait(&released);
    }
}

static void setup(void)
{
    int ends[2];

    sem_init(&held, 0, 0);
    sem_init(&released, 0, 0);
    ck_assert_int_eq(fd_pair(ends), 0);
    inbox = ends[0];
    ck_assert_int_eq(listener_new(ends[1], control_word(0), &listener), 0);
    for (unsigned i = 0; i < SERVERS; i++) {
        pthread_create(&servers[i], NULL, parcel_serve, listener);
    }
}

/* n_mappings() - of channels, by both ends: all are in this process */
static int n_mappings(void)
{
    return holdings_of(getpid()).n_memories;
}

static void teardown(void)
{
    listener_class.shut((struct object *)listener);
    for (unsigned i = 0; i < SERVERS; i++) {
        pthread_join(servers[i], NULL);
    }
    object_unref((struct object *)listener);
    fd_close(inbox);
    ck_assert_int_eq(n_mappings(), 0);
}

static void call(struct client *client)
{
    struct parcel parcel = {.bytes = 24, .reply_bytes = 24};
    struct parcel_room room;

    parcel_room_init(&room);
    ck_assert_int_eq(parcel_call(&room, client, &parcel), 0);
    parcel_room_deinit(&room);
}

/* call_until_dozing() - until the first calls of a channel are over the server sleeps elsewhere */
static void call_until_dozing(struct client *client)
{
    atomic_store(&n_dozes, 0);
    while (atomic_load(&n_dozes) == 0) {
        call(client);
        usleep(LOOK_US);
    }
}

/* hang_up() - through @same, a copy of the client's end, and wait until the server has seen it */
static void hang_up(int same)
{
    char byte;

    (void)shutdown(same, SHUT_WR);
    ck_assert_int_eq(recv(same, &byte, 1, 0), 0);
}

START_TEST(a_channel_that_ends_stays_mapped_for_who_dozes_at_it_and_no_longer)
{
    int end = channel_open(inbox);
    int same = dup(end);
    struct client *client = channel_client(end);

    call_until_dozing(client);
    int n_whole = n_mappings();
    atomic_store(&to_hold, "server: dozes");
    call(client);
    sem_wait(&held);
    hang_up(same);
    ck_assert_int_eq(n_mappings(), n_whole);

    sem_post(&released);
    while (n_mappings() == n_whole) {
        usleep(LOOK_US);
    }
    object_unref((struct object *)client);
    ck_assert_int_eq(n_mappings(), 0);
    fd_close(same);
    client = channel_client(channel_open(inbox));
    call(client);
    object_unref((struct object *)client);
}
END_TEST

START_TEST(a_channel_that_ends_before_its_offer_is_taken_shares_no_memory)
{
    int end = channel_open(inbox);
    int same = dup(end);
    struct client *client = channel_client(end);

    atomic_store(&to_hold, "server: offer received");
    call(client);
    sem_wait(&held);
    hang_up(same);
    sem_post(&released);
    object_unref((struct object *)client);
    fd_close(same);

    client = channel_client(channel_open(inbox));
    call_until_dozing(client);
    object_unref((struct object *)client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("endings");
    TCase *cases = tcase_create("endings");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_channel_that_ends_stays_mapped_for_who_dozes_at_it_and_no_longer);
    tcase_add_test(cases, a_channel_that_ends_before_its_offer_is_taken_shares_no_memory);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

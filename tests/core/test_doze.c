/* SPDX-License-Identifier: Apache-2.0 */
/* listener_wait.c: a thread that dozes at a channel's memory holds no reference to it; another
 * thread may end the channel all the same. The thread is held where it is about to doze. */
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
static atomic_bool is_held;
static sem_t dozing;
static sem_t released;

void step_reached(const char *name)
{
    if (strcmp(name, "server: dozes") != 0) {
        return;
    }
    atomic_fetch_add(&n_dozes, 1);
    if (atomic_exchange(&is_held, false)) {
        sem_post(&dozing);
        sem_wait(&released);
    }
}

static void setup(void)
{
    int ends[2];

    sem_init(&dozing, 0, 0);
    sem_init(&released, 0, 0);
    ck_assert_int_eq(fd_pair(ends), 0);
    inbox = ends[0];
    ck_assert_int_eq(listener_new(ends[1], control_word(0), &listener), 0);
    for (unsigned i = 0; i < SERVERS; i++) {
        pthread_create(&servers[i], NULL, parcel_serve, listener);
    }
}

static void teardown(void)
{
    listener_class.shut((struct object *)listener);
    for (unsigned i = 0; i < SERVERS; i++) {
        pthread_join(servers[i], NULL);
    }
    object_unref((struct object *)listener);
    fd_close(inbox);
}

static void call(struct client *client)
{
    struct parcel parcel = {.bytes = 24, .reply_bytes = 24};
    struct parcel_room room;

    parcel_room_init(&room);
    ck_assert_int_eq(parcel_call(&room, client, &parcel), 0);
    parcel_room_deinit(&room);
}

/* n_mappings() - of channels, by both ends: all are in this process */
static int n_mappings(void)
{
    return holdings_of(getpid()).n_memories;
}

START_TEST(a_channel_that_ends_stays_mapped_for_who_dozes_at_it_and_no_longer)
{
    int end = channel_open(inbox);
    int same = dup(end);
    struct client *client = channel_client(end);
    char byte;

    while (atomic_load(&n_dozes) == 0) { /* until its first calls are over it sleeps elsewhere */
        call(client);
        usleep(LOOK_US);
    }
    int n_whole = n_mappings();
    atomic_store(&is_held, true);
    call(client);
    sem_wait(&dozing);
    (void)shutdown(same, SHUT_WR); /* which the other thread takes for the end */
    ck_assert_int_eq(recv(same, &byte, 1, 0), 0);
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

int main(void)
{
    Suite *suite = suite_create("doze");
    TCase *cases = tcase_create("doze");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_channel_that_ends_stays_mapped_for_who_dozes_at_it_and_no_longer);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

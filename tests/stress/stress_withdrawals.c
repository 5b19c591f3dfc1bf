/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_withdrawals [--rounds N] [--seed S]: calls on one handle that are broken off, or whose
 * time is over, just when the server takes the request or answers it, until N requests were taken
 * back and N replies came too late. Whatever the order: what was taken back is never served, what
 * was answered was served once, each reply belongs to its request, and the calls of other threads
 * on the same handle go on.
 */
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "tests/stress/parcel.h"
#include "tests/support/channels.h"
#include "tests/support/chaos.h"

#define CALLERS 4 /* that are broken off */
#define OTHERS 2  /* that are not */
#define SERVERS 2
#define CALLS_MAX (1u << 20) /* of each caller */
#define SYNC(caller) ((Handle)(0x10001 + (caller)))
#define SPREAD_NS 150000
#define PATIENCE_S 270

/* What is known of a call. */
enum fate {
    UNDECIDED,
    ANSWERED,
    WITHDRAWN,
    LATE,
    REFUSED, /* too many in flight: it was not made */
    _FATE_N,
};

static _Atomic uint8_t fates[CALLERS + OTHERS][CALLS_MAX];
static _Atomic uint8_t n_served[CALLERS + OTHERS][CALLS_MAX];
static _Atomic uint64_t n_fates[_FATE_N];
static _Atomic uint64_t n_thrown_away; /* replies to calls that had ended */

static struct client *client;
static struct listener *listener;
static uint64_t rounds = 10000;
static uint64_t seed;

static void fail(const char *what, uint32_t caller, uint32_t number, int value)
{
    printf("%s: caller %u, call %u, %d\n", what, caller, number, value);
    fflush(NULL);
    abort();
}

static bool is_over(void)
{
    return atomic_load(&n_fates[WITHDRAWN]) >= rounds && atomic_load(&n_thrown_away) >= rounds;
}

static void serve_one(struct parcel_room *room, struct request *request)
{
    struct parcel parcel;

    if (parcel_take(room, &request->incoming, &parcel) != NK_EOK || parcel.number >= CALLS_MAX ||
        parcel.caller >= CALLERS + OTHERS) {
        fail("a request that nobody made", 0, 0, 0);
    }
    if (atomic_fetch_add(&n_served[parcel.caller][parcel.number], 1) != 0) {
        fail("served twice", parcel.caller, parcel.number, 0);
    }
    int r = parcel_answer(room, request);
    if (r != 0) {
        fail("a reply was not taken", parcel.caller, parcel.number, r);
    }
    if (atomic_load(&fates[parcel.caller][parcel.number]) == LATE) {
        atomic_fetch_add(&n_thrown_away, 1);
    }
}

static void *serve(void *number)
{
    struct random_source source = {.state = seed * 31 + (uintptr_t)number};
    struct parcel_room room;
    struct request *request;

    parcel_room_init(&room);
    while (listener_receive(listener, NULL, &request) == 0) {
        chaos_delay(&source);
        if (chaos_below(&source, 4) == 0) {
            const struct timespec rest = {.tv_nsec = chaos_below(&source, SPREAD_NS)};
            nanosleep(&rest, NULL);
        }
        serve_one(&room, request);
    }
    parcel_room_deinit(&room);
    return NULL;
}

/* choose() - all the ways that a request and its reply may take */
static void choose(struct random_source *source, struct parcel *parcel)
{
    static const uint32_t sizes[][2] = {{16, 16},   {16, 16},      {200, 200},  {4096, 4096},
                                        {16, 9000}, {20000, 9000}, {20000, 16}, {16, 100000}};
    size_t i = chaos_below(source, sizeof(sizes) / sizeof(sizes[0]));

    parcel->bytes = sizes[i][0];
    parcel->reply_bytes = sizes[i][1];
}

/* shorten() - a deadline of less than a millisecond */
static void shorten(struct until *until, struct random_source *source)
{
    clock_gettime(CLOCK_MONOTONIC, &until->deadline);
    until->has_deadline = true;
    until->deadline.tv_nsec += chaos_below(source, SPREAD_NS);
    if (until->deadline.tv_nsec >= 1000000000) {
        until->deadline.tv_nsec -= 1000000000;
        until->deadline.tv_sec++;
    }
}

static enum fate fate_of(int result, const struct parcel *parcel)
{
    switch (result) {
    case 0:
        return ANSWERED;
    case ERROR_INTERRUPTED:
        return WITHDRAWN;
    case ERROR_TIMEOUT:
        return LATE;
    case ERROR_QUOTA:
        return REFUSED;
    default:
        fail("a call failed", parcel->caller, parcel->number, result);
        return UNDECIDED;
    }
}

/* settle() - how a call ended */
static void settle(int result, const struct parcel *parcel)
{
    enum fate fate = fate_of(result, parcel);

    atomic_store(&fates[parcel->caller][parcel->number], fate);
    atomic_fetch_add(&n_fates[fate], 1);
    if (fate == ANSWERED && atomic_load(&n_served[parcel->caller][parcel->number]) != 1) {
        fail("answered, but not served", parcel->caller, parcel->number, 0);
    }
}

static void *call_shortly(void *number)
{
    struct random_source source = {.state = seed * 17 + (uintptr_t)number};
    struct parcel parcel = {.caller = (uint32_t)(uintptr_t)number};
    struct parcel_room room;

    parcel_room_init(&room);
    for (; parcel.number < CALLS_MAX && !is_over(); parcel.number++) {
        struct until until;
        int r = until_init(&until, UINT32_MAX, SYNC(parcel.caller));
        choose(&source, &parcel);
        if (chaos_below(&source, 2) == 0) {
            shorten(&until, &source);
        }
        r = r != 0 ? r : parcel_call_until(&room, client, &parcel, &until);
        settle(r, &parcel);
        until_deinit(&until);
    }
    parcel_room_deinit(&room);
    return NULL;
}

static void *call_at_leisure(void *number)
{
    struct random_source source = {.state = seed * 13 + (uintptr_t)number};
    struct parcel parcel = {.caller = (uint32_t)(uintptr_t)number};
    struct parcel_room room;

    parcel_room_init(&room);
    for (; parcel.number < CALLS_MAX && !is_over(); parcel.number++) {
        choose(&source, &parcel);
        settle(parcel_call(&room, client, &parcel), &parcel);
        chaos_delay(&source);
    }
    parcel_room_deinit(&room);
    return NULL;
}

/* break_off() - one caller after the other, at any time */
static void *break_off(void *objects)
{
    struct random_source source = {.state = seed};

    while (!is_over()) {
        sync_object_set(((struct sync_object **)objects)[chaos_below(&source, CALLERS)]);
        const struct timespec rest = {.tv_nsec = chaos_below(&source, SPREAD_NS / CALLERS)};
        nanosleep(&rest, NULL);
    }
    return NULL;
}

static void options_parse(int argc, char **argv)
{
    static const struct option options[] = {
        {"rounds", required_argument, NULL, 'r'}, {"seed", required_argument, NULL, 's'}, {0}};

    seed = random_seed();
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == '?') {
            exit(EXIT_FAILURE);
        }
        *(c == 'r' ? &rounds : &seed) = strtoull(optarg, NULL, 0);
    }
    printf("seed %" PRIu64 "\n", seed);
}

/* check_all() - nothing that was taken back was ever served */
static void check_all(void)
{
    for (uint32_t caller = 0; caller < CALLERS + OTHERS; caller++) {
        for (uint32_t i = 0; i < CALLS_MAX; i++) {
            uint8_t fate = atomic_load(&fates[caller][i]);
            if ((fate == WITHDRAWN || fate == REFUSED) && atomic_load(&n_served[caller][i]) != 0) {
                fail("taken back, but served", caller, i, fate);
            }
        }
    }
}

static void run_all(struct sync_object **objects)
{
    pthread_t servers[SERVERS];
    pthread_t callers[CALLERS + OTHERS];
    pthread_t breaker;

    for (uintptr_t i = 0; i < SERVERS; i++) {
        pthread_create(&servers[i], NULL, serve, (void *)i);
    }
    for (uintptr_t i = 0; i < CALLERS + OTHERS; i++) {
        pthread_create(&callers[i], NULL, i < CALLERS ? call_shortly : call_at_leisure, (void *)i);
    }
    pthread_create(&breaker, NULL, break_off, objects);
    for (size_t i = 0; i < CALLERS + OTHERS; i++) {
        pthread_join(callers[i], NULL);
    }
    pthread_join(breaker, NULL);
    listener_class.shut((struct object *)listener);
    for (size_t i = 0; i < SERVERS; i++) {
        pthread_join(servers[i], NULL);
    }
}

int main(int argc, char **argv)
{
    struct sync_object *objects[CALLERS];
    int inboxes[2];

    options_parse(argc, argv);
    alarm(PATIENCE_S);
    if (fd_pair(inboxes) != 0 || listener_new(inboxes[1], control_word(0), &listener) != 0) {
        return EXIT_FAILURE;
    }
    client = channel_client(channel_open(inboxes[0]));
    for (Handle i = 0; i < CALLERS; i++) {
        if (sync_object_new(true, &objects[i]) != 0 ||
            object_table_add(SYNC(i), &objects[i]->object) != 0) {
            return EXIT_FAILURE;
        }
    }
    run_all(objects);
    check_all();
    printf("answered %" PRIu64 ", taken back %" PRIu64 ", given up %" PRIu64 ", refused %" PRIu64
           ", late replies %" PRIu64 "\n",
           atomic_load(&n_fates[ANSWERED]), atomic_load(&n_fates[WITHDRAWN]),
           atomic_load(&n_fates[LATE]), atomic_load(&n_fates[REFUSED]),
           atomic_load(&n_thrown_away));
    object_unref((struct object *)client);
    object_unref((struct object *)listener);
    fd_close(inboxes[0]);
    return is_over() ? EXIT_SUCCESS : EXIT_FAILURE;
}

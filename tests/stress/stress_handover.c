/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_handover [--rounds N] [--seed S]: N hand-overs, requests and replies, between the real
 * client and listener in two processes, with delays of all lengths, threads that change their CPU,
 * processes that are stopped in the middle, and other clients that are killed. Every reply must be
 * the one to its request, and no call may wait for longer than LOST_US while nobody is stopped, or
 * awake without getting a CPU: a wake-up would have been lost.
 *
 * It goes in epochs, each with new processes, channels and numbers of threads.
 */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "tests/support/channels.h"
#include "tests/support/chaos.h"
#include "tests/stress/parcel.h"

#define CHANNELS_MAX_HERE 4
#define CALLERS_MAX 48
#define SERVERS_MAX 3
#define EPOCH_CALLS_MAX 500000
#define EPOCHS_MIN 5
#define HANDOVERS_PER_CALL 2

/* There are no time-outs that could make up for a lost wake-up: what took SLOW_US was not woken. */
#define SLOW_US 1000000
#define LOST_US 2000000
#define TICK_US_MAX 5000
#define LOOK_US 20000     /* between two looks at who gets a CPU */
#define PATIENT_US 100000 /* of callers at those who have waited so long */
#define STARVED_SHARE 8   /* who is ready and runs for less than this part of the time */
#define REPORT_US 10000000

/* What a caller is doing, by the clock of struct table. */
struct caller {
    _Alignas(64) _Atomic uint64_t since_us; /* 0: no call in progress */
    _Atomic uint64_t n_calls;
    _Atomic uint64_t worst_us;
    _Atomic uint64_t n_slow;
    _Atomic pid_t thread;
    struct parcel parcel;
};

/* Shared by all processes. @clock_us: goes on only while nobody is stopped or starved, and the
 * watcher runs. @servers: threads */
struct table {
    _Atomic uint64_t clock_us;
    _Alignas(64) _Atomic pid_t servers[SERVERS_MAX];
    struct caller callers[CALLERS_MAX];
};

/* One epoch. */
struct plan {
    uint64_t seed;
    unsigned n_servers;
    unsigned n_channels;
    unsigned n_callers[CHANNELS_MAX_HERE];
    uint64_t calls_per_caller;
};

/* The sums over all epochs. */
struct sums {
    uint64_t n_calls;
    uint64_t n_slow;
    uint64_t worst_us;
    uint64_t n_stops;
    uint64_t n_killed;
};

static struct table *table;

/* The server's process */

static struct listener *listener;
static uint64_t server_seed;

static void *serve(void *number)
{
    struct random_source random = {.state = server_seed + (uintptr_t)number};
    struct parcel_room room;
    struct request *request;

    table->servers[(uintptr_t)number] = gettid();
    parcel_room_init(&room);
    while (listener_receive(listener, NULL, &request) == 0) {
        chaos_delay(&random);
        (void)parcel_answer(&room, request); /* some clients are killed */
        chaos_delay(&random);
        chaos_move(&random);
    }
    parcel_room_deinit(&room);
    return NULL;
}

static void be_server(int inbox, const struct plan *plan)
{
    pthread_t threads[SERVERS_MAX];

    if (listener_new(inbox, control_word(0), &listener) != 0) {
        exit(EXIT_FAILURE);
    }
    channel_hold_end();
    server_seed = plan->seed;
    for (uintptr_t i = 0; i < plan->n_servers; i++) {
        pthread_create(&threads[i], NULL, serve, (void *)i);
    }
    channel_await_end();
    listener_class.shut((struct object *)listener);
    for (unsigned i = 0; i < plan->n_servers; i++) {
        pthread_join(threads[i], NULL);
    }
    object_unref((struct object *)listener);
    exit(EXIT_SUCCESS);
}

/* The client's process */

struct job {
    pthread_t thread;
    unsigned number;
    struct client *client;
    uint64_t seed;
    uint64_t n_calls;
};

/* random_size() - of a message: in the line, in the slot, in the socket, in a memory of its own */
static uint32_t random_size(struct random_source *random)
{
    unsigned kind = chaos_below(random, 1000);
    unsigned range = kind < 700   ? 32
                     : kind < 970 ? 9000
                     : kind < 997 ? 20000
                                  : PARCEL_BYTES_MAX - 100;

    return (uint32_t)PARCEL_BYTES_MIN + chaos_below(random, range - (unsigned)PARCEL_BYTES_MIN);
}

static struct parcel random_parcel(struct random_source *random, unsigned caller, uint64_t number)
{
    struct parcel parcel = {.caller = caller, .number = (uint32_t)number};

    if (chaos_below(random, 10) != 0) {
        parcel.bytes = random_size(random);
        parcel.reply_bytes = chaos_below(random, 2) == 0 ? parcel.bytes : random_size(random);
    }
    return parcel;
}

/* call_once() - a call that the watcher sees */
static int call_once(struct parcel_room *room, struct job *job, const struct parcel *parcel)
{
    struct caller *caller = &table->callers[job->number];
    uint64_t start_us = atomic_load_explicit(&table->clock_us, memory_order_relaxed);

    caller->parcel = *parcel;
    atomic_store_explicit(&caller->since_us, start_us, memory_order_relaxed);
    int r = parcel_call(room, job->client, parcel);
    atomic_store_explicit(&caller->since_us, 0, memory_order_relaxed);
    uint64_t us = atomic_load_explicit(&table->clock_us, memory_order_relaxed) - start_us;
    atomic_fetch_add_explicit(&caller->n_calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&caller->n_slow, us > SLOW_US, memory_order_relaxed);
    if (us > atomic_load_explicit(&caller->worst_us, memory_order_relaxed)) {
        atomic_store_explicit(&caller->worst_us, us, memory_order_relaxed);
    }
    return r;
}

static void *call_often(void *argument)
{
    struct job *job = argument;
    struct random_source random = {.state = job->seed};
    struct parcel_room room;

    table->callers[job->number].thread = gettid();
    parcel_room_init(&room);
    for (uint64_t i = 0; i < job->n_calls; i++) {
        struct parcel parcel = random_parcel(&random, job->number, i);
        int r = call_once(&room, job, &parcel);
        if (r != 0) {
            printf("caller %u, call %u of %u bytes for %u: error %d\n", job->number, parcel.number,
                   parcel.bytes, parcel.reply_bytes, r);
            exit(EXIT_FAILURE);
        }
        chaos_delay(&random);
        chaos_move(&random);
    }
    parcel_room_deinit(&room);
    return NULL;
}

static void be_client(const int *ends, const struct plan *plan)
{
    static struct job jobs[CALLERS_MAX];
    struct client *clients[CHANNELS_MAX_HERE];
    unsigned n = 0;

    for (unsigned i = 0; i < plan->n_channels; i++) {
        clients[i] = channel_client(ends[i]);
        for (unsigned j = 0; j < plan->n_callers[i]; j++, n++) {
            jobs[n] = (struct job){.number = n,
                                   .client = clients[i],
                                   .seed = plan->seed + 100 + n,
                                   .n_calls = plan->calls_per_caller};
        }
    }
    for (unsigned i = 0; i < n; i++) {
        pthread_create(&jobs[i].thread, NULL, call_often, &jobs[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        pthread_join(jobs[i].thread, NULL);
    }
    for (unsigned i = 0; i < plan->n_channels; i++) {
        object_unref((struct object *)clients[i]);
    }
    exit(EXIT_SUCCESS);
}

/* A client that is killed whatever it does: three threads on one handle. */

static void *call_for_ever(void *argument)
{
    struct job *job = argument;
    struct random_source random = {.state = job->seed};
    struct parcel_room room;

    parcel_room_init(&room);
    for (uint64_t i = 0;; i++) {
        struct parcel parcel = random_parcel(&random, job->number, i);
        (void)parcel_call(&room, job->client, &parcel);
        chaos_delay(&random);
    }
    return NULL;
}

static void be_victim(int end, uint64_t seed)
{
    struct job jobs[3];
    struct client *client = channel_client(end);

    for (unsigned i = 0; i < 3; i++) {
        jobs[i] = (struct job){.number = CALLERS_MAX + i, .client = client, .seed = seed + i};
        pthread_create(&jobs[i].thread, NULL, call_for_ever, &jobs[i]);
    }
    for (;;) {
        pause();
    }
}

/* The watcher */

/* What the scheduler did for a thread until the last look. */
struct looked {
    bool was_ready;
    uint64_t run_us;
};

/* What goes on in an epoch; times by the real clock. @stopped: 0 if nobody is */
struct scene {
    struct plan plan;
    struct random_source random;
    int inbox;
    pid_t server;
    pid_t client;
    pid_t victim;
    pid_t stopped;
    int64_t next_stop_us;
    int64_t next_victim_us;
    int64_t last_tick_us;
    int64_t last_look_us;
    bool is_starved;
    struct looked servers[SERVERS_MAX];
    struct looked callers[CALLERS_MAX];
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fail(struct scene *scene, const char *what)
{
    const pid_t pids[] = {scene->server, scene->client, scene->victim};

    printf("%s; seed of the epoch %ju, %u servers\n", what, (uintmax_t)scene->plan.seed,
           scene->plan.n_servers);
    for (unsigned i = 0; i < CALLERS_MAX; i++) {
        const struct caller *caller = &table->callers[i];
        if (caller->since_us != 0) {
            printf("caller %u: in call %u, %u bytes for %u, for %ju us\n", i, caller->parcel.number,
                   caller->parcel.bytes, caller->parcel.reply_bytes,
                   (uintmax_t)(table->clock_us - caller->since_us));
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        if (pids[i] > 0) {
            channel_threads_print(pids[i]);
            channel_slots_print(pids[i]);
            kill(pids[i], SIGKILL);
        }
    }
    exit(EXIT_FAILURE);
}

/* read_file() - of a thread; "" if it is gone */
static void read_file(pid_t thread, const char *file, char ret_text[256])
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)thread, file);
    FILE *from = fopen(path, "re");
    if (from == NULL || fgets(ret_text, 256, from) == NULL) {
        ret_text[0] = '\0';
    }
    if (from != NULL) {
        fclose(from);
    }
}

/* is_starved() - whether a thread has been ready since the last look, and has hardly run */
static bool is_starved(pid_t thread, struct looked *looked, uint64_t us)
{
    char text[256];

    read_file(thread, "schedstat", text);
    uint64_t run_us = strtoull(text, NULL, 10) / 1000;
    read_file(thread, "stat", text);
    bool is_ready = strstr(text, ") R ") != NULL;
    bool has_run = run_us - looked->run_us >= us / STARVED_SHARE;
    bool was_ready = looked->was_ready;
    *looked = (struct looked){is_ready, run_us};
    return was_ready && is_ready && !has_run;
}

/* look() - whether somebody who could end a call is awake and gets no CPU, every now and then */
static void look(struct scene *scene, int64_t now)
{
    uint64_t us = (uint64_t)(now - scene->last_look_us);

    if (us < LOOK_US) {
        return;
    }
    scene->last_look_us = now;
    scene->is_starved = false;
    for (unsigned i = 0; i < scene->plan.n_servers; i++) {
        scene->is_starved =
            is_starved(table->servers[i], &scene->servers[i], us) || scene->is_starved;
    }
    for (unsigned i = 0; i < CALLERS_MAX; i++) {
        uint64_t since_us = table->callers[i].since_us;
        if (since_us != 0 && since_us + PATIENT_US < table->clock_us) {
            scene->is_starved =
                is_starved(table->callers[i].thread, &scene->callers[i], us) || scene->is_starved;
        }
    }
}

/* tick() - let the clock go on, and see whether a call takes too long */
static void tick(struct scene *scene)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    int64_t now = now_us();
    int64_t us = now - scene->last_tick_us;
    scene->last_tick_us = now;
    look(scene, now);
    if (scene->stopped == 0 && !scene->is_starved) {
        atomic_fetch_add(&table->clock_us, (uint64_t)(us < TICK_US_MAX ? us : TICK_US_MAX));
    }
    for (unsigned i = 0; i < CALLERS_MAX; i++) {
        uint64_t since_us = atomic_load(&table->callers[i].since_us);
        uint64_t clock_us = atomic_load(&table->clock_us);
        if (since_us != 0 && clock_us > since_us && clock_us - since_us > LOST_US) {
            fail(scene, "a call takes too long");
        }
    }
}

static void go_on(struct scene *scene)
{
    if (scene->stopped != 0) {
        kill(scene->stopped, SIGCONT);
        scene->stopped = 0;
    }
}

/* stop_or_go_on() - stop the client or the server for a while, when it is time */
static void stop_or_go_on(struct scene *scene, struct sums *sums)
{
    if (now_us() < scene->next_stop_us) {
        return;
    }
    if (scene->stopped != 0) {
        go_on(scene);
        scene->next_stop_us = now_us() + 5000 + chaos_below(&scene->random, 100000);
        return;
    }
    scene->stopped = chaos_below(&scene->random, 2) == 0 ? scene->server : scene->client;
    kill(scene->stopped, SIGSTOP);
    scene->next_stop_us = now_us() + chaos_below(&scene->random, 10000);
    sums->n_stops++;
}

static void kill_victim(struct scene *scene, struct sums *sums)
{
    if (scene->victim != 0) {
        kill(scene->victim, SIGKILL);
        waitpid(scene->victim, NULL, 0);
        scene->victim = 0;
        sums->n_killed++;
    }
}

/* change_victim() - kill the client that is there for it, and start another one */
static void change_victim(struct scene *scene, struct sums *sums)
{
    if (now_us() < scene->next_victim_us) {
        return;
    }
    kill_victim(scene, sums);
    int end = channel_open(scene->inbox);
    scene->victim = channel_fork();
    if (scene->victim == 0) {
        fd_close(scene->inbox);
        be_victim(end, random_next(&scene->random));
    }
    fd_close(end);
    scene->next_victim_us = now_us() + 1000 + chaos_below(&scene->random, 200000);
}

static void start_client(struct scene *scene)
{
    int ends[CHANNELS_MAX_HERE];

    for (unsigned i = 0; i < scene->plan.n_channels; i++) {
        ends[i] = channel_open(scene->inbox);
    }
    scene->client = channel_fork();
    if (scene->client == 0) {
        fd_close(scene->inbox);
        be_client(ends, &scene->plan);
    }
    for (unsigned i = 0; i < scene->plan.n_channels; i++) {
        fd_close(ends[i]);
    }
}

static void start(struct scene *scene)
{
    int inboxes[2];

    memset(table, 0, sizeof(*table));
    table->clock_us = 1; /* 0 is no time */
    if (fd_pair(inboxes) != 0) {
        fail(scene, "no sockets");
    }
    scene->server = channel_fork();
    if (scene->server == 0) {
        fd_close(inboxes[0]);
        be_server(inboxes[1], &scene->plan);
    }
    fd_close(inboxes[1]);
    scene->inbox = inboxes[0];
    start_client(scene);
    scene->last_tick_us = scene->last_look_us = now_us();
}

/* await() - the end of a process, which must succeed; @is_calm: nobody is stopped meanwhile */
static void await(struct scene *scene, pid_t *pid, bool is_calm, struct sums *sums)
{
    uint64_t start_us = table->clock_us;
    int status;

    while (waitpid(*pid, &status, WNOHANG) == 0) {
        tick(scene);
        if (!is_calm) {
            stop_or_go_on(scene, sums);
            change_victim(scene, sums);
        } else if (table->clock_us - start_us > LOST_US) {
            fail(scene, "the server does not end");
        }
    }
    bool is_client = *pid == scene->client;
    *pid = 0;
    if (status != 0) {
        printf("the %s ended with %#x\n", is_client ? "client" : "server", (unsigned)status);
        go_on(scene);
        fail(scene, "a process failed");
    }
}

static struct plan random_plan(struct random_source *random, uint64_t n_calls)
{
    static const unsigned counts[] = {1, 1, 2, 3, 12};
    struct plan plan = {.seed = random_next(random) >> 16};
    unsigned n_callers = 0;

    plan.n_servers = 1 + chaos_below(random, SERVERS_MAX);
    plan.n_channels = 1 + chaos_below(random, CHANNELS_MAX_HERE);
    for (unsigned i = 0; i < plan.n_channels; i++) {
        plan.n_callers[i] = counts[chaos_below(random, 5)];
        n_callers += plan.n_callers[i];
    }
    plan.calls_per_caller = n_calls / n_callers + 1;
    return plan;
}

/* run_epoch() - about so many calls, then everybody ends */
static void run_epoch(struct random_source *random, uint64_t n_calls, struct sums *sums)
{
    struct scene scene = {.plan = random_plan(random, n_calls),
                          .random.state = random_next(random)};

    start(&scene);
    await(&scene, &scene.client, false, sums);
    go_on(&scene);
    kill_victim(&scene, sums);
    fd_close(scene.inbox);
    kill(scene.server, SIGTERM);
    await(&scene, &scene.server, true, sums);
    for (unsigned i = 0; i < CALLERS_MAX; i++) {
        const struct caller *caller = &table->callers[i];
        sums->n_calls += caller->n_calls;
        sums->n_slow += caller->n_slow;
        sums->worst_us = caller->worst_us > sums->worst_us ? caller->worst_us : sums->worst_us;
    }
}

static void report(const struct sums *sums, uint64_t rounds, int64_t start_us)
{
    uint64_t n = sums->n_calls * HANDOVERS_PER_CALL;
    int64_t us = now_us() - start_us;

    printf(
        "%ju of %ju hand-overs in %.1f s, %.0f per second; longest call %.1f ms, over %d ms: %ju;"
        " %ju stops, %ju clients killed\n",
        (uintmax_t)n, (uintmax_t)rounds, (double)us / 1e6, (double)n / ((double)us / 1e6),
        (double)sums->worst_us / 1e3, SLOW_US / 1000, (uintmax_t)sums->n_slow,
        (uintmax_t)sums->n_stops, (uintmax_t)sums->n_killed);
    fflush(stdout);
}

static int run(uint64_t rounds, uint64_t seed)
{
    struct random_source random = {.state = seed};
    uint64_t epoch_calls = rounds / HANDOVERS_PER_CALL / EPOCHS_MIN + 1;
    int64_t start_us = now_us();
    int64_t reported_us = start_us;
    struct sums sums = {0};

    epoch_calls = epoch_calls < EPOCH_CALLS_MAX ? epoch_calls : EPOCH_CALLS_MAX;
    while (sums.n_calls * HANDOVERS_PER_CALL < rounds) {
        run_epoch(&random, epoch_calls, &sums);
        if (now_us() - reported_us > REPORT_US) {
            reported_us = now_us();
            report(&sums, rounds, start_us);
        }
    }
    report(&sums, rounds, start_us);
    return sums.n_slow == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"rounds", required_argument, NULL, 'r'}, {"seed", required_argument, NULL, 's'}, {0}};
    uint64_t rounds = 200000;
    uint64_t seed = 0;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'r') {
            rounds = strtoull(optarg, NULL, 0);
        } else if (c == 's') {
            seed = strtoull(optarg, NULL, 0);
        } else {
            return EXIT_FAILURE;
        }
    }
    if (seed == 0) {
        seed = random_seed();
    }
    printf("seed %ju\n", (uintmax_t)seed);
    table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return table == MAP_FAILED ? EXIT_FAILURE : run(rounds, seed);
}

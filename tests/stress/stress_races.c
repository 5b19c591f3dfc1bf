/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_races [--rounds N] [--seed S] [--pair NAME+NAME]: what can happen to a request for a
 * dynamic channel, two things at a time, in two processes with the library and beside the broker.
 * A client asks, its server has heard of it, and then two threads do one thing each, as close
 * together as can be. Whatever the order: every wait ends, what one side was told fits what the
 * other was told, nothing is answered twice, and nothing is left.
 */
#include <dirent.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/thread/thread_api.h>
#include <rtl/retcode_hr.h>

#include "core/lookout.h"
#include "tests/support/small_broker.h"

#define TIMEOUT_MS 2
#define SPREAD_NS 200000 /* around the end of that time */
#define JITTER_NS 30000
#define LISTEN_MS 20
#define PATIENCE_S 60
#define ROUNDS_PER_LIFE 500
#define BLINK_NS 20000
#define NOT_TOLD INT32_MIN

enum event {
    ACCEPT,
    DROP,
    TIME_OUT,
    CLIENT_DEATH,
    SERVER_DEATH,
    SERVER_CLOSE,    /* of the listener that ACCEPT accepts with */
    DUPLICATE,       /* the client asks for the same again */
    LISTENER_CLOSED, /* accept with a listener that was closed before */
    _N_EVENTS,
};

enum side {
    CLIENT,
    SERVER,
};

static const struct {
    const char *name;
    enum side side;
} events[_N_EVENTS] = {
    [ACCEPT] = {"accept", SERVER},
    [DROP] = {"drop", SERVER},
    [TIME_OUT] = {"time-out", CLIENT},
    [CLIENT_DEATH] = {"client-death", CLIENT},
    [SERVER_DEATH] = {"server-death", SERVER},
    [SERVER_CLOSE] = {"server-close", SERVER},
    [DUPLICATE] = {"duplicate", CLIENT},
    [LISTENER_CLOSED] = {"listener-closed", SERVER},
};

/*
 * One race, shared by the broker and both processes.
 * @rounds:   of this life of the processes; 1 if one of them dies
 * @start, @go, @end: barriers of a round
 * @told:     to who does each event
 * @answer:   to the client that asked
 * @n_acted:  events of the server's that are over
 * @n_waits:  of the client that are not over
 * @n_drained: requests that were dropped after the race
 * @deadline_ns: of the client's request
 */
struct race {
    enum event pair[2];
    unsigned rounds;
    unsigned seed;
    pthread_barrier_t start;
    pthread_barrier_t go;
    pthread_barrier_t end;
    _Atomic int told[2];
    _Atomic int answer;
    _Atomic int n_acted;
    _Atomic int n_waits;
    _Atomic int n_drained;
    _Atomic int64_t deadline_ns;
    _Atomic unsigned n_orders[2]; /* how often each event was the one that counted */
};

static struct race *race;
static volatile sig_atomic_t n_ticks; /* seconds of this life */

/* Of the process that this is. */
static Handle held = INVALID_HANDLE;   /* the client's end of the channel that there was before */
static Handle served = INVALID_HANDLE; /* the listener that it leads to */
static Handle stale = 0x10063;         /* no handle of ours, or not any more */
static Handle accepted[2];
static int session = -1;

static bool has(enum event event)
{
    return race->pair[0] == event || race->pair[1] == event;
}

static bool has_death(void)
{
    return has(CLIENT_DEATH) || has(SERVER_DEATH);
}

/* needs_listener() - whether there must be a listener before the race */
static bool needs_listener(void)
{
    return has(SERVER_CLOSE) || has(LISTENER_CLOSED);
}

static void wait_until(int64_t at_ns)
{
    while (broker_now_ns() < at_ns) {
    }
}

static void blink(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = BLINK_NS}, NULL);
}

static void fail(const char *why)
{
    fprintf(stderr, "%s + %s: %s; told %d and %d, the client %d; %d dropped later\n",
            events[race->pair[0]].name, events[race->pair[1]].name, why, race->told[0],
            race->told[1], race->answer, race->n_drained);
    exit(EXIT_FAILURE);
}

static Retcode ask(const char *service, rtl_uint32_t msecs, Handle *ret_handle)
{
    rtl_uint32_t riid;

    return KnCmConnect("Server", service, msecs, ret_handle, &riid);
}

static void close_handle(Handle handle)
{
    if (handle != INVALID_HANDLE && KnHandleClose(handle) != rcOk) {
        fail("a handle cannot be closed");
    }
}

/* act() - have the event happen. Return: what is told to who does it. */
static Retcode act(int number)
{
    Handle *handle = &accepted[number];

    *handle = INVALID_HANDLE;
    switch (race->pair[number]) {
    case ACCEPT:
        return KnCmAccept("Client", "s", 0, has(SERVER_CLOSE) ? served : INVALID_HANDLE, handle);
    case DROP:
        return KnCmDrop("Client", "s");
    case SERVER_CLOSE:
        return KnHandleClose(served);
    case LISTENER_CLOSED:
        return KnCmAccept("Client", "s", 0, stale, handle);
    case DUPLICATE:
        return ask("s", INFINITE_TIMEOUT, handle);
    default:
        (void)kill(getpid(), SIGKILL);
        return NOT_TOLD;
    }
}

/* moment_ns() - when the event is to happen, once everybody is ready */
static int64_t moment_ns(unsigned *seed)
{
    int64_t now_ns = broker_now_ns();

    if (has(TIME_OUT)) {
        return race->deadline_ns - SPREAD_NS / 2 + rand_r(seed) % SPREAD_NS;
    }
    return now_ns + rand_r(seed) % JITTER_NS;
}

/* actor() - the thread that has event number @argument happen, every round */
static void *actor(void *argument)
{
    int number = (int)(intptr_t)argument;
    enum event event = race->pair[number];
    unsigned seed = race->seed + (unsigned)number;

    for (unsigned i = 0; i < race->rounds; i++) {
        (void)pthread_barrier_wait(&race->go);
        wait_until(moment_ns(&seed));
        race->told[number] = act(number);
        if (events[event].side == SERVER) {
            race->n_acted++;
        } else if (event == DUPLICATE) {
            race->n_waits--;
        }
        if (!has_death()) {
            (void)pthread_barrier_wait(&race->end);
        }
    }
    return NULL;
}

/* start_actors() - of one side. Return: how many. */
static int start_actors(enum side side, pthread_t threads[2])
{
    int n = 0;

    for (int i = 0; i < 2; i++) {
        if (events[race->pair[i]].side == side && race->pair[i] != TIME_OUT) {
            pthread_create(&threads[n++], NULL, actor, (void *)(intptr_t)i);
        }
    }
    return n;
}

/* n_descriptors() - that this process has */
static int n_descriptors(void)
{
    int n = 0;
    DIR *folder = opendir("/proc/self/fd");

    while (folder != NULL && readdir(folder) != NULL) {
        n++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return n;
}

/* check_quiet() - whether nothing waits for this process that nobody asked for, and it has no more
 * descriptors than after its first round */
static void check_quiet(unsigned round, int *n_before)
{
    struct pollfd answers = {.fd = session, .events = POLLIN};

    if (poll(&answers, 1, 0) != 0) {
        fail("an answer that nobody waits for");
    }
    if (round == 0) {
        *n_before = n_descriptors();
    } else if (round + 1 == race->rounds && n_descriptors() != *n_before) {
        fail("descriptors leak");
    }
}

/* client_prepare() - the channel that there is before the race, and what the race starts from */
static void client_prepare(void)
{
    if (needs_listener() && ask("before", INFINITE_TIMEOUT, &held) != rcOk) {
        fail("there is no listener");
    }
    race->told[0] = race->told[1] = race->answer = NOT_TOLD;
    race->n_acted = race->n_drained = 0;
    race->n_waits = 1 + (race->pair[0] == DUPLICATE) + (race->pair[1] == DUPLICATE);
}

/* client_ask() - the request that everything is about */
static void client_ask(void)
{
    Handle handle = INVALID_HANDLE;

    race->deadline_ns = broker_now_ns() + TIMEOUT_MS * INT64_C(1000000);
    race->answer = ask("s", has(TIME_OUT) ? TIMEOUT_MS : INFINITE_TIMEOUT, &handle);
    race->n_waits--;
    close_handle(handle);
    close_handle(held);
    held = INVALID_HANDLE;
}

/* begin() - before the first round: the session, and the lookout, whose descriptors stay */
static void begin(void)
{
    session = atoi(getenv(SESSION_ENVIRONMENT));
    struct lookout_watch watch = {.fd = session};
    if (lookout_begin(&watch) != 0) {
        fail("there is no lookout");
    }
    lookout_end(&watch);
}

static int be_client(size_t number)
{
    pthread_t threads[2];
    int n_before = 0;

    (void)number;
    begin();
    int n_threads = start_actors(CLIENT, threads);
    for (unsigned i = 0; i < race->rounds; i++) {
        client_prepare();
        (void)pthread_barrier_wait(&race->start);
        client_ask();
        if (!has_death()) {
            (void)pthread_barrier_wait(&race->end);
            check_quiet(i, &n_before);
        }
    }
    for (int i = 0; i < n_threads; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    return EXIT_SUCCESS;
}

/* server_hear() - of a request for @service. Return: false: its time is over. */
static bool server_hear(const char *service, rtl_uint32_t msecs)
{
    char client[1024];
    char asked[1024];

    Retcode rc = KnCmListen(RTL_NULL, msecs, client, asked);
    if (rc == rcOk && (strcmp(client, "Client") != 0 || strcmp(asked, service) != 0)) {
        fail("somebody else asks");
    }
    return rc == rcOk;
}

static void server_prepare(void)
{
    if (!needs_listener()) {
        return;
    }
    if (!server_hear("before", INFINITE_TIMEOUT) ||
        KnCmAccept("Client", "before", 0, INVALID_HANDLE, &served) != rcOk) {
        fail("the client does not come");
    }
    if (!has(SERVER_CLOSE)) {
        close_handle(served);
        stale = served;
    }
}

/* server_settle() - wait for the end of the race, and drop what is left of it */
static void server_settle(void)
{
    int n_own = (events[race->pair[0]].side == SERVER) + (events[race->pair[1]].side == SERVER);

    while (race->n_acted < n_own) {
        blink();
    }
    if (has(TIME_OUT)) {
        wait_until(race->deadline_ns + SPREAD_NS);
    }
    while (!has(CLIENT_DEATH) && race->n_waits > 0) {
        blink();
        race->n_drained += KnCmDrop("Client", "s") == rcOk;
    }
}

/* server_check() - compare what everybody was told */
static void server_check(void)
{
    int n_accepted = 0;
    int n_dropped = race->n_drained;
    int n_refused = race->answer == rcSecurityDisallow;

    for (int i = 0; i < 2; i++) {
        bool is_done = race->told[i] == rcOk;
        n_accepted += race->pair[i] == ACCEPT && is_done;
        n_dropped += race->pair[i] == DROP && is_done;
        n_refused += race->pair[i] == DUPLICATE && race->told[i] == rcSecurityDisallow;
        race->n_orders[i] += is_done || (race->pair[i] == TIME_OUT && race->answer == rcTimeout);
    }
    if (n_accepted > 1 || (race->answer == rcOk && n_accepted != 1) ||
        (n_accepted == 1 && race->answer != rcOk &&
         !(has(SERVER_CLOSE) && race->answer == rcNotConnected))) {
        fail("accepted");
    }
    if (n_dropped != n_refused) {
        fail("dropped");
    }
    if (race->answer == rcTimeout && !has(TIME_OUT)) {
        fail("timed out");
    }
    if (race->answer != rcOk && race->answer != rcSecurityDisallow && race->answer != rcTimeout &&
        race->answer != rcNotConnected) {
        fail("answered");
    }
}

/* is_allowed() - whether who does event @number may be told @code, if both live on */
static bool is_allowed(int number, Retcode code)
{
    switch (race->pair[number]) {
    case ACCEPT:
        return code == rcOk || code == rcResourceNotFound ||
               (code == rcNoCapability && has(SERVER_CLOSE));
    case DROP:
        return code == rcOk || code == rcResourceNotFound;
    case SERVER_CLOSE:
        return code == rcOk || (code == rcNoCapability && race->told[1 - number] == rcOk);
    case DUPLICATE:
        return code == rcAlreadyExists || code == rcSecurityDisallow;
    case LISTENER_CLOSED:
        return code == rcNoCapability || code == rcResourceNotFound;
    default:
        return code == NOT_TOLD;
    }
}

static int be_server(size_t number)
{
    pthread_t threads[2];
    int n_before = 0;

    (void)number;
    begin();
    int n_threads = start_actors(SERVER, threads);
    for (unsigned i = 0; i < race->rounds; i++) {
        server_prepare();
        (void)pthread_barrier_wait(&race->start);
        (void)server_hear("s", has(TIME_OUT) ? LISTEN_MS : INFINITE_TIMEOUT);
        (void)pthread_barrier_wait(&race->go);
        server_settle();
        for (int k = 0; k < 2 && !has(SERVER_CLOSE); k++) {
            close_handle(race->pair[k] == ACCEPT ? accepted[k] : INVALID_HANDLE);
        }
        if (!has_death()) {
            server_check();
            if (!is_allowed(0, race->told[0]) || !is_allowed(1, race->told[1])) {
                fail("told");
            }
            (void)pthread_barrier_wait(&race->end);
            check_quiet(i, &n_before);
        }
    }
    for (int i = 0; i < n_threads; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    return EXIT_SUCCESS;
}

/* check_death() - what the one that lived on was told */
static void check_death(void)
{
    if (race->answer == NOT_TOLD && !has(CLIENT_DEATH)) {
        fail("the client was told nothing");
    }
    if (race->answer == rcTimeout && !has(TIME_OUT)) {
        fail("timed out");
    }
    race->n_orders[0] += race->answer == rcNotConnected;
}

static void barrier_init(pthread_barrier_t *barrier, unsigned n)
{
    pthread_barrierattr_t shared;

    pthread_barrierattr_init(&shared);
    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(barrier, &shared, n);
}

/* live() - one life of both processes, of some rounds. Return: whether all was well. */
static bool live(unsigned rounds)
{
    unsigned n_actors = 2 - (race->pair[0] == TIME_OUT) - (race->pair[1] == TIME_OUT);
    struct small_broker small;

    race->rounds = rounds;
    barrier_init(&race->start, 2);
    barrier_init(&race->go, 1 + n_actors);
    barrier_init(&race->end, 2 + n_actors);
    n_ticks = 0;
    bool is_fine = small_broker_init(&small, "Client", "Server") == 0 &&
                   small_broker_fork(&small, CLIENT, be_client) == 0 &&
                   small_broker_fork(&small, SERVER, be_server) == 0 &&
                   small_broker_run(&small) == 0 && !small.failed;
    if (is_fine && has_death()) {
        check_death();
    }
    return small_broker_deinit(&small) && is_fine;
}

/* run_pair() - two events, so many times. Return: whether all was well. */
static bool run_pair(enum event first, enum event second, unsigned rounds)
{
    unsigned seed = race->seed;
    int n_before = n_descriptors();
    unsigned step = first == CLIENT_DEATH || first == SERVER_DEATH || second == CLIENT_DEATH ||
                            second == SERVER_DEATH
                        ? 1
                        : ROUNDS_PER_LIFE;

    int64_t before_ns = broker_now_ns();
    memset(race, 0, sizeof(*race));
    race->pair[0] = first;
    race->pair[1] = second;
    bool is_fine = true;
    for (unsigned done = 0; done < rounds && is_fine; done += step) {
        race->seed = ++seed * 2;
        is_fine = live(rounds - done < step ? rounds - done : step);
    }
    race->seed = seed;
    bool leaks = n_descriptors() != n_before;
    printf("%-15s + %-15s %6u rounds, %6u and %6u, %5.1f s: %s\n", events[first].name,
           events[second].name, rounds, race->n_orders[0], race->n_orders[1],
           (double)(broker_now_ns() - before_ns) / 1e9,
           !is_fine ? "FAILED"
           : leaks  ? "descriptors leak"
                    : "fine");
    (void)fflush(stdout);
    return is_fine && !leaks;
}

/* is_possible() - a process dies once, and a request has one end of its time */
static bool is_possible(enum event first, enum event second)
{
    return first != second || (first != TIME_OUT && first != CLIENT_DEATH && first != SERVER_DEATH);
}

/* on_tick() - every second in which this process runs: one that is stopped meanwhile is not late */
static void on_tick(int number)
{
    static const char text[] = "stress_races: somebody waits for ever\n";

    (void)number;
    if (++n_ticks > PATIENCE_S) {
        (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
        _exit(EXIT_FAILURE);
    }
}

/* watch() - have on_tick() called */
static void watch(void)
{
    const struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    const struct itimerval second = {.it_interval.tv_sec = 1, .it_value.tv_sec = 1};

    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &second, NULL);
}

/* is_wanted() - whether --pair names these two, or none */
static bool is_wanted(const char *pair, enum event first, enum event second)
{
    char name[64];

    (void)snprintf(name, sizeof(name), "%s+%s", events[first].name, events[second].name);
    return pair == NULL || strcmp(pair, name) == 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"rounds", required_argument, NULL, 'r'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"pair", required_argument, NULL, 'p'},
                                            {0}};
    unsigned rounds = 200;
    const char *pair = NULL;
    int n_pairs = 0;
    bool is_fine = true;

    race = mmap(NULL, sizeof(*race), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (race == MAP_FAILED) {
        return EXIT_FAILURE;
    }
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'r':
            rounds = (unsigned)strtoul(optarg, NULL, 0);
            break;
        case 's':
            race->seed = (unsigned)strtoul(optarg, NULL, 0);
            break;
        case 'p':
            pair = optarg;
            break;
        default:
            return EXIT_FAILURE;
        }
    }
    watch();
    for (int first = 0; first < _N_EVENTS; first++) {
        for (int second = first; second < _N_EVENTS; second++) {
            if (is_possible((enum event)first, (enum event)second) &&
                is_wanted(pair, (enum event)first, (enum event)second)) {
                is_fine = run_pair((enum event)first, (enum event)second, rounds) && is_fine;
                n_pairs++;
            }
        }
    }
    printf("%d races\n", n_pairs);
    return is_fine && n_pairs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

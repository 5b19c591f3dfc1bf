/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_steps [--times N]: kills the client, then the server, at every step of a call, each N
 * times, with no broker to tell the other one. The other one must find out within BAR_NS, go on
 * with whom else it talks to, and hold nothing of the channel any more.
 */
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "tests/stress/parcel.h"
#include "tests/support/channels.h"
#include "tests/support/chaos.h"
#include "tests/support/holdings.h"
#include "tests/support/step.h"

#define BAR_NS INT64_C(1000000000)
#define PATIENCE_MS 10000
#define LISTING_MS 1000
#define STEPS_MAX 64
#define TIMES_MAX 1000
#define THREADS 2
#define SKIP_MAX 40

struct step {
    char name[64];
    unsigned n_listed;
};

/* What children print comes back to the one that started them. */
static int output[2];
static char text[65536];
static size_t text_size;

static int inbox;
static pid_t server;
static struct client *own;
static struct parcel_room own_room;
static struct random_source own_random;

static void fail(const char *what, const char *step)
{
    printf("%s; step \"%s\"; output:\n%s\n", what, step, text);
    exit(EXIT_FAILURE);
}

/* The children */

/* child() - a process that is to die at a step, NULL if it is not, and whose output we read.
 * Return: as fork(). */
static pid_t child(const char *step, unsigned skip)
{
    char number[16];
    pid_t pid = channel_fork();

    if (pid == 0) {
        dup2(output[1], STDOUT_FILENO);
        snprintf(number, sizeof(number), "%u", skip);
        setenv("CAPCHAN_SKIP", number, 1);
        if (step != NULL) {
            setenv("CAPCHAN_STEP", step, 1);
        }
    }
    return pid;
}

static struct listener *listener;

static void *serve(void *unused)
{
    struct parcel_room room;
    struct request *request;

    parcel_room_init(&room);
    for (unsigned i = 0; listener_receive(listener, NULL, &request) == 0; i++) {
        if (i % 3 == 0) {
            usleep(100); /* so that clients go to sleep */
        }
        (void)parcel_answer(&room, request);
    }
    parcel_room_deinit(&room);
    listener_class.shut((struct object *)listener);
    return unused;
}

static void be_server(int end)
{
    pthread_t threads[THREADS];

    if (listener_new(end, control_word(0), &listener) != 0) {
        exit(EXIT_FAILURE);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, serve, NULL);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    object_unref((struct object *)listener);
    exit(EXIT_SUCCESS);
}

struct caller {
    pthread_t thread;
    struct client *client;
    int error;
    int64_t asked_ns; /* when it made the call that failed */
    int64_t told_ns;  /* when it did */
};

/* call_until_error() - all kinds of calls, in turn */
static void *call_until_error(void *argument)
{
    static const uint32_t sizes[][2] = {{0, 0},       {16, 16},      {4000, 4000}, {16, 4000},
                                        {16, 9000},   {9000, 16},    {16, 16},     {7000, 70000},
                                        {70000, 100}, {2000, 12000}, {100, 100}};
    struct caller *caller = argument;
    struct parcel_room room;

    parcel_room_init(&room);
    for (uint32_t i = 0; caller->error == 0; i++) {
        const uint32_t *size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
        struct parcel parcel = {.number = i, .bytes = size[0], .reply_bytes = size[1]};
        caller->asked_ns = step_now_ns();
        struct until until;
        (void)until_init(&until, PATIENCE_MS, INVALID_HANDLE);
        caller->error =
            parcel_call_until(&room, caller->client, &parcel, i % 3 == 0 ? &until : NULL);
        until_deinit(&until);
        if (i % 4 == 0) {
            usleep(200); /* so that the server goes to sleep */
        }
    }
    caller->told_ns = step_now_ns();
    parcel_room_deinit(&room);
    return NULL;
}

/* be_client() - threads on one handle; all must learn that the server is gone */
static void be_client(int end)
{
    struct caller callers[THREADS] = {0};
    struct holdings before = holdings_of(getpid());
    before.n_descriptors += LOOKOUT_DESCRIPTORS;
    struct client *client = channel_client(end);
    for (unsigned i = 0; i < THREADS; i++) {
        callers[i].client = client;
        pthread_create(&callers[i].thread, NULL, call_until_error, &callers[i]);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(callers[i].thread, NULL);
        printf("told %d, asked at %" PRId64 ", told at %" PRId64 "\n", callers[i].error,
               callers[i].asked_ns, callers[i].told_ns);
    }
    object_unref((struct object *)client);
    struct holdings after = holdings_of(getpid());
    after.n_descriptors++; /* `end` is closed by now */
    printf("left %s\n", holdings_are_same(before, after) ? "nothing" : "something");
    exit(EXIT_SUCCESS);
}

/* The one that watches */

/* read_more() - Return: false: nothing came in time. */
static bool read_more(int timeout_ms)
{
    struct pollfd fd = {.fd = output[0], .events = POLLIN};

    if (text_size + 1 >= sizeof(text) || poll(&fd, 1, timeout_ms) <= 0) {
        return false;
    }
    ssize_t n = read(output[0], text + text_size, sizeof(text) - 1 - text_size);
    text_size += n > 0 ? (size_t)n : 0;
    text[text_size] = '\0';
    return n > 0;
}

/* expect() - wait for a line of the children. Return: what follows @start in it. */
static const char *expect(const char *start, const char *step)
{
    int64_t deadline_ns = step_now_ns() + PATIENCE_MS * INT64_C(1000000);

    for (;;) {
        const char *at = strstr(text, start);
        if (at != NULL && strchr(at, '\n') != NULL) {
            return at + strlen(start);
        }
        if (step_now_ns() > deadline_ns || !read_more(PATIENCE_MS)) {
            fail("nothing was heard any more", step);
        }
    }
}

static void forget_output(void)
{
    text_size = 0;
    text[0] = '\0';
}

static pid_t start_client(const char *step, unsigned skip)
{
    int end = channel_open(inbox);
    pid_t pid = child(step, skip);

    if (pid == 0) {
        fd_close(inbox);
        be_client(end);
    }
    fd_close(end);
    return pid;
}

/* start_server() - with a channel of our own */
static void start_server(const char *step, unsigned skip)
{
    int inboxes[2];

    if (fd_pair(inboxes) != 0) {
        fail("no sockets", step != NULL ? step : "");
    }
    server = child(step, skip);
    if (server == 0) {
        fd_close(inboxes[0]);
        be_server(inboxes[1]);
    }
    fd_close(inboxes[1]);
    inbox = inboxes[0];
    own = channel_client(channel_open(inbox));
}

static void end_server(void)
{
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    object_unref((struct object *)own);
    inbox = fd_close(inbox);
    forget_output();
}

/* call() - over our own channel. Return: as parcel_call(). */
static int call(void)
{
    const struct parcel parcel = {.number = 1, .bytes = 100, .reply_bytes = 200};

    return parcel_call(&own_room, own, &parcel);
}

/* list() - the steps of one side, as they are reached in some time. Return: how many. */
static size_t list(bool is_server, struct step ret_steps[STEPS_MAX])
{
    size_t n = 0;

    start_server(is_server ? "list" : NULL, 0);
    pid_t client = start_client(is_server ? NULL : "list", 0);
    int64_t deadline_ns = step_now_ns() + LISTING_MS * INT64_C(1000000);
    while (step_now_ns() < deadline_ns) {
        (void)read_more(10);
    }
    kill(client, SIGKILL);
    waitpid(client, NULL, 0);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char name[64];
        size_t i = 0;
        if (sscanf(line, "step %63[^\n]", name) != 1) {
            continue;
        }
        while (i < n && strcmp(ret_steps[i].name, name) != 0) {
            i++;
        }
        if (i == n && n < STEPS_MAX) {
            ret_steps[n++] = (struct step){0};
            strcpy(ret_steps[i].name, name);
        }
        ret_steps[i].n_listed++;
    }
    end_server();
    return n;
}

/* skips() - how often a step that is reached again and again is passed before */
static unsigned skips(const struct step *step, unsigned time)
{
    return time > 0 && step->n_listed >= STEP_LISTED ? chaos_below(&own_random, SKIP_MAX) : 0;
}

/* died_at() - when a child reached its step */
static int64_t died_at(const char *step)
{
    char start[128];

    snprintf(start, sizeof(start), "step %.63s at ", step);
    return strtoll(expect(start, step), NULL, 10);
}

/* kill_client() - Return: how long the server held on to what it shared with the client. */
static int64_t kill_client(const struct step *step, unsigned skip)
{
    struct holdings before = holdings_of(server);
    pid_t client = start_client(step->name, skip);

    int64_t died_ns = died_at(step->name);
    waitpid(client, NULL, 0);
    while (!holdings_are_same(holdings_of(server), before)) {
        if (step_now_ns() - died_ns > BAR_NS) {
            fail("the server holds on to a dead client", step->name);
        }
        usleep(100);
    }
    int64_t ns = step_now_ns() - died_ns;
    if (call() != 0) {
        fail("the server does not answer others", step->name);
    }
    forget_output();
    return ns;
}

/* longest_wait() - of the client's threads, from the server's death or, if that was later, from the
 * call that found out: one that was answered before may have waited as well */
static int64_t longest_wait(int64_t died_ns, const char *step)
{
    int64_t longest_ns = 0;
    const char *at = text;
    int n_told = 0;

    (void)expect("left ", step);
    for (; (at = strstr(at, "told ")) != NULL; at++) {
        int64_t asked_ns;
        int64_t told_ns;
        int error;
        if (sscanf(at, "told %d, asked at %" SCNd64 ", told at %" SCNd64, &error, &asked_ns,
                   &told_ns) != 3) {
            continue;
        }
        int64_t ns = told_ns - (asked_ns > died_ns ? asked_ns : died_ns);
        longest_ns = ns > longest_ns ? ns : longest_ns;
        n_told += error == ERROR_NOT_CONNECTED;
    }
    if (n_told != THREADS) {
        fail("the client got another error", step);
    }
    return longest_ns;
}

/* kill_server() - Return: how long it took until its client knew. */
static int64_t kill_server(const struct step *step, unsigned skip)
{
    int status;

    start_server(step->name, skip);
    pid_t client = start_client(NULL, 0);
    int64_t ns = longest_wait(died_at(step->name), step->name);
    if (strncmp(expect("left ", step->name), "nothing", 7) != 0) {
        fail("the client holds something of a dead channel", step->name);
    }
    waitpid(client, &status, 0);
    if (status != 0 || call() != ERROR_NOT_CONNECTED) {
        fail("who calls later is not told", step->name);
    }
    end_server();
    return ns;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* kill_often() - one side, at each of its steps. Return: whether the other side knew in time. */
static bool kill_often(bool is_server, unsigned times)
{
    static int64_t ns[STEPS_MAX * TIMES_MAX];
    struct step steps[STEPS_MAX];
    size_t n_steps = list(is_server, steps);
    size_t n = 0;

    if (!is_server) {
        start_server(NULL, 0);
        (void)call();
        (void)call(); /* now our memory is there */
    }
    for (size_t i = 0; i < n_steps; i++) {
        size_t first = n;
        for (unsigned time = 0; time < times; time++) {
            unsigned skip = skips(&steps[i], time);
            ns[n++] = is_server ? kill_server(&steps[i], skip) : kill_client(&steps[i], skip);
        }
        qsort(ns + first, times, sizeof(ns[0]), compare);
        printf("  %-45s %8.3f ms at most\n", steps[i].name, (double)ns[n - 1] / 1e6);
    }
    if (!is_server) {
        end_server();
    }
    qsort(ns, n, sizeof(ns[0]), compare);
    int64_t p99_ns = n > 0 ? ns[(n - 1) * 99 / 100] : INT64_MAX;
    printf("%s killed %zu times, at %zu steps, no broker: other end knows after median %.3f ms,"
           " p99 %.3f ms, worst %.3f ms\n",
           is_server ? "server" : "client", n, n_steps, (double)ns[n / 2] / 1e6,
           (double)p99_ns / 1e6, (double)ns[n > 0 ? n - 1 : 0] / 1e6);
    return p99_ns <= BAR_NS;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"times", required_argument, NULL, 't'}, {0}};
    unsigned times = 1;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 't') {
            return EXIT_FAILURE;
        }
        times = (unsigned)strtoul(optarg, NULL, 0);
        times = times < TIMES_MAX ? times : TIMES_MAX;
    }
    if (pipe(output) != 0) {
        return EXIT_FAILURE;
    }
    own_random.state = random_seed();
    parcel_room_init(&own_room);
    bool is_good = kill_often(false, times);
    is_good = kill_often(true, times) && is_good;
    parcel_room_deinit(&own_room);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

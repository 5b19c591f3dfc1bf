/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that wants more than its share, and one that measures what the others get. Arguments in
 * capitals are words of the one argument that a command has.
 *
 *     ask-names 'SERVER N MS'   ask for N names, THREADS at a time, waiting MS for each
 *     poll 'SERVER SERVICE N'   ask N times, without waiting
 *     publish-names N           publish N names
 *     publish-again N           publish a name and take it back, N times
 *     see-names N               look at the first N names, as long as there are any
 *     hoard 'SERVER SERVICE N'  connect N times and keep all, calling none
 *     time 'SERVER SERVICE N'   connect and close N times, and say how long that took
 *     compare 'A B SERVICE N'   ask A and B in turns, without waiting, N times each, and say how
 * long a refusal took: half of them, and the middle half, as FROM-TO mark FILE, await FILE, sleep,
 * exit N
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/task/task_api.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>
#include <rtl/retcode_hr.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"

#define THREADS 32
#define TYPE "rival.IName"

/* What threads that ask for names have to do, and what came of it. */
static struct {
    char server[kl_core_Types_UCoreStringSize];
    unsigned n;
    unsigned msecs;
    atomic_uint next;
    atomic_uint n_timeouts;
    atomic_uint n_full;
} names;

static void *ask_names(void *unused)
{
    char service[32];
    Handle handle;
    rtl_uint32_t riid;
    unsigned number;

    while ((number = atomic_fetch_add(&names.next, 1)) < names.n) {
        snprintf(service, sizeof(service), "name%u", number);
        Retcode rc = KnCmConnect(names.server, service, names.msecs, &handle, &riid);
        atomic_fetch_add(&names.n_timeouts, rc == rcTimeout);
        atomic_fetch_add(&names.n_full, rc == rcQuotaExceeded);
    }
    return unused;
}

static void do_ask_names(const char *argument)
{
    pthread_t threads[THREADS];

    if (sscanf(argument, "%1023s %u %u", names.server, &names.n, &names.msecs) != 3) {
        exit(COMMANDS_BAD_STATUS);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, ask_names, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("asked for %u names: %u waited, %u were too many\n", names.n, names.n_timeouts,
           names.n_full);
}

static void do_poll(const char *argument)
{
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Handle handle;
    rtl_uint32_t riid;
    unsigned n_timeouts = 0;
    unsigned n;

    if (sscanf(argument, "%1023s %1023s %u", server, service, &n) != 3) {
        exit(COMMANDS_BAD_STATUS);
    }
    for (unsigned i = 0; i < n; i++) {
        n_timeouts += KnCmConnect(server, service, 0, &handle, &riid) == rcTimeout;
    }
    printf("polled %u times: %u without an answer\n", n, n_timeouts);
}

static NsHandle name_server(char own[kl_core_Types_UCoreStringSize])
{
    NsHandle ns = NS_INVALID_HANDLE;

    NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns);
    KnTaskGetName(own, kl_core_Types_UCoreStringSize);
    return ns;
}

static void do_publish_names(const char *count)
{
    char own[kl_core_Types_UCoreStringSize];
    NsHandle ns = name_server(own);
    char service[32];
    int n_published = 0;
    int n_full = 0;

    for (int i = 0; i < atoi(count); i++) {
        snprintf(service, sizeof(service), "name%d", i);
        Retcode rc = NsPublishService(ns, TYPE, own, service);
        n_published += rc == rcOk;
        n_full += rc == rcQuotaExceeded;
    }
    printf("published %s names: %d are, %d were too many\n", count, n_published, n_full);
}

static void do_publish_again(const char *count)
{
    char own[kl_core_Types_UCoreStringSize];
    NsHandle ns = name_server(own);
    int n_failures = 0;

    for (int i = 0; i < atoi(count); i++) {
        n_failures += NsPublishService(ns, TYPE, own, "again") != rcOk;
        n_failures += NsUnPublishService(ns, TYPE, own, "again") != rcOk;
    }
    printf("published %s times: %d failures\n", count, n_failures);
}

static void do_see_names(const char *count)
{
    char own[kl_core_Types_UCoreStringSize];
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    NsHandle ns = name_server(own);
    unsigned n_seen = 0;
    unsigned n_ends = 0;

    for (unsigned i = 0; n_seen + n_ends < (unsigned)atoi(count); i++) {
        if (NsEnumServices(ns, TYPE, i, server, sizeof(server), service, sizeof(service)) == rcOk) {
            n_seen++;
        } else {
            n_ends++;
            i = UINT32_MAX; /* from the start again */
        }
    }
    printf("saw %u names\n", n_seen);
}

static void do_hoard(const char *argument)
{
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Handle handle;
    rtl_uint32_t riid;
    Retcode rc = rcOk;
    unsigned n_open = 0;
    unsigned n;

    if (sscanf(argument, "%1023s %1023s %u", server, service, &n) != 3) {
        exit(COMMANDS_BAD_STATUS);
    }
    raise_descriptor_limit();
    while (n_open < n &&
           (rc = KnCmConnect(server, service, INFINITE_TIMEOUT, &handle, &riid)) == rcOk) {
        n_open++;
    }
    printf("hoarded %u channels: " RETCODE_HR_FMT "\n", n_open, RETCODE_HR_PARAMS(rc));
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static void do_time(const char *argument)
{
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Handle handle;
    rtl_uint32_t riid;
    unsigned n_failures = 0;
    unsigned n;

    if (sscanf(argument, "%1023s %1023s %u", server, service, &n) != 3 || n == 0) {
        exit(COMMANDS_BAD_STATUS);
    }
    int64_t *times_ns = calloc(n, sizeof(*times_ns));
    for (unsigned i = 0; i < n; i++) {
        int64_t start_ns = now_ns();
        n_failures += KnCmConnect(server, service, INFINITE_TIMEOUT, &handle, &riid) != rcOk;
        times_ns[i] = now_ns() - start_ns;
        n_failures += KnHandleClose(handle) != rcOk;
    }
    qsort(times_ns, n, sizeof(*times_ns), compare);
    printf("connected %u times, %u failures, p50 %" PRId64 " us, p99 %" PRId64 " us\n", n,
           n_failures, times_ns[n / 2] / 1000, times_ns[n - 1 - n / 100] / 1000);
    free(times_ns);
}

/* poll_ns() - how long it takes to be told that there is no answer */
static int64_t poll_ns(const char *server, const char *service)
{
    Handle handle;
    rtl_uint32_t riid;

    KnSleep(5); /* not so often that the broker would let us wait */
    int64_t start_ns = now_ns();
    if (KnCmConnect(server, service, 0, &handle, &riid) != rcTimeout) {
        exit(EXIT_FAILURE);
    }
    return now_ns() - start_ns;
}

static void print_times(const char *server, int64_t *times_ns, unsigned n)
{
    qsort(times_ns, n, sizeof(*times_ns), compare);
    printf("refused for %s: p50 %" PRId64 " ns, middle half %" PRId64 "-%" PRId64 " ns\n", server,
           times_ns[n / 2], times_ns[n / 4], times_ns[n - 1 - n / 4]);
}

static void do_compare(const char *argument)
{
    char servers[2][kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    unsigned n;

    if (sscanf(argument, "%1023s %1023s %1023s %u", servers[0], servers[1], service, &n) != 4 ||
        n == 0) {
        exit(COMMANDS_BAD_STATUS);
    }
    int64_t *times_ns[2] = {calloc(n, sizeof(int64_t)), calloc(n, sizeof(int64_t))};
    for (unsigned i = 0; i < 2 * n; i++) {
        unsigned which = (i + i / 2) % 2; /* A B B A A B B A ... */
        times_ns[which][i / 2] = poll_ns(servers[which], service);
    }
    for (int i = 0; i < 2; i++) {
        print_times(servers[i], times_ns[i], n);
        free(times_ns[i]);
    }
}

static const struct command commands[] = {
    {"ask-names", true, do_ask_names},
    {"poll", true, do_poll},
    {"publish-names", true, do_publish_names},
    {"publish-again", true, do_publish_again},
    {"see-names", true, do_see_names},
    {"hoard", true, do_hoard},
    {"time", true, do_time},
    {"compare", true, do_compare},
    COMMON_COMMANDS,
};

int main(int argc, char **argv)
{
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}

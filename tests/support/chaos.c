/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/chaos.h"

#include <sched.h>
#include <time.h>

/* One in so many calls of chaos_move() does. */
#define MOVE_RARITY 1000

/* chaos_below() - a random number less than @bound */
unsigned chaos_below(struct random_source *random, unsigned bound)
{
    return (unsigned)(random_next(random) >> 32) % bound;
}

/* busy_ns() - take that long without a system call */
static void busy_ns(long ns)
{
    struct timespec start;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec < ns);
}

/*
 * chaos_delay() - mostly none; a few ns; what a scheduler does; around the time after which the
 * other end stops looking and goes to sleep; a millisecond
 */
void chaos_delay(struct random_source *random)
{
    unsigned kind = chaos_below(random, 2000);

    if (kind == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 1 + (long)chaos_below(random, 2000000)}, NULL);
    } else if (kind < 20) {
        busy_ns(20000 + chaos_below(random, 60000));
    } else if (kind < 60) {
        busy_ns(chaos_below(random, 20000));
    } else if (kind < 100) {
        sched_yield();
    } else if (kind < 500) {
        for (volatile unsigned i = chaos_below(random, 300); i > 0; i--) {
        }
    }
}

/* chaos_move() - now and then, to another CPU or back to all of them */
void chaos_move(struct random_source *random)
{
    static const cpu_set_t everywhere = {{~0ul}};
    cpu_set_t cpus;

    if (chaos_below(random, MOVE_RARITY) != 0) {
        return;
    }
    (void)sched_setaffinity(0, sizeof(everywhere), &everywhere);
    unsigned chosen = chaos_below(random, 64);
    if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0 || CPU_COUNT(&cpus) == 0 ||
        chosen % 3 == 0) {
        return;
    }
    unsigned cpu = chosen % 64;
    while (!CPU_ISSET(cpu, &cpus)) {
        cpu = (cpu + 1) % CPU_SETSIZE;
    }
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    (void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

/* chaos_stay() - keep this thread, and those that it starts, on one CPU for good */
void chaos_stay(void)
{
    cpu_set_t cpus;
    int cpu = 0;

    if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0) {
        return;
    }
    while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &cpus)) {
        cpu++;
    }
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    (void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

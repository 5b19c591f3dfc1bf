/* SPDX-License-Identifier: Apache-2.0 */
#include "core/turns.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* How long a turn is, in calls: longer than it takes to change turns, so that most of the time is
 * for calls. For a client that is alone on its CPU it is so long that sleeping costs nothing. */
#define CALLS_FIRST 256
#define CALLS_LAST 32768

/* turns_take() - @who calls from @cpu. Return: whether its turn ends with that. */
bool turns_take(struct turns *turns, const void *who, uint32_t cpu)
{
    struct turn *turn = &turns->on[cpu % TURNS_CPUS];

    if (turn->whose != who) {
        *turn = (struct turn){.whose = who, .n_calls_max = CALLS_FIRST};
    }
    if (++turn->n_calls < turn->n_calls_max) {
        return false;
    }
    turn->n_calls = 0;
    turn->n_calls_max *= turn->n_calls_max < CALLS_LAST ? 2 : 1;
    return true;
}

/* turns_pass_on() - let others of this CPU run: for the shortest time that the kernel can, usually
 * some 50 us. libc's call would be a place where threads may be cancelled. */
void turns_pass_on(void)
{
    const struct timespec shortest = {.tv_nsec = 1};

    (void)syscall(SYS_nanosleep, &shortest, NULL);
}

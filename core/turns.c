/* SPDX-License-Identifier: Apache-2.0 */
#include "core/turns.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* How long a turn is, in calls: longer than it takes to change turns, so that most of the time is
 * for calls. For a client that is alone on its CPU it is so long that sleeping costs nothing; where
 * so many call that the last one would wait too long for its turn it is shorter. */
#define CALLS_FIRST 256
#define CALLS_LAST 32768
#define CALLS_LEAST 16
#define FEW_CALLERS 32

/* first_length() - of a turn while @n_callers want one */
static unsigned first_length(size_t n_callers)
{
    size_t n_calls = CALLS_FIRST / (1 + n_callers / FEW_CALLERS);

    return n_calls > CALLS_LEAST ? (unsigned)n_calls : CALLS_LEAST;
}

/* turns_take() - @who calls from @cpu, one of @n_callers. Return: whether its turn ends with that.
 */
bool turns_take(struct turns *turns, const void *who, uint32_t cpu, size_t n_callers)
{
    struct turn *turn = &turns->on[cpu % TURNS_CPUS];

    if (turn->whose != who) {
        *turn = (struct turn){.whose = who, .n_calls_max = first_length(n_callers)};
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

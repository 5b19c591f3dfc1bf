/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lookout of each process: core/lookout.c, with its names. It watches one descriptor here: of the client's process
 * the socket, of the server's the listener's epoll set.
 */

#define is_fd_ready(process) ((process) == CLIENT && server_hung_up || (process) == SERVER && epoll_is_ready)
/* After AGAIN_MS whoever was woken has run: a doze has ended, or it is one again. */
#if N_SERVERS == 2
#define is_asleep (waits_for[N_CLIENTS] != 0 || waits_for[N_CLIENTS + 1] != 0)
#else
#define is_asleep (waits_for[N_CLIENTS] != 0)
#endif
#define is_time(process) ((process) == CLIENT || dozes_at == NONE || is_asleep)

#define poll_ends(process)                                                                                             \
    (has_due[process] && is_time(process) || is_own[process] || bell_rung[process] ||                                  \
     is_enabled[process] && is_fd_ready(process))

/* To look in steps is to take its time over each; else nothing happens meanwhile. */
#ifdef LOOKS_IN_STEPS
#define STEP } atomic {
#else
#define STEP
#endif

/*
 * lookout() - lookout_run(): poll(), then look(), without time: after AGAIN_MS is at any time
 *
 * What is told for several reasons at a time is told once here, and last.
 */
proctype lookout(byte process)
{
    bool must_tell, is_ready, has_own, is_some_due;
    byte busy_slots;
    byte channel; /* the first one */

    {
end:
        do
        :: atomic {
                poll_ends(process);
                is_ready = is_enabled[process] && is_fd_ready(process); /* epoll_wait() */
                is_enabled[process] = is_enabled[process] && !is_ready;
                has_own = is_own[process];
                must_tell = is_ready || bell_rung[process];
                bell_rung[process] = false;
                STEP
                is_some_due = has_due[process]; /* tell_due() */
                has_due[process] = false;
                STEP
                must_tell = must_tell || is_some_due && is_due[process];
                is_due[process] = is_due[process] && !is_some_due;
                is_some_due = false;
                STEP
                is_own[process] = is_own[process] && !has_own; /* drain_own() */
                has_own = false
            }
            if
#ifdef HAS_CLIENT_LOOKOUT
            :: atomic { must_tell && process == CLIENT -> must_tell = false }
                client_tell()
#endif
#ifdef HAS_SERVER_LOOKOUT
            :: atomic { must_tell && process == SERVER -> must_tell = false }
                listener_tell()
#endif
            :: else
            fi;
            is_ready = false
        od
    } unless { client_crashed[0] && process == CLIENT || server_crashed && process == SERVER }
}

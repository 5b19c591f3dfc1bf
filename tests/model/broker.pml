/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker, and the kernel where a process ends: the threads stop wherever they are, what they stored becomes
 * visible, their sockets are closed; then the broker tells the other side by its control word, and wakes it.
 */

inline client_dies()
{
    client_crashed[0] = true;
    is_drained(0);
#if N_CHANNELS == 1 && N_CLIENTS == 2
    is_drained(1);
#endif
    hung_up[0] = true;
    memory[SERVED(0)] = CONTROL_ENDED;
    memory[LISTENER] = 1 - memory[LISTENER];
    futex_wake(LISTENER);
    !is_admitted[0] /* the server drops the channel */
}

inline server_dies()
{
    server_crashed = true;
    is_drained(N_CLIENTS);
#if N_SERVERS == 2
    is_drained(N_CLIENTS + 1);
#endif
    memory[CONTROL(0)] = CONTROL_ENDED;
    futex_wake(CONTROL(0));
    memory[CONTROL(1)] = CONTROL_ENDED;
    futex_wake(CONTROL(1))
}

inline post_channel()
{
    posted = true;
    memory[LISTENER] = 1 - memory[LISTENER];
    futex_wake(LISTENER)
}

proctype broker()
{
#ifdef CHANNEL_IS_POSTED
    post_channel();
#endif
#ifdef CLIENT_DIES
    client_dies();
#endif
#ifdef SERVER_DIES
    server_dies();
#endif
    skip
}

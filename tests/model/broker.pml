/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel and the broker where a process ends: the threads stop wherever they are, what they stored becomes visible,
 * their sockets are closed (unless their children hold them); then the broker, if there is one, tells the other side by
 * its control word and its bell.
 */

inline client_dies()
{
    client_crashed[0] = true;
    is_drained(0);
#if N_CHANNELS == 1 && N_CLIENTS == 2
    is_drained(1);
#endif
    hung_up[0] = true; /* the broker shuts a socket that children hold */
#ifndef NO_BROKER
    memory[SERVED(0)] = CONTROL_ENDED;
    bell_rung[SERVER] = true;
#endif
    !is_admitted[0] || is_shut /* the server drops the channel, or all */
}

inline server_dies()
{
    server_crashed = true;
    is_drained(N_CLIENTS);
#if N_SERVERS == 2
    is_drained(N_CLIENTS + 1);
#endif
#ifndef CHILDREN_HOLD_SOCKETS
    server_hung_up = true;
#endif
#ifndef NO_BROKER
    memory[CONTROL(0)] = CONTROL_ENDED;
    bell_rung[CLIENT] = true;
#endif
    skip
}

proctype broker()
{
#ifdef CHANNEL_IS_POSTED
    posted = true;
    is_admitted[1]; /* the server takes it */
#endif
#ifdef CLIENT_DIES
    client_dies();
#endif
#ifdef SERVER_DIES
    server_dies();
#endif
    skip
}

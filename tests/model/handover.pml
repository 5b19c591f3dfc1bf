/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the two ends of a channel hand over requests and replies in shared memory, and how they sleep and wake each
 * other. README.md says what is checked, and why the memory orders suffice; run.sh has the scenarios, each a set of -D.
 *
 * N_CHANNELS and N_CLIENTS, 1 or 2: with two channels each has its client, with one channel two clients are threads of
 * one process. N_SERVERS: threads of the server's process.
 */
#ifndef N_CHANNELS
#define N_CHANNELS 1
#endif
#ifndef N_CLIENTS
#define N_CLIENTS 1
#endif
#ifndef N_SERVERS
#define N_SERVERS 1
#endif
#define N_SLOTS N_CLIENTS
#define N_THREADS (N_CLIENTS + N_SERVERS)

#if N_CHANNELS == 2
#define SLOT_FIRST(channel) (channel)
#define SLOT_END(channel) ((channel) + 1)
#define CHANNEL_OF_SLOT(slot) (slot)
#define CHANNEL_OF_CLIENT(thread) (thread)
#else
#define SLOT_FIRST(channel) 0
#define SLOT_END(channel) N_SLOTS
#define CHANNEL_OF_SLOT(slot) 0
#define CHANNEL_OF_CLIENT(thread) 0
#endif

byte n_idle_clients; /* that will not call any more */

#include "memory.pml"
#include "server.pml"
#include "client.pml"
#include "broker.pml"

init
{
    byte i;

    atomic {
        do
        :: i < N_CHANNELS ->
#ifdef CHANNEL_IS_POSTED
            if
            :: i == 0 ->
                is_admitted[i] = true;
                is_offered[i] = true;
                refs[i] = 1
            :: else
            fi;
#else
            is_admitted[i] = true;
            is_offered[i] = true;
            refs[i] = 1;
#endif
            i++
        :: else -> break
        od;
        for (i : 0 .. N_THREADS - 1) {
            run store_buffer(i)
        }
        for (i : 0 .. N_CLIENTS - 1) {
            run client(i)
        }
        for (i : N_CLIENTS .. N_THREADS - 1) {
            run server(i)
        }
        i = 0;
        run broker();
#ifdef HANDLE_IS_CLOSED
        run closer();
#endif
#ifdef LISTENER_IS_SHUT
        run shutter();
#endif
    }
}

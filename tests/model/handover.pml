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

/* A lookout is there only where something depends on it: calls alone do not. */
#if defined(SERVER_DIES) || defined(HANDLE_IS_CLOSED)
#define HAS_CLIENT_LOOKOUT
#endif
#if !defined(LOOKOUT_IS_LATE) && (defined(CLIENT_DIES) || defined(LISTENER_IS_SHUT) || defined(CHANNEL_IS_POSTED) ||  \
                                  defined(MAIL_IS_SENT) || defined(HOSTILE_CLIENT))
#define HAS_SERVER_LOOKOUT
#endif

/* Until when a hostile client tries to keep the server from seeing something. */
#if defined(LISTENER_IS_SHUT)
#define is_settled (n_gone == N_SERVERS)
#elif defined(CHANNEL_IS_POSTED)
#define is_settled is_admitted[1]
#elif defined(CLIENT_DIES)
#define is_settled (!is_admitted[0])
#else
#define is_settled (n_idle_clients == N_CLIENTS - 1)
#endif

byte n_idle_clients; /* that will not call any more */

#include "memory.pml"
#include "hot.pml"
#include "server.pml"
#include "client.pml"
#include "lookout.pml"
#include "broker.pml"

#ifdef CHANNEL_IS_POSTED
#define N_FIRST 1 /* channels that are there from the beginning */
#else
#define N_FIRST N_CHANNELS
#endif

init
{
    byte i;

    atomic {
        for (i : 0 .. N_FIRST - 1) {
            is_admitted[i] = true;
            is_offered[i] = true;
            is_hot[i] = true;
            refs[i] = 1
        }
#ifndef IN_ORDER
        for (i : 0 .. N_THREADS - 1) {
            run store_buffer(i)
        }
#endif
#ifdef HOSTILE_CLIENT
        run hostile_client();
        for (i : 1 .. N_CLIENTS - 1) {
            run client(i)
        }
#else
        for (i : 0 .. N_CLIENTS - 1) {
            run client(i)
        }
#endif
#ifdef HOSTILE_SERVER
        run hostile_server();
#else
        for (i : N_CLIENTS .. N_THREADS - 1) {
            run server(i)
        }
#endif
        i = 0;
        run broker();
#ifdef HAS_CLIENT_LOOKOUT
        is_enabled[CLIENT] = true;
        run lookout(CLIENT);
#endif
#ifdef HAS_SERVER_LOOKOUT
        run lookout(SERVER);
#endif
#ifdef HANDLE_IS_CLOSED
        run closer();
#endif
#ifdef LISTENER_IS_SHUT
        run shutter();
#endif
    }
}

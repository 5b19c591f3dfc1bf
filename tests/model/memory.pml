/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the machine and the kernel do: words that become visible late, futexes, eventfds, sockets, epoll.
 *
 * Every thread of a client or a server has a buffer of stores that nobody else sees yet. They leave it one by one at
 * any time: a release store only when all older ones have left, a relaxed store also before older ones to other words,
 * as on arm64. (On x86 they leave in order.) A load reads memory at once, so it may overtake the thread's own older
 * stores: that is what FENCE forbids. Steps that only put something into a buffer, or only wait, are joined with the
 * step that follows.
 */

#define REPLY(slot) (slot)            /* reply.sequence: a server writes, the client reads and sleeps on it */
#define BELL(channel) (2 + (channel)) /* the server sleeps on it */
#define REQUEST(slot) (4 + (slot))    /* request.sequence: a client writes, servers read */
#define ASLEEP(slot) (6 + (slot))     /* client.asleep */
#define PAYLOAD(slot) (8 + (slot))    /* the request's, then the reply's */
#define CLOSED(channel) (10 + (channel))
#define CONTROL(channel) (12 + (channel)) /* the broker's word about the client's end */
#define SERVED(channel) (14 + (channel))  /* the broker's word about the server's end */
#define MAIL(channel) (16 + (channel))    /* whether `mail` is ahead of the server's `last_mail` */
#define LETTER(client) (18 + (client))    /* a request in the socket, whose lock is released after it was put there */
#define BUSY(slot) (20 + (slot))          /* private to the client's process: `busy` as the lookout sees it */
#define OTHERS 22                         /* how far `others` is ahead of the server's `last_others`, at most 2 */
#define CLAIM(slot) (23 + (slot))    /* who has the request: its sequence number, or one of the two below */
#define GIVEN_UP(slot) (25 + (slot)) /* private to the client's process: its call ended without a reply */
#define N_WORDS 27

#define CONTROL_LIVE 0
#define CONTROL_ENDED 1

/* What a bell says: the server looks by itself; write the eventfd; wake the bell word. */
#define BELL_NONE 0
#define BELL_RING 1
#define BELL_WAKE 2

#define CLAIM_SERVED 4
#define CLAIM_WITHDRAWN 5

/* Sequence numbers are counted modulo SEQUENCES; OVER is their top bit: no reply will come. */
#ifndef SEQUENCES
#define SEQUENCES 3
#endif
#define OVER 4
#define next_sequence(sequence) (((sequence) + 1) % SEQUENCES)

/* A payload tells which request or reply it belongs to. */
#define REQUEST_VALUE(sequence) (sequence)
#define REPLY_VALUE(sequence) (8 + (sequence))

byte memory[N_WORDS];

/* For the proof only: who believes that the request in a slot is its own. */
bool was_served[2];
bool was_withdrawn[2];

/* Who may die at any step has an escape; without it spin can merge steps. */
#ifdef CLIENT_DIES
#define UNLESS_CLIENT_DIES unless { client_crashed[channel] }
#else
#define UNLESS_CLIENT_DIES
#endif
#ifdef SERVER_DIES
#define UNLESS_SERVER_DIES unless { server_crashed }
#else
#define UNLESS_SERVER_DIES
#endif

chan buffer[N_THREADS] = [4] of { byte, byte, bool };

/* What is private to a process, but looked at by several proctypes here. */
bool is_dead;           /* the first client's handle is closed, or its socket hung up: shared_client_shut() */
bool is_shut;           /* listener_shut() */
bool client_crashed[2]; /* by channel */
bool server_crashed;

#define RELAXED 0
#define RELEASE 1

#ifdef IN_ORDER
#define store(word, value) memory[word] = value
#define store_release(word, value) memory[word] = value
#define FENCE skip
#define is_drained(thread) true
#else
#define store(word, value) buffer[thread] ! word, value, RELAXED
#define store_release(word, value) buffer[thread] ! word, value, RELEASE
#define FENCE empty(buffer[thread])
#define is_drained(thread) empty(buffer[thread])
#endif

/* A payload changes only while it belongs to who changes it: the sequence numbers say who that is. */
inline check_owner()
{
#ifdef HOSTILE_SERVER
    skip
#else
    assert(word < PAYLOAD(0) || word > PAYLOAD(1) || is_dead ||
           (memory[REQUEST(word - PAYLOAD(0))] == memory[REPLY(word - PAYLOAD(0))]) == (thread < N_CLIENTS))
#endif
}

inline become_visible()
{
    check_owner();
    memory[word] = value;
    word = 0;
    value = 0
}

/* A relaxed store to a word, whatever is ahead of it but older ones to the same word. */
#define overtake(which) atomic { buffer[thread] ?? eval(which), value, RELAXED -> word = which; become_visible() }

/* store_buffer() - let the stores of a thread become visible, also when the thread has died */
proctype store_buffer(byte thread)
{
    byte word, value;

end:
    do
    :: atomic { buffer[thread] ? word, value, _ -> become_visible() }
    :: overtake(PAYLOAD(0))
    :: overtake(REQUEST(0))
    :: overtake(REPLY(0))
    :: overtake(ASLEEP(0))
    :: overtake(BELL(0))
    :: overtake(MAIL(0))
    :: overtake(BUSY(0))
#ifdef MAY_GIVE_UP
    :: overtake(CLAIM(0))
#endif
#if N_CLIENTS == 2
    :: overtake(PAYLOAD(1))
    :: overtake(REQUEST(1))
    :: overtake(REPLY(1))
    :: overtake(ASLEEP(1))
    :: overtake(BELL(1))
    :: overtake(MAIL(1))
    :: overtake(BUSY(1))
#ifdef MAY_GIVE_UP
    :: overtake(CLAIM(1))
#endif
#endif
    od
}

/*
 * Futexes. What a thread waits for is a set of words; going to sleep compares them at one moment, as the kernel does
 * under its lock, and before that the kernel has made the thread's own stores visible.
 */
#define bit(word) (1 << (word))

byte waits_for[N_THREADS];

/* futex_compare() - be a sleeper on @words if @all_as_expected still holds */
inline futex_compare(words, all_as_expected)
{
    atomic {
        is_drained(thread);
        if
        :: all_as_expected -> waits_for[thread] = words
        :: else
        fi
    }
}

/* futex_sleep() - until woken: there is no time-out */
#define futex_sleep() waits_for[thread] == 0

byte woken;

/* futex_wake() - wake everybody who waits for @word */
inline futex_wake(which)
{
    d_step {
        woken = 0;
        do
        :: woken < N_THREADS ->
            if
            :: (waits_for[woken] & bit(which)) != 0 -> waits_for[woken] = 0
            :: else
            fi;
            woken++
        :: else -> break
        od;
        woken = 0
    }
}

/* What epoll has to report: an edge for each ring of a bell, a level for all else. */
bool rung[2];        /* eventfd of a channel */
bool hung_up[2];     /* the client's end of a channel's socket is closed, or was shut */
bool server_hung_up; /* the server's end of the first channel's socket is closed */
bool posted;         /* the inbox holds a new channel */
bool stop;           /* eventfd of the listener, once it is shut */
bool is_answered[2]; /* by client: the reply to its letter is in the socket */

/* What a lookout is told, by process. It watches one descriptor here: of the client's process the socket of the first
 * channel, of the server's the listener's epoll set. */
#define CLIENT 0
#define SERVER 1

bool has_due[2];
bool is_due[2];      /* of the watch */
bool is_own[2];      /* the eventfd `own` is readable */
bool is_enabled[2];  /* the one shot of the descriptor is not used up */
bool bell_rung[2];   /* there is something in the broker's bell */

/* lookout_insist() - sequentially consistent */
inline lookout_insist(process)
{
#ifdef DUE_SET_LAST
    has_due[process] = true;
    is_own[process] = true;
    is_due[process] = true
#else
    is_due[process] = true;
    has_due[process] = true;
    is_own[process] = true
#endif
}

/* tell() - returns false: once more, please. Only the lookout itself takes that back. */
inline tell_again(process)
{
#ifdef TOLD_ONCE
    skip
#else
    is_due[process] = true;
    has_due[process] = true
#endif
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the machine and the kernel do: words that become visible late, futexes, eventfds, epoll.
 *
 * Every thread has a buffer of stores that nobody else sees yet. They leave it one by one at any time: a release store
 * only when all older ones have left, a relaxed store also before older ones to other words, as on arm64. (On x86 they
 * leave in order.) A load reads memory at once, so it may overtake the thread's own older stores: that is what FENCE
 * forbids. Steps that only put something into a buffer, or only wait, are joined with the step that follows.
 */

#define REQUEST(slot) (slot)         /* request.sequence: a client writes, servers read */
#define REPLY(slot) (2 + (slot))     /* reply.sequence: a server writes, the client reads and sleeps on it */
#define ASLEEP(slot) (4 + (slot))    /* client.asleep */
#define PAYLOAD(slot) (6 + (slot))   /* the request's, then the reply's */
#define BELL(channel) (8 + (channel))
#define CLOSED(channel) (10 + (channel))
#define CONTROL(channel) (12 + (channel)) /* the broker's word about the client's end */
#define SERVED(channel) (14 + (channel))  /* the broker's word about the server's end */
#define LISTENER 16                       /* the broker's word about the listener, a counter */
#define WAKE 17                           /* private to the server's process: the listener was shut */
#define TURN 18                           /* private to the server's process: somebody else may watch */
#define OTHERS 19                         /* how far `others` is ahead of the server's `last_others`, at most 2 */
#define N_WORDS 20

#define CONTROL_LIVE 0
#define CONTROL_ENDED 1

/* What a bell says: the server looks by itself; write the eventfd; wake the bell word. */
#define BELL_QUIET 0
#define BELL_RING 1
#define BELL_WAKE 2

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

chan buffer[N_THREADS] = [3] of { byte, byte, bool };

/* What is private to a process, but looked at by several proctypes here. */
bool is_dead;           /* the client closed its handle: shared_client_shut() */
bool is_shut;           /* listener_shut(); stop is readable */
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
    assert(word < PAYLOAD(0) || word > PAYLOAD(1) || is_dead ||
           (memory[REQUEST(word - PAYLOAD(0))] == memory[REPLY(word - PAYLOAD(0))]) == (thread < N_CLIENTS))
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
    :: overtake(PAYLOAD(1))
    :: overtake(REQUEST(0))
    :: overtake(REQUEST(1))
    :: overtake(REPLY(0))
    :: overtake(REPLY(1))
    :: overtake(ASLEEP(0))
    :: overtake(ASLEEP(1))
    :: overtake(BELL(0))
    :: overtake(BELL(1))
    od
}

/*
 * Futexes. What a thread waits for is a set of words; going to sleep compares them at one moment, as the kernel does
 * under its lock, and before that the kernel has made the thread's own stores visible.
 */
#define bit(word) (1 << (word))

int waits_for[N_THREADS];

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

/* futex_sleep() - until woken, or at will until the time is over */
inline futex_sleep(may_time_out)
{
    atomic {
        waits_for[thread] == 0 || (may_time_out);
        waits_for[thread] = 0
    }
}

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
bool rung[2];      /* eventfd of a channel */
bool hung_up[2];   /* the client's end of a channel's socket is closed, or shut by the broker */
bool posted;       /* the inbox holds a new channel */

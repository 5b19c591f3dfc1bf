/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client: core/shared_client.c. A thread calls as often as it likes; all threads of one process share its private
 * bitmap of slots and the counters of what was sent in each.
 */

bool busy_slot[2];   /* the bitmap `busy` */
byte sequences[2];
byte n_users[2];     /* for the proof only: threads that believe a slot is theirs */

/* Words about an end only ever change to "over", so that looking at all of them at one moment covers one by one. */
#define is_over(channel) (is_dead || memory[CONTROL(channel)] != CONTROL_LIVE || memory[CLOSED(channel)] != 0)

/* take_free() - compare and exchange until it succeeds; acquire: its last user is done with it before we write */
inline take_free()
{
    slot = (busy_slot[SLOT_FIRST(channel)] -> SLOT_END(channel) - 1 : SLOT_FIRST(channel))
}

inline take_it()
{
    busy_slot[slot] = true;
    n_users[slot]++;
    assert(n_users[slot] == 1)
}

/* give_back() - release: our stores are visible, and we are done reading, before the next user's writes */
inline give_back()
{
    atomic {
#ifndef GIVE_BACK_RELAXED
        is_drained(thread);
#endif
        n_users[slot]--;
        busy_slot[slot] = false
    }
}

/* ring() - only who takes the bell's value away acts on it. To look at it first, as the code does, saves an exchange
 * and changes nothing. */
inline ring()
{
#ifdef BELL_NOT_EXCHANGED
    FENCE;
    seen = memory[BELL(channel)];
    if
    :: seen != BELL_QUIET -> memory[BELL(channel)] = BELL_QUIET
    :: else
    fi;
#else
    atomic {
#ifndef PUBLISH_WITHOUT_FENCE
        FENCE; /* pairs with arm()'s: the server sees the request, or we see its bell */
#endif
        seen = memory[BELL(channel)];
        memory[BELL(channel)] = BELL_QUIET
    }
#endif
    atomic {
        if
        :: seen == BELL_RING -> rung[channel] = true
        :: seen == BELL_WAKE -> futex_wake(BELL(channel))
        :: else
        fi;
        seen = 0
    }
}

inline count_others()
{
#if N_CHANNELS == 1 && N_SLOTS == 2
    if
    :: slot > 0 ->
        atomic {
            is_drained(thread); /* release */
            memory[OTHERS] = (memory[OTHERS] == 0 -> 1 : 2)
        }
    :: else
    fi
#else
    skip
#endif
}

/* put_request() - what only goes into our buffer is no step of its own */
inline put_request()
{
    sequences[slot] = next_sequence(sequences[slot]);
    store(PAYLOAD(slot), REQUEST_VALUE(sequences[slot]));
#ifdef REQUEST_RELAXED
    store(REQUEST(slot), sequences[slot])
#else
    store_release(REQUEST(slot), sequences[slot])
#endif
}

/* begin() - take a slot, and put the request there if the channel is not over */
inline begin()
{
#ifdef TAKE_NOT_ATOMIC
    take_free();
#endif
    atomic {
#ifndef TAKE_NOT_ATOMIC
        take_free();
#endif
        take_it();
        if
        :: is_over(channel) -> goto not_connected
        :: else
        fi;
#ifdef RING_BEFORE_REQUEST
        ring();
#endif
        put_request()
    }
}

/* publish() - ring if the server sleeps */
inline publish()
{
    count_others();
#ifdef RING_BEFORE_REQUEST
    FENCE
#else
    ring()
#endif
}

#define before ((sequences[slot] + SEQUENCES - 1) % SEQUENCES)

#ifdef CONTROL_NOT_WAITED_FOR
#define SLEEPER_WORDS bit(REPLY(slot))
#define sleeper_expects (memory[REPLY(slot)] == before)
#else
#define SLEEPER_WORDS (bit(REPLY(slot)) | bit(CONTROL(channel)))
#define sleeper_expects (memory[REPLY(slot)] == before && memory[CONTROL(channel)] == CONTROL_LIVE)
#endif

/* sleep_for() - wait without a CPU; the real one also looks for itself twice a second, which must not be needed. What
 * FENCE pairs with is in shared_server_reply(): we see the reply, or the server sees that we sleep. */
inline sleep_for()
{
    store(ASLEEP(slot), 1);
    FENCE;
#ifdef SLEEP_WITHOUT_LOOK
    futex_compare(SLEEPER_WORDS, true);
    futex_sleep(false);
#endif
    do
    :: atomic { memory[REPLY(slot)] != before || is_over(channel) -> store(ASLEEP(slot), 0); break }
    :: memory[REPLY(slot)] == before && !is_over(channel) ->
        futex_compare(SLEEPER_WORDS, sleeper_expects);
        futex_sleep(false)
    od
}

/* call() - shared_client_call(); a `goto` out of it: not connected */
inline call()
{
    begin();
    publish();
#ifdef REPLY_NOT_ACQUIRED
    value = memory[PAYLOAD(slot)];
#endif
    if
    :: memory[REPLY(slot)] == sequences[slot] /* look(): it came while we were spinning */
    :: true ->
        sleep_for();
        if
        :: memory[REPLY(slot)] == sequences[slot]
        :: else -> goto not_connected
        fi
    fi;
#ifdef GIVE_BACK_BEFORE_COPY
    give_back();
#endif
    atomic {
#ifndef GIVE_BACK_RELAXED
        is_drained(thread);
#endif
#ifndef REPLY_NOT_ACQUIRED
        value = memory[PAYLOAD(slot)]; /* take_reply() */
#endif
        assert(value == REPLY_VALUE(sequences[slot]));
        value = 0;
#ifndef GIVE_BACK_BEFORE_COPY
        give_back();
#endif
        slot = 0
    }
}

/* may_call() - where there would be too many states, clients call N_CALLS times at most */
#ifdef N_CALLS
#define may_call() atomic { n_calls < N_CALLS -> n_calls++ }
#else
#define may_call() true
#endif

proctype client(byte thread)
{
    byte n_calls;
    byte slot, seen, value;
    byte channel = CHANNEL_OF_CLIENT(thread);

    {
        is_offered[channel];
        do
        :: may_call() -> call()
        :: break
        od;
        n_idle_clients++;
        goto end_client;
    not_connected:
        assert(is_over(channel));
        n_idle_clients++;
    end_client:
        skip
    } UNLESS_CLIENT_DIES
}

/* closer() - another thread of the client's process closes the handle: shared_client_shut(), then the socket */
proctype closer()
{
    byte slot;

    is_dead = true; /* a sequentially consistent store */
    do
    :: slot < N_SLOTS ->
        if
        :: busy_slot[slot] ->
            mark_over(REPLY(slot));
            futex_wake(REPLY(slot))
        :: else
        fi;
        slot++
    :: else -> break
    od;
    hung_up[0] = true
}

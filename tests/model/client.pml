/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client: core/shared_client.c, and what core/client.c does when it is over. A thread calls as often as it likes;
 * all threads of one process share its private bitmap of slots and the counters of what was sent in each.
 */

bool busy_slot[2];   /* the bitmap `busy`, as those see it that take a slot */
byte sequences[2];
byte n_users[2];     /* for the proof only: threads that believe a slot is theirs */
byte n_given_up;     /* calls that something has ended, or has tried to */

/* shared_client_is_over() - words about an end only ever change to "over", so that looking at all of them at one moment
 * covers one by one */
#define is_over(channel) (is_dead || memory[CONTROL(channel)] != CONTROL_LIVE || memory[CLOSED(channel)] != 0)

/* say_busy() - what the lookout sees of the bitmap may be late */
#ifdef HAS_CLIENT_LOOKOUT
#define say_busy(is_busy) store(BUSY(slot), is_busy)
#else
#define say_busy(is_busy) skip
#endif

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

/* shared_client_give_back() - release: our stores are visible, and we are done reading, before the next user writes */
inline give_back()
{
    atomic {
#ifndef GIVE_BACK_RELAXED
        is_drained(thread);
#endif
        n_users[slot]--;
        busy_slot[slot] = false;
        say_busy(0)
    }
}

/* alert() - only who takes the bell's value away acts on it. To look at it first, as the code does, saves an exchange
 * and changes nothing. */
inline alert()
{
#ifdef BELL_NOT_EXCHANGED
    FENCE;
    seen = memory[BELL(channel)];
    if
    :: seen != BELL_NONE -> memory[BELL(channel)] = BELL_NONE
    :: else
    fi;
#else
    atomic {
#ifndef PUBLISH_WITHOUT_FENCE
        FENCE; /* pairs with fence_after_arming(): the server sees the request, or we see its bell */
#endif
        seen = memory[BELL(channel)];
        memory[BELL(channel)] = BELL_NONE
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
    was_served[slot] = false;
    was_withdrawn[slot] = false;
#if defined(MAY_GIVE_UP) && !defined(CLAIM_AFTER_REQUEST)
    store(CLAIM(slot), sequences[slot]);
#endif
    store(PAYLOAD(slot), REQUEST_VALUE(sequences[slot]));
#ifdef REQUEST_RELAXED
    store(REQUEST(slot), sequences[slot])
#else
    store_release(REQUEST(slot), sequences[slot])
#endif
#ifdef CLAIM_AFTER_REQUEST
    ;
    store(CLAIM(slot), sequences[slot])
#endif
}

#if N_CHANNELS == 1 && N_SLOTS == 2
#define has_free(channel) (!busy_slot[0] || !busy_slot[1])
#else
#define has_free(channel) (!busy_slot[SLOT_FIRST(channel)])
#endif

/* reap() - client.c's reap() of a slot whose late reply has come; to look in vain is no step of its own. Who takes
 * the bit away has the slot. */
#ifdef REAPED_TOO_EARLY
#define has_come_late(which) true
#else
#define has_come_late(which) (memory[REPLY(which)] == sequences[which])
#endif
inline reap(which)
{
    atomic {
        is_drained(thread) && memory[GIVEN_UP(which)] != 0 && has_come_late(which);
#ifndef REAPED_BY_SEVERAL
        memory[GIVEN_UP(which)] = 0
#endif
    }
    atomic {
        is_drained(thread);
        memory[GIVEN_UP(which)] = 0;
        busy_slot[which] = false;
        store(BUSY(which), 0)
    }
}

inline take()
{
#ifndef TAKE_NOT_ATOMIC
    take_free();
#endif
    take_it();
    say_busy(1);
    if
#ifndef OVER_NOT_LOOKED_AT
    :: is_over(channel) -> give_back(); goto not_connected
#endif
    :: else
    fi
}

/* begin() - take a slot, look whether the channel is over, put the request there. A slot whose last call was broken off
 * is not free for the server, but who gave it back has seen that it is over, and so do we. */
inline begin()
{
#ifdef MAY_GIVE_UP
    do
    :: atomic { has_free(channel) -> take(); break }
    :: reap(SLOT_FIRST(channel))
#if N_CHANNELS == 1 && N_SLOTS == 2
    :: reap(1)
#endif
    :: atomic { !has_free(channel) && is_over(channel) -> goto not_connected } /* which the socket says */
    od;
#else
#ifdef TAKE_NOT_ATOMIC
    take_free();
#endif
    atomic { take() }
#endif
    atomic {
#ifdef RING_BEFORE_REQUEST
        alert();
#endif
        put_request()
    }
}

/* publish() - tell the server if it sleeps */
inline publish()
{
    count_others();
#ifdef RING_BEFORE_REQUEST
    FENCE
#else
    alert()
#endif
}

#define before ((sequences[slot] + SEQUENCES - 1) % SEQUENCES)

#ifdef END_NOT_LOOKED_AT
#define sees_end false
#else
#define sees_end is_over(channel)
#endif

/*
 * give_up() - an interrupt or a deadline, at any time, but not ever again: nobody is rescued by one. The server does not
 * have the request: it never will, and the call ends. Or else, if it is a deadline, the call ends all the same; but an
 * interrupt comes too late. To be broken off needs no more than that the thread sleeps on the sync object's word too,
 * which is not shown.
 */
#ifndef N_GIVE_UPS
#define N_GIVE_UPS 2
#endif
#define may_give_up (n_given_up < N_GIVE_UPS)

inline withdraw()
{
#ifdef WITHDRAWAL_NOT_EXCHANGED
    is_drained(thread);
    seen = memory[CLAIM(slot)];
    atomic {
        if
        :: seen == sequences[slot] -> take_back()
        :: else
        fi;
        seen = 0
    }
#else
    atomic {
        is_drained(thread);
        if
        :: memory[CLAIM(slot)] == sequences[slot] -> take_back()
        :: else
        fi
    }
#endif
}

inline take_back()
{
    memory[CLAIM(slot)] = CLAIM_WITHDRAWN;
    was_withdrawn[slot] = true;
    assert(!was_withdrawn[slot] || !was_served[slot])
}

inline give_up()
{
    withdraw();
    if
    :: atomic {
            is_drained(thread);
            n_users[slot]--;
#ifdef GIVEN_BACK_AT_ONCE
            busy_slot[slot] = false;
#else
            memory[GIVEN_UP(slot)] = 1; /* sequentially consistent */
#endif
            slot = 0;
            goto gave_up
        }
    :: atomic { !was_withdrawn[slot] -> skip }
    fi
}

/* sleep_for() - wait without a CPU, for the reply alone. What FENCE pairs with is in shared_server_reply(): we see the
 * reply, or the server sees that we sleep. */
inline sleep_for()
{
    store(ASLEEP(slot), 1);
    FENCE;
#ifdef SLEEP_WITHOUT_LOOK
    futex_compare(bit(REPLY(slot)), true);
    futex_sleep();
#endif
    do
    :: atomic { memory[REPLY(slot)] != before || sees_end -> store(ASLEEP(slot), 0); break }
    :: memory[REPLY(slot)] == before && !sees_end ->
        futex_compare(bit(REPLY(slot)), memory[REPLY(slot)] == before);
#ifdef MAY_GIVE_UP
        if
        :: futex_sleep()
        :: atomic { waits_for[thread] != 0 && may_give_up -> waits_for[thread] = 0; n_given_up++; store(ASLEEP(slot), 0) }
            give_up();
            store(ASLEEP(slot), 1);
            FENCE
        fi
#else
        futex_sleep()
#endif
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
#ifdef MAY_GIVE_UP
    :: atomic { may_give_up -> n_given_up++ }
        give_up();
        sleep_for();
        if
        :: memory[REPLY(slot)] == sequences[slot]
        :: else -> give_back(); goto not_connected
        fi
#endif
    :: true ->
        sleep_for();
        if
        :: memory[REPLY(slot)] == sequences[slot]
        :: else -> give_back(); goto not_connected
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
#ifdef MAY_GIVE_UP
        assert(was_served[slot]);
#endif
        value = 0;
#ifndef GIVE_BACK_BEFORE_COPY
        give_back();
#endif
        slot = 0
    }
#ifdef MAY_GIVE_UP
gave_up:
    skip
#endif
}

/* shared_client_announce_mail() - wake a server that does not wait for the socket; compare and exchange */
inline announce_mail()
{
#ifdef MAIL_RELAXED
    store(MAIL(channel), 1);
#else
#ifndef MAIL_NOT_COUNTED
    store_release(MAIL(channel), 1);
#endif
#endif
    atomic {
#ifndef MAIL_WITHOUT_FENCE
        FENCE; /* pairs with fence_after_arming(): the server sees the mail, or we see that it dozes */
#endif
        if
#ifndef MAIL_NOT_RUNG
        :: memory[BELL(channel)] == BELL_WAKE -> memory[BELL(channel)] = BELL_NONE; seen = BELL_WAKE
#endif
        :: else
        fi
    }
    atomic {
        if
        :: seen == BELL_WAKE -> futex_wake(BELL(channel)); seen = 0
        :: else
        fi
    }
}

/* call_over_socket() - if the message is too large, or all slots are taken */
inline call_over_socket()
{
    store_release(LETTER(thread), 1);
#ifndef MAIL_IS_SECRET
    announce_mail();
#endif
    atomic {
        if
        :: is_answered[thread] -> is_answered[thread] = false
        :: is_over(channel) || server_hung_up -> goto not_connected
        fi
    }
}

/* may_call() - where there would be too many states, clients call N_CALLS times at most */
#ifdef FIRST_IS_QUIET
#define n_calls_max (thread == 0 -> 0 : N_CALLS)
#else
#define n_calls_max N_CALLS
#endif
#ifdef N_CALLS
#define may_call() atomic { n_calls < n_calls_max -> n_calls++ }
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
#ifndef ONLY_MAIL
        :: may_call() -> call()
#endif
#ifdef MAIL_IS_SENT
        :: may_call() -> call_over_socket()
#endif
        :: break
        od;
        n_idle_clients++;
        goto end_client;
    not_connected:
#ifndef HOSTILE_SERVER
        assert(is_over(channel) || server_hung_up);
#endif
        n_idle_clients++;
    end_client:
        skip
    } UNLESS_CLIENT_DIES
}

/* shared_client_wake() - have those that sleep see that it is over */
inline shared_client_wake()
{
    busy_slots = memory[BUSY(0)] | (memory[BUSY(1)] << 1);
#if defined(MAY_GIVE_UP) && !defined(GIVEN_UP_IS_WOKEN)
    busy_slots = busy_slots & ~(memory[GIVEN_UP(0)] | (memory[GIVEN_UP(1)] << 1));
#endif
    atomic {
        if
        :: (busy_slots & 1) != 0 -> futex_wake(REPLY(0))
        :: else
        fi;
        if
        :: (busy_slots & 2) != 0 -> futex_wake(REPLY(1))
        :: else
        fi
    }
}

/* client_tell() - the server has hung up, or the broker has something to say */
inline client_tell()
{
    is_dead = is_dead || is_ready;
    if
    :: is_over(0) ->
        hung_up[0] = true; /* shutdown() */
        shared_client_wake();
        atomic {
            if
            :: busy_slots != 0 -> tell_again(CLIENT); busy_slots = 0
            :: else
            fi
        }
    :: else
    fi
}

/* closer() - another thread of the client's process closes the handle: client_shut(). That the lookout sees the
 * shutdown() of link_shut() too is not relied on. */
proctype closer()
{
    byte busy_slots;

    is_dead = true; /* a sequentially consistent store */
    shared_client_wake();
    if
#ifndef CLOSED_WITHOUT_INSISTING
    :: busy_slots != 0 -> lookout_insist(CLIENT)
#endif
    :: else
    fi;
    hung_up[0] = true;
    n_idle_clients == N_CLIENTS
}

/* hostile_client() - has a channel, and writes what it likes into what the server sleeps on */
proctype hostile_client()
{
    do
    :: !is_settled -> memory[BELL(0)] = BELL_WAKE
    :: !is_settled -> memory[BELL(0)] = BELL_NONE
    :: break
    od
}

/* hostile_server() - writes what it likes into what the client sleeps on, but no reply */
proctype hostile_server()
{
    do
    :: n_idle_clients < N_CLIENTS -> memory[REPLY(0)] = 0
    :: n_idle_clients < N_CLIENTS -> memory[REPLY(0)] = OVER
    :: n_idle_clients < N_CLIENTS -> memory[CLOSED(0)] = 1 - memory[CLOSED(0)]
    :: break
    od
}

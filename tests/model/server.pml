/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server: core/listener.c, core/hot.c, core/shared_server.c. One thread at a time watches: hot, dozing or deeply
 * asleep. With a request in hand it lets another thread watch. What follows is guarded by the listener's lock, but for
 * `last` and the payload of a slot that is busy, which are its holder's.
 */

bool is_locked;
bool is_watched;
byte n_waiting;       /* threads that want to watch */
bool is_admitted[2];  /* the channel is in the listener's table */
bool is_offered[2];   /* it was, so that the client may call */
bool is_hot[2];       /* its memory is looked at, its bell is quiet */
byte armed[2];        /* what its bell was set to last */
byte refs[2];         /* of the table and of requests; the memory is unmapped with the last */
bool is_unmapped[2];
byte last[2];         /* sequence number of the last request taken from each slot */
bool busy[2];         /* it was taken and not answered */
bool is_stuck;        /* a handler waits for what other threads do */

#if N_SERVERS == 1
#define lock() skip
#define unlock() skip
#else
#define lock() atomic { !is_locked -> is_locked = true }
#define unlock() atomic { is_drained(thread) -> is_locked = false } /* release */
#endif

#define NONE 2

#define check_mapped(channel) assert(!is_unmapped[channel])

#ifdef OVER_BY_XOR
#define with_over(sequence) ((sequence) ^ OVER)
#else
#define with_over(sequence) ((sequence) | OVER)
#endif
#define mark_over(word) memory[word] = with_over(memory[word])

#define is_new(slot) (!busy[slot] && memory[REQUEST(slot)] != last[slot])

/*
 * shared_server_find() - look for a request in the slots of one channel; @found is NONE before
 *
 * The counter `others` is modelled by how far it is ahead: 1 when it is read, 2 when a client has counted since.
 */
inline shared_server_find(which)
{
    check_mapped(which);
#ifdef REQUEST_NOT_ACQUIRED
    value = memory[PAYLOAD(which)];
#endif
#if N_CHANNELS == 1 && N_SLOTS == 2
    if
    :: is_new(0) -> found = 0
    :: else ->
        atomic {
            seen = (memory[OTHERS] != 0);
            memory[OTHERS] = seen
        }
        if
        :: seen == 0
        :: seen != 0 && is_new(1) -> found = 1
        :: else -> memory[OTHERS] = memory[OTHERS] - 1
        fi;
        seen = 0
    fi
#else
    atomic {
        if
        :: is_new(which) -> found = which
        :: else
        fi
    }
#endif
}

/* fence_after_arming() - pairs with ring()'s: we see the request, or the client sees the bell */
#ifdef ARM_WITHOUT_FENCE
#define fence_after_arming() skip
#else
#define fence_after_arming() FENCE
#endif

inline look_at_all()
{
#if N_CHANNELS == 1
    fence_after_arming();
    if
    :: is_admitted[0] -> shared_server_find(0)
    :: else
    fi
#else
    atomic {
        fence_after_arming();
        if
        :: is_admitted[0] -> shared_server_find(0)
        :: else
        fi
    }
    atomic {
        if
        :: found == NONE && is_admitted[1] -> shared_server_find(1)
        :: else
        fi
    }
#endif
}

/* hot_add() - look at the memory of a channel from now on */
inline hot_add(which)
{
    atomic {
        if
        :: !is_hot[which] ->
            store(BELL(which), BELL_QUIET);
            armed[which] = BELL_QUIET;
            is_hot[which] = true
        :: else
        fi
    }
}

/* unref() - with the lock held */
inline unref(which)
{
    d_step {
        refs[which]--;
        is_unmapped[which] = refs[which] == 0
    }
}

/* close_slot() - who is about to sleep must find another number than the one expected; replies that were given stay */
inline close_slot(which)
{
    seen = memory[REPLY(which)];
    if
    :: seen != memory[REQUEST(which)] ->
        atomic {
            if
            :: memory[REPLY(which)] == seen ->
                memory[REPLY(which)] = with_over(seen);
                futex_wake(REPLY(which))
            :: else
            fi
        }
    :: else
    fi;
    seen = 0
}

/* listener_end() - end a channel; with the lock held */
inline listener_end(which)
{
    if
    :: is_admitted[which] ->
        is_admitted[which] = false;
        is_hot[which] = false;
        check_mapped(which);
        is_drained(thread);
        memory[CLOSED(which)] = 1; /* sequentially consistent */
        close_slot(SLOT_FIRST(which));
#if N_CHANNELS == 1 && N_SLOTS == 2
        close_slot(1);
#endif
        unref(which)
    :: else
    fi
}

#define is_rung(channel) (rung[channel] && is_admitted[channel])
#define is_hung_up(channel) (hung_up[channel] && is_admitted[channel])
#define epoll_is_ready (is_rung(0) || is_rung(1) || is_hung_up(0) || is_hung_up(1) || posted || is_shut)

/* handle_event() - one thing that epoll reports, if there is any; with the lock held */
inline handle_event()
{
    if
    :: is_rung(0) -> rung[0] = false; hot_add(0)
    :: is_rung(1) -> rung[1] = false; hot_add(1)
    :: is_hung_up(0) -> listener_end(0)
    :: is_hung_up(1) -> listener_end(1)
    :: posted -> atomic { posted = false; is_admitted[1] = true; is_offered[1] = true; refs[1] = 1 }; hot_add(1)
    :: !epoll_is_ready || is_shut
    fi
}

inline arm_one(which, how)
{
    if
    :: is_admitted[which] ->
        store(BELL(which), how);
        armed[which] = how;
        is_hot[which] = false
    :: else
    fi
}

/* arm() - have all bells rung; hot_forget(): nobody is hot any more */
inline arm(how)
{
    atomic {
        arm_one(0, how);
#if N_CHANNELS == 2
        arm_one(1, how)
#else
        skip
#endif
    }
}

/* arm_and_look() - in this order */
inline arm_and_look(how)
{
#ifdef LOOK_BEFORE_ARMING
    look_at_all();
    arm(how)
#else
    arm(how);
#ifdef NO_SECOND_LOOK
    FENCE
#else
    look_at_all()
#endif
#endif
}

#define has_changed(channel) (is_admitted[channel] && !is_hot[channel] && armed[channel] == BELL_WAKE &&               \
                              memory[BELL(channel)] != BELL_WAKE)

inline look_at_bell(which)
{
    atomic {
#ifdef STALE_LIST
        check_mapped(which);
#endif
        if
#ifdef RUNG_BUT_NOT_HOT
        :: has_changed(which) -> skip
#else
        :: has_changed(which) -> check_mapped(which); hot_add(which)
#endif
        :: else
        fi
    }
}

/* look_at_bells() - the channels whose clients have cleared their bell are hot; with the lock held, since a channel may
 * have ended meanwhile */
inline look_at_bells()
{
    look_at_bell(0);
#if N_CHANNELS == 2
    look_at_bell(1)
#else
    skip
#endif
}

#define is_unrung(channel) (!is_admitted[channel] || memory[BELL(channel)] == BELL_WAKE)
#ifdef LISTENER_NOT_WAITED_FOR
#define has_no_news true
#else
#define has_no_news (memory[LISTENER] == listener_seen && memory[WAKE] == 0)
#endif
#define DOZE_WORDS (bit(BELL(0)) | bit(BELL(1)) | bit(LISTENER) | bit(WAKE))

/*
 * doze() - from hot to warm: clients wake the bell words. With the lock held on entry and return. What the listener's
 * word says is read before epoll is asked for what it announces.
 */
inline doze()
{
#ifndef LISTENER_READ_LATE
    listener_seen = memory[LISTENER];
#endif
    arm_and_look(BELL_WAKE);
    if
    :: found != NONE
    :: found == NONE && epoll_is_ready -> handle_event()
    :: else ->
#ifdef LISTENER_READ_LATE
        listener_seen = memory[LISTENER];
#endif
        unlock();
        atomic {
            futex_compare(DOZE_WORDS, is_unrung(0) && is_unrung(1) && has_no_news);
            if
#ifndef NO_DEEP_SLEEP
            :: true -> may_time_out = true
#endif
            :: true /* no time-out must be needed */
            fi
        }
end_doze:
        futex_sleep(may_time_out);
        lock();
        look_at_bells();
        if
        :: may_time_out && !is_hot[0] && !is_hot[1] -> is_deep = true
        :: else
        fi;
        may_time_out = false
    fi;
    listener_seen = 0
}

/* sleep_deeply() - clients ring through eventfds */
inline sleep_deeply()
{
    is_deep = false;
#ifdef BELL_LEFT_AT_WAKE
    arm_and_look(BELL_WAKE);
#else
    arm_and_look(BELL_RING);
#endif
    if
    :: found != NONE
    :: else ->
        unlock();
end_deep:
        epoll_is_ready;
        lock();
        handle_event()
    fi
}

/* cool() - one that has been quiet while others were busy gets its bell back */
inline cool(which)
{
    atomic {
        store(BELL(which), BELL_WAKE);
        armed[which] = BELL_WAKE
    }
    atomic {
        fence_after_arming();
        shared_server_find(which);
        is_hot[which] = false;
        if
        :: found != NONE -> hot_add(which)
        :: else
        fi
    }
}

/* To look in vain is no step. */
#define shared_server_has_new (is_new(0) || memory[OTHERS] != 0)

/* watch() - until there is a request; with the lock held on entry and return */
inline watch()
{
    do
#if N_SERVERS == 2
    :: found == NONE && !is_deep -> unlock(); lock() /* between two looks */
#endif
    :: is_shut -> break
    :: found != NONE -> break
#if N_CHANNELS == 1
    :: found == NONE && is_hot[0] && shared_server_has_new -> shared_server_find(0)
#else
    :: found == NONE && is_hot[0] && is_new(0) -> shared_server_find(0)
    :: found == NONE && is_hot[1] && is_new(1) -> shared_server_find(1)
#endif
    :: found == NONE && (has_changed(0) || has_changed(1)) -> look_at_bells() /* every 64 rounds */
    :: found == NONE && epoll_is_ready -> handle_event()                      /* likewise */
    :: found == NONE && is_hot[0] && is_hot[1] -> cool(0)
    :: found == NONE && is_hot[0] && is_hot[1] -> cool(1)
    :: found == NONE && !is_deep -> doze()
    :: found == NONE && is_deep -> sleep_deeply()
    od
}

/* watch_begin() - become the one thread that watches, or wait to be; with the lock held on return */
inline watch_begin()
{
#if N_SERVERS == 2
    lock();
    do
    :: !is_watched || is_shut -> break
    :: else ->
#ifdef TURN_READ_LATE
        n_waiting++;
        unlock();
        turn = memory[TURN];
#else
        n_waiting++;
        turn = memory[TURN];
        unlock();
#endif
        futex_compare(bit(TURN), memory[TURN] == turn);
end_turn:
        futex_sleep(false);
        turn = 0;
        lock()
    od;
    is_watched = true
#else
    skip
#endif
}

/* watch_end() - let another thread watch; with the lock held on entry */
inline watch_end()
{
#if N_SERVERS == 2
    is_watched = false;
#ifndef TURN_NOT_GIVEN
    if
    :: n_waiting > 0 ->
        n_waiting = 0;
        memory[TURN] = 1 - memory[TURN];
        futex_wake(TURN)
    :: else
    fi;
#endif
    unlock()
#else
    skip
#endif
}

/* handle() - it may take as long as it likes, and wait for what other clients do */
inline handle()
{
#if N_SERVERS == 2 && N_CLIENTS == 2
    if
    :: true
    :: atomic { !is_stuck -> is_stuck = true };
        n_idle_clients == N_CLIENTS - 1;
        is_stuck = false
    fi
#else
    skip
#endif
}

/* serve() - shared_server_take(), the handler, shared_server_reply() */
inline serve()
{
#ifdef REPLY_BEFORE_COPY
    store(PAYLOAD(found), REPLY_VALUE(memory[REQUEST(found)]));
#endif
    atomic {
        check_mapped(channel);
#ifndef REQUEST_NOT_ACQUIRED
        value = memory[PAYLOAD(found)];
#endif
        last[found] = memory[REQUEST(found)];
        assert(value == REQUEST_VALUE(last[found]));
        value = 0
    }
    handle();
progress_reply:
    atomic {
        check_mapped(channel);
#ifndef REPLY_BEFORE_COPY
        store(PAYLOAD(found), REPLY_VALUE(last[found]));
#endif
        busy[found] = false;
#ifdef REPLY_RELAXED
        store(REPLY(found), last[found])
#else
        store_release(REPLY(found), last[found])
#endif
    }
    atomic {
#ifndef REPLY_WITHOUT_FENCE
        FENCE; /* pairs with sleep_for()'s: the client sees the reply, or we see that it sleeps */
#endif
        check_mapped(channel);
        if
        :: memory[ASLEEP(found)] != 0 -> futex_wake(REPLY(found))
        :: else
        fi
    }
}

/* finish() - a channel that the broker ended meanwhile is dropped */
inline finish()
{
    lock();
    atomic {
        if
        :: memory[SERVED(channel)] != CONTROL_LIVE -> listener_end(channel)
        :: else
        fi;
#ifndef NO_REFERENCE
        unref(channel);
#endif
        found = NONE;
        channel = 0
    }
    unlock()
}

proctype server(byte thread)
{
    byte channel, seen, value, listener_seen, turn;
    byte found = NONE;
    bool may_time_out, is_deep;

    {
        do
        :: watch_begin();
            watch();
            atomic {
                if
                :: found == NONE -> break
                :: else
                fi;
                channel = CHANNEL_OF_SLOT(found);
                busy[found] = true;
#ifndef NO_REFERENCE
                refs[channel]++;
#endif
                is_deep = false
            }
            watch_end();
            serve();
            finish()
        od;
        watch_end()
    } UNLESS_SERVER_DIES
}

/* shutter() - another thread shuts the listener: listener_shut() */
proctype shutter()
{
    byte channel, seen;

    atomic { !is_locked -> is_locked = true };
    is_shut = true;
    do
    :: channel < N_CHANNELS ->
        if
        :: is_admitted[channel] ->
            memory[CLOSED(channel)] = 1;
            close_slot(SLOT_FIRST(channel));
#if N_CHANNELS == 1 && N_SLOTS == 2
            close_slot(1)
#endif
        :: else
        fi;
        channel++
    :: else -> break
    od;
    is_locked = false;
    memory[WAKE] = 1;
    futex_wake(WAKE)
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server: core/listener.c and core/shared_server.c. One thread at a time watches: it looks at the hot memories,
 * then it dozes; all others sleep in epoll, and so does it where a futex cannot wait for everything. With a request in
 * hand it lets another thread watch. What follows is guarded by the listener's lock.
 */

bool is_locked;
byte n_wanting;       /* to lock */
bool is_watched;
bool is_quiet;        /* there was nothing in the sockets */
bool is_armed;        /* the lookout sees the epoll set */
byte dozes_at = NONE; /* the channel whose bell is set off to end a doze */
bool doze_ended;      /* that channel has ended, and the table's reference to it is the doze's */
bool is_roused;       /* the doze is to end: the lookout sees to it */
byte n_sleeping;      /* threads in epoll */
byte n_gone;          /* threads that know that the listener was shut */
bool is_stuck;        /* a handler waits for what other threads do */

/* The lock is fair to those who take it seldom: they say so, and are next. That matters only for whether all get on. */
#define is_free (!is_locked && n_wanting == 0)
#define lock() is_free -> is_locked = true
#ifdef LIVELOCK
#define want_lock() n_wanting++
#define lock_wanted() !is_locked -> n_wanting--; is_locked = true
#else
#define want_lock() skip
#define lock_wanted() !is_locked -> is_locked = true
#endif

/* unlock() - release; who else takes the lock of a single thread does not look at what it stored */
#if N_SERVERS == 1
#define unlock() is_locked = false
#else
#define unlock() is_drained(thread) -> is_locked = false
#endif

/* What was found: a request in a slot, or one in the socket. */
#define LETTERS 3
#define OF_CLIENT(client) (LETTERS + (client))

#ifdef OVER_BY_XOR
#define with_over(sequence) ((sequence) ^ OVER)
#else
#define with_over(sequence) ((sequence) | OVER)
#endif

/* shared_server_rouse() - a client that writes the word back in between has the same effect just before or after */
inline shared_server_rouse()
{
    check_mapped(dozes_at);
    memory[BELL(dozes_at)] = BELL_NONE;
    futex_wake(BELL(dozes_at))
}

/* listener_rouse() - have a dozing thread look around; with the lock held */
inline listener_rouse()
{
    if
#ifndef NOT_ROUSED
    :: dozes_at != NONE ->
        atomic { is_roused = true; shared_server_rouse() };
#ifdef HAS_SERVER_LOOKOUT
        lookout_insist(SERVER)
#endif
#endif
    :: else
    fi
}

/* listener_tell() - there is something in the epoll set, or the broker has changed some word, or a doze that was to end
 * had not the last time: another one may go on */
inline listener_tell()
{
    want_lock();
    atomic {
        lock_wanted();
        is_quiet = false;
        is_armed = is_armed && !is_ready;
        is_roused = is_roused || is_ready;
        if
#ifdef TOLD_OF_ANOTHER_DOZE
        :: dozes_at != NONE -> shared_server_rouse(); tell_again(SERVER)
#else
        :: dozes_at != NONE && is_roused -> shared_server_rouse(); tell_again(SERVER)
#endif
        :: else
        fi;
        is_locked = false
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

inline shared_server_close(which)
{
    check_mapped(which);
    memory[CLOSED(which)] = 1; /* sequentially consistent */
    close_slot(SLOT_FIRST(which));
#if N_CHANNELS == 1 && N_SLOTS == 2
    close_slot(1)
#endif
}

/* listener_end() - end a channel; with the lock held */
inline listener_end(which)
{
    if
    :: is_admitted[which] ->
        listener_rouse();
        atomic {
            is_drained(thread);
            is_admitted[which] = false;
            is_hot[which] = false;
            is_warm[which] = false
        }
        shared_server_close(which);
        if
#ifndef DOZES_WITHOUT_REFERENCE
        :: which == dozes_at -> doze_ended = true
        :: which != dozes_at -> unref(which)
#else
        :: true -> unref(which)
#endif
        fi
    :: else
    fi
}

#define is_rung(channel) (rung[channel] && is_admitted[channel])
#define is_hung_up(channel) (hung_up[channel] && is_admitted[channel])
#define has_letter(client) (memory[LETTER(client)] != 0 && is_admitted[CHANNEL_OF_CLIENT(client)])
#define epoll_is_ready                                                                                                 \
    (is_rung(0) || is_rung(1) || is_hung_up(0) || is_hung_up(1) || has_letter(0) || has_letter(1) || posted || stop)

#define EVENT_NONE 0
#define EVENT_STOP 1
#define EVENT_POST 2
#define EVENT_BELL(channel) (3 + (channel))
#define EVENT_HANG_UP(channel) (5 + (channel))
#define EVENT_LETTER(client) (7 + (client))

/* epoll_wait() - one thing that epoll reports, if there is any; without the lock. An edge is seen by one thread, and so
 * is what was in the inbox. */
inline epoll_wait()
{
    if
    :: is_rung(0) -> rung[0] = false; event = EVENT_BELL(0)
    :: is_rung(1) -> rung[1] = false; event = EVENT_BELL(1)
    :: is_hung_up(0) -> event = EVENT_HANG_UP(0)
    :: is_hung_up(1) -> event = EVENT_HANG_UP(1)
    :: has_letter(0) -> event = EVENT_LETTER(0)
    :: has_letter(1) -> event = EVENT_LETTER(1)
    :: posted -> posted = false; event = EVENT_POST
    :: stop -> event = EVENT_STOP
    :: !epoll_is_ready -> event = EVENT_NONE
    fi
}

/* listener_find() - a channel whose bell rings is hot from then on */
inline listener_find(which)
{
    if
    :: is_admitted[which] -> hot_heat(which); listener_rouse()
    :: else
    fi
}

/* served_receive() - take a request out of the socket */
inline served_receive(client)
{
    if
    :: atomic { has_letter(client) -> memory[LETTER(client)] = 0; found = OF_CLIENT(client) }
    :: else
    fi
}

/* listener_add() and, as if it were the next event, take_offer() */
inline listener_add(which)
{
    atomic {
        is_admitted[which] = true;
        is_offered[which] = true;
        refs[which] = 1;
        hot_heat(which)
    }
    listener_rouse()
}

/* handle_event() - with the lock held */
inline handle_event()
{
    if
    :: event == EVENT_BELL(0) -> listener_find(0)
    :: event == EVENT_HANG_UP(0) -> listener_end(0)
#ifdef MAIL_IS_SENT
    :: event == EVENT_LETTER(0) -> served_receive(0)
#if N_CLIENTS == 2
    :: event == EVENT_LETTER(1) -> served_receive(1)
#endif
#endif
#if N_CHANNELS == 2
    :: event == EVENT_BELL(1) -> listener_find(1)
#endif
#ifdef CHANNEL_IS_POSTED
    :: event == EVENT_POST -> listener_add(1)
#endif
    :: else
    fi;
    event = EVENT_NONE
}

/* listener_poll() - look whether there is an event, and handle it. What the lookout says about the socket between
 * epoll_wait() and the lock is forgotten: doze() arms it again. */
inline listener_poll()
{
    atomic { !is_quiet -> epoll_wait() }
    atomic { lock(); is_quiet = event == EVENT_NONE };
    handle_event();
    atomic {
        if
        :: found != NONE -> is_watched = false; goto received
        :: else -> unlock()
        fi
    }
}

/* doze() - until the bell word of a memory changes, or listener_rouse() says so; with the lock held */
inline doze()
{
    atomic {
        is_roused = false;
        expected = is_admitted[0] * bit(BELL(0)) + is_admitted[1] * bit(BELL(1));
#ifndef DOZES_LATE
        dozes_at = (is_admitted[0] -> 0 : 1);
#endif
#ifdef HAS_SERVER_LOOKOUT
#ifdef ARMED_ONLY_ONCE
        is_enabled[SERVER] = is_enabled[SERVER] || !was_armed;
        was_armed = true;
#else
        is_enabled[SERVER] = is_enabled[SERVER] || !is_armed; /* lookout_rearm() */
#endif
#endif
        is_armed = true;
        unlock()
    }
#ifdef DOZES_LATE
    dozes_at = (is_admitted[0] -> 0 : 1);
#endif
    futex_compare(expected, ((expected & bit(BELL(0))) == 0 || memory[BELL(0)] == BELL_WAKE) &&
                            ((expected & bit(BELL(1))) == 0 || memory[BELL(1)] == BELL_WAKE));
    expected = 0;
end_doze:
    futex_sleep();
    atomic {
        lock();
        if
        :: doze_ended -> unref(dozes_at); doze_ended = false
        :: !doze_ended
        fi;
        dozes_at = NONE;
        hot_warm_up();
        hot_gather();
        unlock()
    }
}

/* cool_one() - one that has been quiet while others were busy gets its bell back; with the lock held */
inline cool_one(which)
{
    atomic {
        store(BELL(which), cold_bell);
        armed[which] = cold_bell;
        is_hot[which] = false
    }
    atomic {
        fence_after_arming();
        if
        :: shared_server_has_new(which) -> hot_heat(which)
        :: else
        fi;
        unlock()
    }
}

#ifdef BELL_LEFT_AT_WAKE
#define BELL_OF_SLEEP BELL_WAKE
#else
#define BELL_OF_SLEEP BELL_RING
#endif

#define may_look (is_free && is_quiet)
#ifdef REQUEST_NOT_ACQUIRED
#define may_find(which) is_hot[which]
#else
#define may_find(which) (is_hot[which] && has_request(which))
#endif
#define has_mail(which) (is_hot[which] && memory[MAIL(which)] != 0)
#define has_nothing                                                                                                    \
    (!(is_hot[0] && has_request(0)) && !(is_hot[1] && has_request(N_CHANNELS - 1)) && !has_mail(0) && !has_mail(1))

/* find() - hot_find() */
inline find(which)
{
    atomic { may_look && may_find(which) -> is_locked = true }
    shared_server_find(which);
    atomic {
        if
        :: found != NONE -> is_watched = false; goto received
        :: else -> unlock()
        fi
    }
}

/* take_mail() - shared_server_take_mail(), and then look into the sockets */
inline take_mail(which)
{
    atomic {
        may_look && has_mail(which);
        memory[MAIL(which)] = 0;
#ifndef MAIL_NOT_POLLED_FOR
        is_quiet = false
#endif
    }
}

/* listener_sleep() - in epoll; from here on others may watch. With the lock held on entry. */
inline listener_sleep()
{
    atomic { n_sleeping++; unlock() }
end_sleep:
    atomic { epoll_is_ready -> epoll_wait() }
    atomic { lock(); n_sleeping--; is_quiet = false };
    handle_event();
    atomic {
        if
        :: found != NONE -> goto received
        :: else -> unlock()
        fi
    }
}

/* rest() - watch() has nothing left to do but to doze, or to sleep in epoll where that is not possible, as with a
 * channel that has no memory yet, or of 128 */
inline rest()
{
    if
    :: atomic { is_admitted[0] || is_admitted[1] -> arm(BELL_WAKE) }
#ifdef SLEEPS_IN_EPOLL
    :: atomic { arm(BELL_OF_SLEEP); is_tired = true }
#else
    :: atomic { !is_admitted[0] && !is_admitted[1] -> is_tired = true }
#endif
    fi;
    atomic { look_again() }
    if
    :: atomic { is_any_hot -> is_tired = false; unlock() }
    :: atomic { !is_any_hot && is_tired -> is_tired = false; is_watched = false };
        listener_sleep();
        goto receive
    :: atomic { !is_any_hot && !is_tired }
        doze()
    fi
}

/* watch() - one round of it, of which each thing may take several in truth; with the lock when it looks. A hot channel
 * is looked at until the thread likes to rest. */
inline watch()
{
    if
#if N_SERVERS == 2
    :: true /* nothing was found, and somebody else may watch */
#endif
    :: listener_poll()
    :: find(0)
    :: take_mail(0)
#if N_CHANNELS == 2
    :: find(1)
    :: take_mail(1)
    :: atomic { may_look && has_nothing && is_hot[0] && is_hot[1] -> is_locked = true }
        if
        :: cool_one(0)
        :: cool_one(1)
        fi
#endif
    /* now and then */
    :: atomic { may_look && cold_bell == BELL_WAKE && (has_rung(0) || has_rung(1)) ->
            is_locked = true;
            hot_gather();
            unlock()
        }
    :: atomic { may_look && epoll_is_ready -> is_quiet = false }
    :: atomic { may_look && has_nothing -> is_locked = true }
        rest()
    fi
}

/* wake_another() - this thread has something to do: whoever sleeps is to watch; with the lock held */
inline wake_another()
{
#if N_SERVERS == 2 && !defined(ANOTHER_NOT_WOKEN)
    if
    :: n_sleeping != 0 && !is_watched ->
        atomic { arm(BELL_RING) }
        atomic {
            look_again();
            if
#ifndef ANOTHER_NOT_RUNG
            :: is_any_hot -> rung[(is_hot[0] -> 0 : 1)] = true
#endif
            :: else
            fi
        }
    :: else
    fi
#else
    skip
#endif
}

/* handle() - it may take as long as it likes, and wait for what other clients do */
inline handle()
{
#if N_SERVERS == 2 && N_CLIENTS == 2 && !defined(HOSTILE_CLIENT)
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

inline have()
{
    memory[CLAIM(found)] = CLAIM_SERVED;
    was_served[found] = true;
    assert(!was_withdrawn[found] || !was_served[found])
}

/* claim() - compare and exchange: the request is ours, or its client has taken it back; who did is told as well, since
 * the slot is not used again before that */
inline claim()
{
#ifdef CLAIM_NOT_EXCHANGED
    is_drained(thread);
    seen = memory[CLAIM(found)];
    atomic {
        is_ours = seen == last[found];
        seen = 0;
        if
        :: is_ours -> have()
        :: else
        fi
    }
#else
    atomic {
        is_drained(thread);
        is_ours = memory[CLAIM(found)] == last[found];
        if
        :: is_ours -> have()
        :: else
        fi
    }
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
#ifdef MAY_GIVE_UP
    claim();
    if
    :: is_ours -> handle()
    :: else
    fi;
#else
    handle();
#endif
progress_reply:
#ifdef WITHDRAWN_NOT_ANSWERED
    if
    :: !is_ours -> busy[found] = false; goto served
    :: else
    fi;
#endif
    atomic {
        check_mapped(channel);
#ifndef REPLY_BEFORE_COPY
        store(PAYLOAD(found), REPLY_VALUE(last[found]));
#endif
#ifndef BUSY_AFTER_REPLY
        busy[found] = false; /* or nobody would find the client's next request */
#endif
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
#ifdef BUSY_AFTER_REPLY
    busy[found] = false
#endif
#ifdef WITHDRAWN_NOT_ANSWERED
served:
    skip
#endif
}

/* finish() - a channel that the broker ended meanwhile is dropped */
inline finish()
{
    if
    :: memory[SERVED(channel)] != CONTROL_LIVE ->
        atomic { lock() };
        listener_end(channel);
        is_locked = false
    :: else
    fi;
    atomic {
#ifndef NO_REFERENCE
        unref(channel);
#endif
        found = NONE;
        channel = 0
    }
}

/* serve_letter() - a request that came over the socket */
inline serve_letter()
{
    handle();
progress_letter:
    atomic {
        is_answered[found - LETTERS] = true;
        found = NONE
    }
}

proctype server(byte thread)
{
    byte channel, seen, value, changed, event, expected;
    byte found = NONE;
    bool is_tired, is_other_bell;
#ifdef MAY_GIVE_UP
    bool is_ours;
#endif
#ifdef ARMED_ONLY_ONCE
    bool was_armed;
#endif

    {
receive: /* listener_receive() */
        do
        :: atomic { is_free && is_shut -> n_gone++; break }
#if N_SERVERS == 2
        :: atomic { is_free && !is_shut && is_watched -> is_locked = true }
            listener_sleep()
#endif
        :: atomic {
                is_free && !is_shut && !is_watched -> is_locked = true;
#if N_SERVERS == 2
                is_watched = true;
#endif
                hot_warm_up();
                unlock()
            }
            watch();
            is_watched = false
        :: false ->
received:
            wake_another();
            atomic {
                if
                :: found < NONE ->
                    channel = CHANNEL_OF_SLOT(found);
                    busy[found] = true;
#ifndef NO_REFERENCE
                    refs[channel]++
#endif
                :: else
                fi;
                unlock()
            }
            if
            :: found < NONE -> serve(); finish()
            :: found > NONE -> serve_letter()
            fi
        od
    } UNLESS_SERVER_DIES
}

inline close_all()
{
    do
    :: channel < N_CHANNELS ->
        if
        :: is_admitted[channel] -> shared_server_close(channel)
        :: else
        fi;
        channel++
    :: else -> channel = 0; break
    od
}

/* shutter() - another thread shuts the listener: listener_shut(), and listener_free() when nobody uses it any more */
proctype shutter()
{
    byte channel, seen;

    want_lock();
    atomic { lock_wanted(); is_shut = true };
    close_all();
    listener_rouse();
    stop = true;
    is_locked = false;
    n_gone == N_SERVERS;
    close_all()
}

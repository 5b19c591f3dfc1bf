/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels of a server: which memories it looks at, and which bells are set. core/hot.c, core/served.c, and of
 * core/shared_server.c what looks for requests. Guarded by the listener's lock, but for `last` and the payload of a
 * slot that is busy, which are its holder's.
 */

#define NONE 2

byte cold_bell = BELL_RING;
bool is_admitted[2];  /* the channel is in the listener's table, with its memory */
bool is_offered[2];   /* it was, so that the client may call */
bool is_hot[2];       /* its memory is looked at, its bell is quiet */
bool is_warm[2];      /* it was busy before the rest, and is hot after it */
byte armed[2];        /* what its bell was set to last; of a cold channel that is the cold_bell */
byte refs[2];         /* of the table or a doze, and of requests; the memory is unmapped with the last */
bool is_unmapped[2];
byte last[2];         /* sequence number of the last request taken from each slot */
bool busy[2];         /* it was taken and not answered */

#define check_mapped(channel) assert(!is_unmapped[channel])

#define is_new(slot) (!busy[slot] && memory[REQUEST(slot)] != last[slot])

/* has_request() - the first half of shared_server_has_new(). To look in vain is no step of its own. */
#if N_CHANNELS == 1
#define has_request(which) (is_new(0) || memory[OTHERS] != 0)
#else
#define has_request(which) is_new(which)
#endif

#ifdef HAS_NEW_WITHOUT_MAIL
#define shared_server_has_new(which) has_request(which)
#else
#define shared_server_has_new(which) (has_request(which) || memory[MAIL(which)] != 0)
#endif

#if N_CHANNELS == 1
#define both(what) what(0)
#else
#define both(what) what(0); what(1)
#endif

#define is_any_hot (is_hot[0] || is_hot[1])

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
    if
    :: is_new(which) -> found = which
    :: else
    fi
#endif
}

/* fence_after_arming() - pairs with those of the client, in alert() and announce_mail(): we see the request or the
 * mail, or the client sees the bell */
#ifdef ARM_WITHOUT_FENCE
#define fence_after_arming() skip
#else
#define fence_after_arming() FENCE
#endif

/* hot_heat() - look at the memory of a channel from now on */
inline hot_heat(which)
{
    if
    :: !is_hot[which] ->
        check_mapped(which);
        store(BELL(which), BELL_NONE);
        armed[which] = BELL_NONE;
        is_hot[which] = true
    :: else
    fi
}

inline warm_up(which)
{
    if
    :: is_warm[which] && is_admitted[which] -> hot_heat(which)
    :: else
    fi;
    is_warm[which] = false
}

/* hot_warm_up() - the rest is over: who called before will call again, and need not ring for that */
inline hot_warm_up()
{
    both(warm_up)
}

/* cool() - have a client set off the bell, if it does not know yet. It may have been busy before: then it is warm. */
inline cool(which)
{
    is_warm[which] = false;
    if
    :: is_admitted[which] && (is_hot[which] || is_other_bell) ->
        if
        :: is_hot[which] -> is_warm[which] = true
#ifdef ALWAYS_WARM
        :: else
#else
        :: true
#endif
        fi;
#ifdef WARM_NOT_ARMED
        if
        :: !is_warm[which] -> store(BELL(which), cold_bell)
        :: else
        fi;
#else
        store(BELL(which), cold_bell);
#endif
        armed[which] = cold_bell;
        is_hot[which] = false;
        changed = changed | bit(which)
    :: else
    fi
}

/* hot_cool() - arm() and look_again(): have all clients set off their bells, then look once more; who had a request
 * already is hot */
inline arm(bell)
{
#ifdef LOOK_BEFORE_ARMING
    if
    :: shared_server_has_new(0) -> hot_heat(0)
    :: else ->
#endif
    is_other_bell = bell != cold_bell;
    cold_bell = bell;
    both(cool);
    is_other_bell = false
#ifdef LOOK_BEFORE_ARMING
    fi
#endif
}

inline look_at_one_again(which)
{
    if
    :: (changed & bit(which)) != 0 && shared_server_has_new(which) -> hot_heat(which)
    :: else
    fi
}

inline look_again()
{
#if defined(NO_SECOND_LOOK) || defined(LOOK_BEFORE_ARMING)
    FENCE;
#else
    fence_after_arming();
    both(look_at_one_again);
#endif
    changed = 0
}

#define has_rung(channel) (is_admitted[channel] && !is_hot[channel] && memory[BELL(channel)] != armed[channel])

inline gather(which)
{
#ifdef STALE_LIST
    check_mapped(which);
#endif
    if
#ifdef RUNG_BUT_NOT_HOT
    :: has_rung(which) -> skip
#else
    :: has_rung(which) -> hot_heat(which)
#endif
    :: else
    fi
}

/* hot_gather() - whose client has set off its bell is hot; with the lock held, as a channel may have ended */
inline hot_gather()
{
    both(gather)
}

/* unref() - with the lock held */
inline unref(which)
{
    d_step {
        refs[which]--;
        is_unmapped[which] = refs[which] == 0
    }
}

#!/usr/bin/env bash
# Checks the model of the hand-over with spin, in full: every scenario must be free of errors, and every mistake that is
# put into it on purpose must be found, as the kind of error that it is. Ends with `N passed, N failed`. ONLY=word
# chooses those that have it in their name. JOBS at a time, as many as there are CPUs; each may take memory_max.
set -u

cd "$(dirname "$0")" || exit 1
here=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
touch "$scratch/results"
jobs=${JOBS:-$(nproc)}

# Deeper than any path through the states; memory for all of them, in MiB.
depth_max=1000000
memory_max=3800
seconds_max=150

# What pan looks for: states in which somebody waits for ever, and failed assertions; with LIVELOCK, cycles without a
# reply, under weak fairness.
safety=-DSAFETY
progress='-DNP -DNFAIR=4'

# in_turn COMMAND...: beside others, each in a folder of its own
in_turn() {
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
        wait -n
    done
    (
        own=$scratch/$BASHPID
        mkdir "$own"
        "$@"
        rm -rf "$own"
    ) &
}

# verify OPTION...: leaves pan's words in $own/log. To compile takes longest, but where there are many states:
# $optimize is for those.
verify() {
    local compile=$safety run=
    case $* in
    *LIVELOCK*) compile=$progress run='-l -f' ;;
    esac
    mkdir "$own/pan"
    # shellcheck disable=SC2086
    (
        cd "$own/pan" &&
            spin -a "$@" "$here/handover.pml" &&
            "${CC:-cc}" -w "${optimize:--O0}" $compile -DCOLLAPSE -DVECTORSZ=1024 -DMEMLIM="$memory_max" -o pan pan.c &&
            timeout "$seconds_max" ./pan -w20 -m"$depth_max" $run
    ) > "$own/log" 2>&1
}

# pass NAME WHAT; fail NAME
pass() {
    echo pass >> "$scratch/results"
    printf '  ok    %-69s %s\n' "$1" "$2"
}
fail() {
    echo fail >> "$scratch/results"
    printf '  FAIL  %s\n' "$1"
    grep -vE '^ *(unreached|\(|\t)' "$own/log" | head -n 40
    if [ -f "$own/pan/handover.pml.trail" ]; then
        cp "$own/pan/handover.pml.trail" "${TMPDIR:-/tmp}"
        echo "        replay it: spin -t -p -g -k ${TMPDIR:-/tmp}/handover.pml.trail OPTION... $here/handover.pml"
    fi
}

# is_chosen NAME
is_chosen() { [[ $1 == *${ONLY:-}* ]]; }

# expect NAME: that a scenario or a mistake which is chosen leaves a result
expect() { is_chosen "$1" && n_expected=$((n_expected + 1)); }
n_expected=0

# holds NAME OPTION...: no reachable state is wrong, and all were seen
holds() { ! expect "$1" || in_turn check_scenario "$@"; }
check_scenario() {
    local name=$1
    shift
    if verify "$@" && grep -q 'errors: 0$' "$own/log" &&
        ! grep -qE 'Search not completed|max search depth too small|hash-compact|bit-state' "$own/log"; then
        pass "$name" \
            "$(awk '/states, stored/ { n = $1 } /elapsed time/ { print n, "states,", $4, "s" }' "$own/log")"
    else
        fail "$name ($*)"
    fi
}

# finds KIND MISTAKE OPTION...: with the mistake there is a state that is wrong in this way
finds() { ! expect "$2" || in_turn check_mistake "$@"; }
check_mistake() {
    local kind=$1 mistake=$2 what
    shift 2
    case $kind in
    lost) what='invalid end state' ;;
    torn) what='assertion violated .*(value|word)' ;;
    twice) what='assertion violated .*n_users' ;;
    both) what='assertion violated .*was_withdrawn' ;;
    unserved) what='assertion violated was_served' ;;
    freed) what='assertion violated .*is_unmapped' ;;
    livelock) what='non-progress cycle' ;;
    esac
    verify "-D$mistake" "$@"
    if grep -qE "pan:1: $what" "$own/log"; then
        pass "mistake $mistake" "found: $kind"
    else
        fail "mistake $mistake was not found ($*)"
    fi
}

two_channels="-DN_CHANNELS=2 -DN_CLIENTS=2"
two_clients="-DN_CLIENTS=2 -DSEQUENCES=2"
two_servers="-DN_SERVERS=2"
few_calls="-DN_CALLS=1 -DIN_ORDER"
busy_servers="$two_servers -DN_CLIENTS=2 $few_calls -DALWAYS_WARM"
epoll="-DSLEEPS_IN_EPOLL"
mail="-DMAIL_IS_SENT"
secret_mail="$mail -DMAIL_IS_SECRET"
alone="-DLOOKOUT_IS_LATE" # nobody waits for the lookout
given_up="-DMAY_GIVE_UP"
hostile_client="-DHOSTILE_CLIENT -DIN_ORDER"
hostile_newcomer="$two_channels $hostile_client -DCHANNEL_IS_POSTED -DN_CALLS=0"
hostile_server="-DHOSTILE_SERVER -DN_CALLS=1"

# shellcheck disable=SC2086
{
    holds "one client: no wake-up is lost, no payload torn" $epoll
    holds "one client: calls get on" $epoll -DLIVELOCK
    optimize=-O1 holds "two client threads, two slots: no slot is owned twice" $two_clients
    optimize=-O1 holds "two channels: none is forgotten while the other is hot" $two_channels -DN_CALLS=2 -DIN_ORDER
    holds "two channels: nor in epoll" $two_channels $few_calls $epoll
    optimize=-O1 holds "two channels: nor when stores are late" $two_channels -DN_CALLS=1 -DALWAYS_WARM
    optimize=-O1 holds "two server threads: one watches, another sleeps in epoll" $two_servers $epoll -DSEQUENCES=2
    optimize=-O1 holds "two server threads: a handler may wait for another call" $busy_servers
    holds "mail is seen without the lookout" $mail $alone $epoll
    holds "mail is seen without the lookout, from another thread" $mail $alone -DN_CLIENTS=2 $few_calls
    holds "mail is seen without the lookout, beside another channel" $mail $alone $two_channels $few_calls
    holds "mail is seen without the lookout, by two server threads" $mail $alone $two_servers $few_calls
    holds "mail is seen by the lookout, announced or not" $secret_mail
    holds "mail and calls get on, and then there is peace" $mail -DN_CALLS=1 -DLIVELOCK
    holds "the client dies at any step: it is dropped" -DCLIENT_DIES -DN_CALLS=2
    holds "the client dies at any step: without a broker too" -DCLIENT_DIES -DNO_BROKER
    optimize=-O1 holds "the client dies at any step: none uses freed memory" \
        $two_servers -DCLIENT_DIES -DNO_BROKER $few_calls -DALWAYS_WARM
    optimize=-O1 holds "the server dies at any step: the client gets out" -DSERVER_DIES -DN_CALLS=2
    holds "the server dies at any step: without a broker too" -DSERVER_DIES -DNO_BROKER
    holds "the server dies at any step: though its children hold its sockets" -DSERVER_DIES -DCHILDREN_HOLD_SOCKETS
    holds "calls are given up at any step: none is both taken back and served" $given_up $epoll
    holds "calls are given up at any step: the others get on" $given_up -DLIVELOCK
    optimize=-O1 holds "calls are given up at any step: no slot is owned twice" \
        $given_up $two_clients -DN_CALLS=2 -DIN_ORDER
    optimize=-O1 holds "calls are given up at any step: nor when stores are late" \
        $given_up $two_clients -DN_CALLS=1 -DALWAYS_WARM
    optimize=-O1 holds "calls are given up at any step: with two server threads" \
        $given_up $two_servers -DN_CALLS=2 -DIN_ORDER
    optimize=-O1 holds "calls are given up at any step: or the server dies" $given_up -DSERVER_DIES -DN_CALLS=1
    optimize=-O1 holds "calls are given up at any step: or the handle is closed, for ever" \
        $given_up -DN_GIVE_UPS=1 -DHANDLE_IS_CLOSED $few_calls -DLIVELOCK
    holds "a channel is posted at any step" $two_channels -DCHANNEL_IS_POSTED -DFIRST_IS_QUIET $few_calls
    holds "the handle is closed at any step" -DHANDLE_IS_CLOSED -DN_CALLS=1
    holds "the handle is closed at any step: while the lookout looks" -DHANDLE_IS_CLOSED -DLOOKS_IN_STEPS $few_calls
    holds "the listener is shut at any step" -DLISTENER_IS_SHUT
    optimize=-O1 holds "the listener is shut at any step: threads get out" \
        $two_servers -DLISTENER_IS_SHUT $few_calls -DALWAYS_WARM
    for live in "" -DLIVELOCK; do
        optimize=${live:+-O1}
        ever=${live:+, for ever}
        holds "a hostile client cannot hide that the listener is shut$ever" $hostile_client -DLISTENER_IS_SHUT $live
        holds "a hostile client cannot hide that it hung up$ever" $hostile_client -DCLIENT_DIES $live
        holds "a hostile client cannot hide a new channel$ever" $hostile_newcomer $live
        holds "a hostile server cannot hide that the handle is closed$ever" \
            $hostile_server -DHANDLE_IS_CLOSED $live ${live:+-DIN_ORDER}
        holds "a hostile server cannot hide that it hung up$ever" \
            $hostile_server -DSERVER_DIES $live ${live:+-DIN_ORDER}
    done
    optimize=
    holds "a hostile client does not hold up another one" $two_channels $hostile_client -DN_CALLS=1

    finds lost PUBLISH_WITHOUT_FENCE
    finds lost ARM_WITHOUT_FENCE
    finds lost REPLY_WITHOUT_FENCE
    finds lost NO_SECOND_LOOK
    finds lost LOOK_BEFORE_ARMING
    finds lost BELL_LEFT_AT_WAKE $epoll
    finds lost RING_BEFORE_REQUEST
    finds lost SLEEP_WITHOUT_LOOK
    finds lost BELL_NOT_EXCHANGED $two_clients $epoll
    finds lost GIVE_BACK_RELAXED $two_clients
    finds lost BUSY_AFTER_REPLY $two_servers
    finds lost ANOTHER_NOT_WOKEN $busy_servers
    finds lost ANOTHER_NOT_RUNG $busy_servers
    finds lost OVER_BY_XOR -DLISTENER_IS_SHUT
    finds lost NOT_ROUSED $two_servers $epoll -DSEQUENCES=2
    finds lost MAIL_NOT_COUNTED $mail $alone
    finds lost MAIL_NOT_RUNG $mail $alone
    finds lost MAIL_NOT_POLLED_FOR $mail $alone
    finds lost MAIL_WITHOUT_FENCE $mail $alone
    finds lost MAIL_RELAXED $mail $alone
    finds lost HAS_NEW_WITHOUT_MAIL $mail $alone
    finds lost ARMED_ONLY_ONCE $secret_mail
    finds lost DOZES_LATE $secret_mail
    finds lost TOLD_ONCE -DSERVER_DIES
    finds lost TOLD_ONCE $hostile_client -DLISTENER_IS_SHUT
    finds lost CLOSED_WITHOUT_INSISTING $hostile_server -DHANDLE_IS_CLOSED
    finds lost DUE_SET_LAST $hostile_server -DHANDLE_IS_CLOSED -DLOOKS_IN_STEPS
    finds torn REQUEST_RELAXED
    finds torn REPLY_RELAXED
    finds torn REQUEST_NOT_ACQUIRED
    finds torn REPLY_NOT_ACQUIRED
    finds torn REPLY_BEFORE_COPY
    finds torn GIVE_BACK_BEFORE_COPY $two_clients
    finds torn OVER_NOT_LOOKED_AT -DHANDLE_IS_CLOSED -DN_CLIENTS=2 $few_calls
    finds twice TAKE_NOT_ATOMIC $two_clients
    finds twice REAPED_BY_SEVERAL $given_up $two_clients -DN_CALLS=2 -DIN_ORDER
    finds both CLAIM_NOT_EXCHANGED $given_up
    finds both WITHDRAWAL_NOT_EXCHANGED $given_up
    finds unserved CLAIM_AFTER_REQUEST $given_up
    finds lost WITHDRAWN_NOT_ANSWERED $given_up
    finds torn GIVEN_BACK_AT_ONCE $given_up
    finds torn REAPED_TOO_EARLY $given_up
    finds freed NO_REFERENCE $two_servers -DCLIENT_DIES $few_calls
    finds freed STALE_LIST $two_servers -DCLIENT_DIES $few_calls
    finds freed DOZES_WITHOUT_REFERENCE $two_servers -DCLIENT_DIES $few_calls
    finds livelock WARM_NOT_ARMED -DLIVELOCK
    finds livelock RUNG_BUT_NOT_HOT -DLIVELOCK
    finds livelock END_NOT_LOOKED_AT -DHANDLE_IS_CLOSED -DN_CALLS=1 -DLIVELOCK
    finds livelock GIVEN_UP_IS_WOKEN $given_up -DHANDLE_IS_CLOSED -DN_CALLS=1 -DLIVELOCK
    finds livelock TOLD_OF_ANOTHER_DOZE $hostile_newcomer -DLIVELOCK
}
wait
passed=$(grep -c pass "$scratch/results")
failed=$((n_expected - passed)) # whether it said so or not
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

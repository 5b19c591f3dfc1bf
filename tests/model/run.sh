#!/usr/bin/env bash
# Checks the model of the hand-over with spin, in full: every scenario must be free of errors, and every mistake that is
# put into it on purpose must be found, as the kind of error that it is. Ends with `N passed, N failed`. ONLY=word
# chooses those that have it in their name.
set -u

cd "$(dirname "$0")" || exit 1
here=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# Deeper than any path through the states; memory for all of them, in MiB.
depth_max=4000000
memory_max=3800
seconds_max=150

# What pan looks for: states in which somebody waits for ever, and failed assertions; with LIVELOCK, cycles without a
# reply under weak fairness.
safety=-DSAFETY
progress='-DNP -DNFAIR=4'

# verify OPTION...: leaves pan's words in $scratch/log
verify() {
    local compile=$safety run=
    case $* in
    *LIVELOCK*) compile=$progress run='-l -f' ;;
    esac
    [ -z "${is_mistake:-}" ] || compile="$compile -O0" # few states, so that to compile takes longest
    rm -rf "$scratch/pan"
    mkdir "$scratch/pan"
    # shellcheck disable=SC2086
    (
        cd "$scratch/pan" &&
            spin -a "$@" "$here/handover.pml" &&
            "${CC:-cc}" -w -O2 $compile -DCOLLAPSE -DVECTORSZ=1024 -DMEMLIM="$memory_max" -o pan pan.c &&
            timeout "$seconds_max" ./pan -m"$depth_max" $run
    ) > "$scratch/log" 2>&1
}

# pass NAME WHAT; fail NAME
pass() {
    passed=$((passed + 1))
    printf '  ok    %-66s %s\n' "$1" "$2"
}
fail() {
    failed=$((failed + 1))
    printf '  FAIL  %s\n' "$1"
    grep -vE '^ *(unreached|\(|\t)' "$scratch/log" | head -n 40
    if [ -f "$scratch/pan/handover.pml.trail" ]; then
        cp "$scratch/pan/handover.pml.trail" "${TMPDIR:-/tmp}"
        echo "        replay it: spin -t -p -g -k ${TMPDIR:-/tmp}/handover.pml.trail OPTION... $here/handover.pml"
    fi
}

# is_chosen NAME
is_chosen() { [[ $1 == *${ONLY:-}* ]]; }

# holds NAME OPTION...: no reachable state is wrong, and all were seen
holds() {
    local name=$1
    shift
    is_chosen "$name" || return 0
    if verify "$@" && grep -q 'errors: 0$' "$scratch/log" &&
        ! grep -qE 'Search not completed|max search depth too small|hash-compact|bit-state' "$scratch/log"; then
        pass "$name" "$(awk '/states, stored/ { print $1 }' "$scratch/log") states"
    else
        fail "$name ($*)"
    fi
}

# finds KIND MISTAKE OPTION...: with the mistake there is a state that is wrong in this way
finds() {
    local kind=$1 mistake=$2 what
    shift 2
    is_chosen "$mistake" || return 0
    case $kind in
    lost) what='invalid end state' ;;
    torn) what='assertion violated .*(value|word)' ;;
    twice) what='assertion violated .*n_users' ;;
    freed) what='assertion violated .*is_unmapped' ;;
    livelock) what='non-progress cycle' ;;
    esac
    is_mistake=1 verify "-D$mistake" "$@"
    if grep -qE "pan:1: $what" "$scratch/log"; then
        pass "mistake $mistake" "found: $kind"
    else
        fail "mistake $mistake was not found ($*)"
    fi
}

two_channels="-DN_CHANNELS=2 -DN_CLIENTS=2"
two_clients="-DN_CLIENTS=2 -DSEQUENCES=2"
two_servers="-DN_SERVERS=2"
busy_servers="-DN_SERVERS=2 -DN_CLIENTS=2 -DN_CALLS=1 -DIN_ORDER -DNO_DEEP_SLEEP"
few_calls="-DN_CALLS=1 -DIN_ORDER"

# shellcheck disable=SC2086
{
    holds "one client: no wake-up is lost, no payload torn"
    holds "one client: calls get on, under weak fairness" -DLIVELOCK
    holds "two client threads, two slots: no slot is owned twice" $two_clients
    holds "two channels: none is forgotten while the other is hot" $two_channels -DSEQUENCES=2 -DNO_DEEP_SLEEP
    holds "two channels: nor in deep sleep" $two_channels -DN_CALLS=2 -DIN_ORDER
    holds "two server threads: one watches, and hands over" $two_servers -DSEQUENCES=2
    holds "two server threads: a handler may wait for another call" $busy_servers
    holds "the client dies at any step: it is dropped" -DCLIENT_DIES
    holds "the client dies at any step: none uses freed memory" $two_servers -DCLIENT_DIES -DN_CALLS=1
    holds "the client dies at any step: another channel goes on" $two_channels -DCLIENT_DIES $few_calls -DNO_DEEP_SLEEP
    holds "the server dies at any step: the client gets out" -DSERVER_DIES
    holds "a channel is posted at any step" $two_channels -DCHANNEL_IS_POSTED $few_calls
    holds "the handle is closed at any step" -DHANDLE_IS_CLOSED
    holds "the listener is shut at any step" -DLISTENER_IS_SHUT
    holds "the listener is shut at any step: threads get out" $two_servers -DLISTENER_IS_SHUT $few_calls

    finds lost PUBLISH_WITHOUT_FENCE
    finds lost ARM_WITHOUT_FENCE
    finds lost REPLY_WITHOUT_FENCE
    finds lost NO_SECOND_LOOK
    finds lost LOOK_BEFORE_ARMING
    finds lost BELL_LEFT_AT_WAKE
    finds lost RING_BEFORE_REQUEST
    finds lost SLEEP_WITHOUT_LOOK
    finds lost BELL_NOT_EXCHANGED $two_clients
    finds lost GIVE_BACK_RELAXED $two_clients
    finds lost TURN_READ_LATE $busy_servers
    finds lost TURN_NOT_GIVEN $busy_servers
    finds lost CONTROL_NOT_WAITED_FOR -DSERVER_DIES
    finds lost LISTENER_NOT_WAITED_FOR -DCLIENT_DIES
    finds lost LISTENER_READ_LATE $two_channels -DCHANNEL_IS_POSTED -DN_CALLS=1
    finds lost OVER_BY_XOR -DHANDLE_IS_CLOSED
    finds torn REQUEST_RELAXED
    finds torn REPLY_RELAXED
    finds torn REQUEST_NOT_ACQUIRED
    finds torn REPLY_NOT_ACQUIRED
    finds torn REPLY_BEFORE_COPY
    finds torn GIVE_BACK_BEFORE_COPY $two_clients
    finds twice TAKE_NOT_ATOMIC $two_clients
    finds freed NO_REFERENCE $two_servers -DCLIENT_DIES -DN_CALLS=1
    finds freed STALE_LIST $two_servers -DCLIENT_DIES -DN_CALLS=1
    finds livelock RUNG_BUT_NOT_HOT -DLIVELOCK
}
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

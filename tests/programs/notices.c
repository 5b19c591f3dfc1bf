/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entity of the tests of notices: its first argument is the name of what it tries. It prints
 * what did not go as it should, and ends with 1 then.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <capchan/notice.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/thread/thread_api.h>

#include "tests/programs/common_commands.h"
#include "tests/programs/trials.h"

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define ENDS (EVENT_PEER_CLOSED | EVENT_TASK_COMPLETED)
#define ONE OBJECT_EVENT_USER(0x0001)
#define LAST OBJECT_EVENT_SPEC(0x8000)
#define NOTICES_MAX 64
#define SUBSCRIPTIONS_MAX 4096
#define N_EVENTS 10000
#define N_MANY (NOTICE_EVENTS_MAX + 36)
#define N_THREADS 8
#define N_RACERS 4
#define RACE_ROUNDS 500
#define CHURN_ROUNDS 300
#define SHORT_MS 50

static const char *mark; /* the second argument */
static Handle make(rtl_uint32_t rights)
{
    Handle handle = INVALID_HANDLE;

    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, rights, NULL, &handle), rcOk);
    return handle;
}

static Handle copied(Handle handle, Handle badge)
{
    Handle result = INVALID_HANDLE;

    EXPECT(KnHandleCopy(handle, OCAP_HANDLE_GET_EVENT | OCAP_HANDLE_COPY, badge, &result), rcOk);
    return result;
}

static Notice new_notice(void)
{
    Notice notice = NULL;

    EXPECT(KnNoticeCreate(&notice), rcOk);
    EXPECT(notice != NULL, true);
    return notice;
}

/* expect_event() - @id and @mask, and nothing else; without waiting if @msec is 0 */
#define expect_event(notice, msec, id, mask)                                                       \
    do {                                                                                           \
        EventDesc event_ = {0, 0};                                                                 \
        rtl_size_t n_ = 0;                                                                         \
        EXPECT(KnNoticeGetEvent(notice, msec, 1, &event_, &n_), rcOk);                             \
        EXPECT(n_, 1);                                                                             \
        EXPECT(event_.eventId, id);                                                                \
        EXPECT(event_.eventMask, mask);                                                            \
    } while (0)

static Retcode get_within(Notice notice, rtl_uint64_t msec)
{
    EventDesc events[4];
    rtl_size_t n;

    return KnNoticeGetEvent(notice, msec, 4, events, &n);
}

static Retcode get(Notice notice)
{
    return get_within(notice, 0);
}

static void try_arguments(void)
{
    Notice notice = new_notice();
    Notice stale = new_notice();
    Handle object = make(ALL);
    Handle deaf = make(0);
    Handle gone = copied(object, INVALID_HANDLE);
    EventDesc event;
    rtl_size_t n;

    EXPECT(KnNoticeRelease(stale), rcOk);
    const Notice none[] = {NULL, stale, (Notice)&event, (Notice)(uintptr_t)object};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        EXPECT(KnNoticeSubscribeToObject(none[i], object, ONE, 0), rcInvalidArgument);
        EXPECT(KnNoticeUnsubscribeFromObject(none[i], object), rcInvalidArgument);
        EXPECT(KnNoticeUnsubscribeFromEvent(none[i], object, 0), rcInvalidArgument);
        EXPECT(get(none[i]), rcInvalidArgument);
        EXPECT(KnNoticeDropAndWake(none[i]), rcInvalidArgument);
        EXPECT(KnNoticeRelease(none[i]), rcInvalidArgument);
        EXPECT(capchan_notice_fd(none[i]), -1);
        EXPECT(KnHandleCreateBadge(none[i], 0, NULL, &gone), i == 0 ? rcOk : rcInvalidArgument);
    }
    EXPECT(KnNoticeCreate(NULL), rcInvalidArgument);
    EXPECT(KnNoticeSubscribeToObject(notice, object, 0, 0), rcInvalidArgument);
    EXPECT(KnNoticeSubscribeToObject(notice, object, 0x8000, 0), rcInvalidArgument);
    EXPECT(KnNoticeSubscribeToObject(notice, deaf, ONE, 0), rcSecurityDisallow);
    EXPECT(KnNoticeSubscribeToObject(notice, INVALID_HANDLE, ONE, 0), rcNoCapability);
    EXPECT(KnNoticeUnsubscribeFromObject(notice, object), rcResourceNotFound);
    EXPECT(KnNoticeUnsubscribeFromObject(notice, INVALID_HANDLE), rcNoCapability);
    EXPECT(KnNoticeUnsubscribeFromEvent(notice, object, 0), rcResourceNotFound);
    EXPECT(KnNoticeSetObjectEvent(object, 0), rcInvalidArgument);
    EXPECT(KnNoticeSetObjectEvent(object, ONE | EVENT_OBJECT_DESTROYED), rcInvalidArgument);
    EXPECT(KnNoticeSetObjectEvent(deaf, ONE), rcSecurityDisallow);
    EXPECT(KnNoticeSetObjectEvent(INVALID_HANDLE, ONE), rcNoCapability);
    EXPECT(KnNoticeGetEvent(notice, 0, 0, &event, &n), rcInvalidArgument);
    EXPECT(KnNoticeGetEvent(notice, 0, 1, NULL, &n), rcInvalidArgument);
    EXPECT(KnNoticeGetEvent(notice, 0, 1, &event, NULL), rcInvalidArgument);
    EXPECT(get(notice), rcTimeout);
    gone = copied(object, INVALID_HANDLE);
    EXPECT(KnHandleRevoke(object), rcOk);
    EXPECT(KnNoticeSubscribeToObject(notice, gone, ONE, 0), rcHandleRevoked);
    EXPECT(KnNoticeUnsubscribeFromObject(notice, gone), rcHandleRevoked);
    EXPECT(KnNoticeSetObjectEvent(gone, ONE), rcHandleRevoked);
    EXPECT(KnNoticeRelease(notice), rcOk);
}

/* However often something happens while nobody looks, it is there once and nothing is missing. */
static void try_merging(void)
{
    Notice notice = new_notice();
    Handle object = make(ALL);
    Handle other = make(ALL);

    EXPECT(KnNoticeSubscribeToObject(notice, object, OBJECT_EVENT_SPEC_FULL, UINTPTR_MAX), rcOk);
    EXPECT(KnNoticeSubscribeToObject(notice, other, LAST, 2), rcOk);
    for (int i = 0; i < N_EVENTS; i++) {
        EXPECT(KnNoticeSetObjectEvent(object, OBJECT_EVENT_USER(1u << (i % 16))), rcOk);
    }
    EXPECT(KnNoticeSetObjectEvent(other, LAST | ONE), rcOk);
    expect_event(notice, 0, UINTPTR_MAX, OBJECT_EVENT_SPEC_FULL);
    expect_event(notice, 0, 2, LAST);
    EXPECT(get(notice), rcTimeout);
    EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, UINTPTR_MAX, ONE);
    EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
    EXPECT(KnNoticeUnsubscribeFromEvent(notice, object, UINTPTR_MAX), rcOk);
    EXPECT(KnNoticeUnsubscribeFromObject(notice, other), rcOk);
    EXPECT(get(notice), rcTimeout);
}

/* More than one call reports come with the next one, in the order in which they happened. */
static void try_many(void)
{
    Notice notice = new_notice();
    Handle objects[N_MANY];
    EventDesc events[N_MANY];
    rtl_size_t n = 0;

    for (size_t i = 0; i < N_MANY; i++) {
        objects[i] = make(ALL);
        EXPECT(KnNoticeSubscribeToObject(notice, objects[i], LAST, UINTPTR_MAX - i), rcOk);
    }
    for (size_t i = N_MANY; i-- > 0;) {
        EXPECT(KnNoticeSetObjectEvent(objects[i], LAST), rcOk);
    }
    for (size_t taken = 0; taken < N_MANY; taken += n) {
        EXPECT(KnNoticeGetEvent(notice, 0, N_MANY, events, &n), rcOk);
        EXPECT(n, taken == 0 ? NOTICE_EVENTS_MAX : N_MANY - NOTICE_EVENTS_MAX);
        for (size_t i = 0; i < n; i++) {
            EXPECT(events[i].eventId, UINTPTR_MAX - (N_MANY - 1 - taken - i));
            EXPECT(events[i].eventMask, LAST);
        }
    }
    EXPECT(get(notice), rcTimeout);
}

static void try_ends(void)
{
    Notice notice = new_notice();
    Handle object = make(ALL);
    Handle badge = INVALID_HANDLE;

    EXPECT(KnHandleCreateBadge(notice, 1, NULL, &badge), rcOk);
    Handle tied = copied(object, badge);
    Handle below = copied(tied, INVALID_HANDLE);
    EXPECT(KnNoticeSubscribeToObject(notice, tied, EVENT_OBJECT_DESTROYED, 2), rcOk);
    EXPECT(KnHandleClose(tied), rcOk);
    EXPECT(get(notice), rcTimeout);
    EXPECT(KnHandleClose(below), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, 1, EVENT_BADGE_CLOSED);
    EXPECT(KnHandleClose(object), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, 2, EVENT_OBJECT_DESTROYED);
    EXPECT(KnHandleClose(badge), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, 1, EVENT_OBJECT_DESTROYED);
    EXPECT(get(notice), rcTimeout);
}

static void try_revoking(void)
{
    Notice notice = new_notice();
    Handle object = make(ALL);
    Handle badge = INVALID_HANDLE;

    EXPECT(KnHandleCreateBadge(notice, 1, NULL, &badge), rcOk);
    Handle tied = copied(object, badge);
    Handle beside = copied(object, INVALID_HANDLE);
    EXPECT(KnNoticeSubscribeToObject(notice, tied, ONE, 2), rcOk);
    EXPECT(KnNoticeSubscribeToObject(notice, beside, ONE | EVENT_OBJECT_DESTROYED, 3), rcOk);
    EXPECT(KnHandleRevokeSubtree(object, badge), rcOk);
    expect_event(notice, 0, 1, EVENT_BADGE_CLOSED);
    expect_event(notice, 0, 2, EVENT_HANDLE_REVOKED);
    EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
    expect_event(notice, 0, 3, ONE);
    EXPECT(KnHandleRevoke(object), rcOk);
    expect_event(notice, 0, 3, EVENT_HANDLE_REVOKED | EVENT_OBJECT_DESTROYED);
    EXPECT(get(notice), rcTimeout);
}

/* Both ends of a channel, and what is dead before somebody subscribes. */
static void try_channel(void)
{
    Notice notice = new_notice();
    Handle listener;
    Handle server;
    Handle client;
    Handle second;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
    EXPECT(KnHandleConnect(listener, &listener, &server, &second), rcOk);
    EXPECT(KnNoticeSubscribeToObject(notice, listener, EVENT_PEER_CLOSED, 1), rcOk);
    EXPECT(KnNoticeSubscribeToObject(notice, second, ENDS | EVENT_OBJECT_DESTROYED, 2), rcOk);
    EXPECT(KnNoticeSetObjectEvent(client, ONE), rcSecurityDisallow);
    EXPECT(KnHandleClose(client), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, 1, EVENT_PEER_CLOSED); /* the broker hears of it later */
    EXPECT(KnHandleClose(listener), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, 2, EVENT_PEER_CLOSED);
    EXPECT(KnNoticeSubscribeToObject(notice, second, ENDS, 3), rcOk);
    expect_event(notice, 0, 3, EVENT_PEER_CLOSED);
    EXPECT(KnHandleClose(second), rcOk);
    expect_event(notice, INFINITE_TIMEOUT, 2, EVENT_OBJECT_DESTROYED);
    EXPECT(get(notice), rcTimeout);
}

static void try_quotas(void)
{
    Notice notices[NOTICES_MAX];
    Notice one_more = NULL;
    Handle object = make(ALL);

    for (int round = 0; round < 2; round++) { /* what is given back can be had again */
        for (int i = 0; i < NOTICES_MAX; i++) {
            notices[i] = new_notice();
        }
        EXPECT(KnNoticeCreate(&one_more), rcQuotaExceeded);
        for (unsigned i = 0; i < SUBSCRIPTIONS_MAX; i++) {
            EXPECT(KnNoticeSubscribeToObject(notices[i % NOTICES_MAX], object, ONE, i), rcOk);
        }
        EXPECT(KnNoticeSubscribeToObject(notices[0], object, ONE, 1), rcQuotaExceeded);
        EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
        for (int i = 0; i < NOTICES_MAX; i++) {
            EXPECT(get(notices[i]), rcOk);
            EXPECT(KnNoticeRelease(notices[i]), rcOk);
        }
    }
}

static void ignore(int number)
{
    (void)number;
}

/* A wait does not end before its time, whatever signals come. */
static void try_timeouts(void)
{
    Notice notice = new_notice();

    const struct sigaction act = {.sa_handler = ignore};
    const struct itimerval often = {.it_interval.tv_usec = 5000, .it_value.tv_usec = 5000};

    EXPECT(get(notice), rcTimeout);
    EXPECT(sigaction(SIGALRM, &act, NULL), 0);
    EXPECT(setitimer(ITIMER_REAL, &often, NULL), 0);
    rtl_size_t start = KnGetMSecSinceStart();
    EXPECT(get_within(notice, SHORT_MS), rcTimeout);
    EXPECT(KnGetMSecSinceStart() - start >= SHORT_MS - 1, true);
}

/* A descriptor in somebody's own event loop. */
static void try_polling(void)
{
    Notice notice = new_notice();
    Handle object = make(ALL);
    struct pollfd pollfd = {.fd = capchan_notice_fd(notice), .events = POLLIN};

    EXPECT(KnNoticeSubscribeToObject(notice, object, ONE, 1), rcOk);
    EXPECT(KnNoticeSubscribeToObject(notice, object, ONE, 2), rcOk);
    for (int round = 0; round < 2; round++) {
        EventDesc event;
        rtl_size_t n;
        EXPECT(poll(&pollfd, 1, 0), 0);
        EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
        for (int i = 0; i < 2; i++) {
            EXPECT(poll(&pollfd, 1, 0), 1);
            EXPECT(pollfd.revents, POLLIN);
            EXPECT(KnNoticeGetEvent(notice, 0, 1, &event, &n), rcOk);
        }
    }
    EXPECT(KnNoticeDropAndWake(notice), rcOk);
    EXPECT(poll(&pollfd, 1, 0), 1);
}

/* Threads that wait with one notice. @n_waiting: are about to */
static struct {
    Notice notice;
    atomic_int n_waiting;
} crowd;

static void *wait_for_nothing(void *unused)
{
    atomic_fetch_add(&crowd.n_waiting, 1);
    EXPECT(get_within(crowd.notice, INFINITE_TIMEOUT), rcResourceNotFound);
    return unused;
}

/* gather() - until all wait, or all but */
static void gather(pthread_t threads[N_THREADS])
{
    crowd.notice = new_notice();
    atomic_store(&crowd.n_waiting, 0);
    for (int i = 0; i < N_THREADS; i++) {
        EXPECT(pthread_create(&threads[i], NULL, wait_for_nothing, NULL), 0);
    }
    while (atomic_load(&crowd.n_waiting) < N_THREADS) {
        do_pause("1");
    }
    do_pause("20");
}

static void disperse(pthread_t threads[N_THREADS])
{
    for (int i = 0; i < N_THREADS; i++) {
        EXPECT(pthread_join(threads[i], NULL), 0);
    }
}

static void try_dropping(void)
{
    pthread_t threads[N_THREADS];
    Handle object = make(ALL);

    gather(threads);
    EXPECT(KnNoticeDropAndWake(crowd.notice), rcOk);
    disperse(threads);
    EXPECT(get(crowd.notice), rcResourceNotFound);
    EXPECT(KnNoticeSubscribeToObject(crowd.notice, object, ONE, 0), rcResourceNotFound);
    EXPECT(KnNoticeDropAndWake(crowd.notice), rcOk);
    EXPECT(KnNoticeRelease(crowd.notice), rcOk);
    EXPECT(KnNoticeRelease(crowd.notice), rcInvalidArgument);
    gather(threads);
    EXPECT(KnNoticeRelease(crowd.notice), rcOk);
    disperse(threads);
}

/* What the threads of try_race() share. @heard: by any of those who wait, of each object */
static struct {
    Notice notice;
    Handle objects[N_RACERS];
    atomic_int heard[N_RACERS];
} race;

static void *race_to_hear(void *unused)
{
    EventDesc events[2];
    rtl_size_t n;

    while (KnNoticeGetEvent(race.notice, INFINITE_TIMEOUT, 2, events, &n) == rcOk) {
        for (rtl_size_t i = 0; i < n; i++) {
            EXPECT(events[i].eventMask, ONE);
            atomic_fetch_add(&race.heard[events[i].eventId], 1);
        }
    }
    return unused;
}

static void *race_to_tell(void *argument)
{
    atomic_int *heard = argument;

    for (int i = 1; i <= RACE_ROUNDS; i++) {
        EXPECT(KnNoticeSetObjectEvent(race.objects[heard - race.heard], ONE), rcOk);
        while (atomic_load(heard) < i) {
            sched_yield();
        }
    }
    return NULL;
}

/* Each event is heard once, whoever waits, and nobody sleeps through one. */
static void try_race(void)
{
    pthread_t hearers[N_RACERS];
    pthread_t tellers[N_RACERS];

    race.notice = new_notice();
    for (unsigned i = 0; i < N_RACERS; i++) {
        race.objects[i] = make(ALL);
        EXPECT(KnNoticeSubscribeToObject(race.notice, race.objects[i], ONE, i), rcOk);
        EXPECT(pthread_create(&hearers[i], NULL, race_to_hear, NULL), 0);
    }
    for (int i = 0; i < N_RACERS; i++) {
        EXPECT(pthread_create(&tellers[i], NULL, race_to_tell, &race.heard[i]), 0);
    }
    for (int i = 0; i < N_RACERS; i++) {
        EXPECT(pthread_join(tellers[i], NULL), 0);
        EXPECT(race.heard[i], RACE_ROUNDS);
    }
    EXPECT(KnNoticeDropAndWake(race.notice), rcOk);
    for (int i = 0; i < N_RACERS; i++) {
        EXPECT(pthread_join(hearers[i], NULL), 0);
    }
}

/* A child has none of its parent's notices. */
static void try_forking(void)
{
    Notice notice = new_notice();
    Handle object = make(ALL);
    Notice unused;
    int status;

    EXPECT(KnNoticeSubscribeToObject(notice, object, ONE, 0), rcOk);
    pid_t child = fork();
    if (child == 0) {
        EXPECT(get(notice), rcInvalidArgument);
        EXPECT(KnNoticeRelease(notice), rcInvalidArgument);
        EXPECT(KnNoticeCreate(&unused), rcNotReady);
        EXPECT(KnNoticeSetObjectEvent(object, ONE), rcNotReady);
        exit(failed);
    }
    EXPECT(waitpid(child, &status, 0), child);
    EXPECT(status, 0);
    EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
    expect_event(notice, 0, 0, ONE);
}

/* Serves nobody, and is killed sooner or later. */
static void try_server(void)
{
    EXPECT(ServiceLocatorRegister("link", NULL, 0, NULL) != INVALID_HANDLE, true);
    printf("pid %d.\n", (int)getpid());
    do_sleep(NULL);
}

static void try_client(void)
{
    Handle client = ServiceLocatorConnect("link");

    EXPECT(client != INVALID_HANDLE, true);
    printf("pid %d.\n", (int)getpid());
    do_sleep(NULL);
}

static void try_watching_the_server(void)
{
    Notice notice = new_notice();
    Handle client = ServiceLocatorConnect("link");

    EXPECT(KnNoticeSubscribeToObject(notice, client, ENDS, 1), rcOk);
    EXPECT(get(notice), rcTimeout);
    printf("watching\n");
    expect_event(notice, INFINITE_TIMEOUT, 1, ENDS);
    EXPECT(KnNoticeSubscribeToObject(notice, client, ENDS, 2), rcOk);
    expect_event(notice, 0, 2, ENDS);
    EXPECT(get(notice), rcTimeout);
}

static void try_watching_the_clients(void)
{
    Notice notice = new_notice();
    Handle listener = ServiceLocatorRegister("link", NULL, 0, NULL);

    EXPECT(KnNoticeSubscribeToObject(notice, listener, ENDS, 1), rcOk);
    printf("watching\n");
    expect_event(notice, INFINITE_TIMEOUT, 1, ENDS);
    EXPECT(get(notice), rcTimeout);
}

/* The end of the broker, which says so itself. */
static void try_surviving(void)
{
    Notice notice = new_notice();
    Handle object = make(ALL);

    (void)prctl(PR_SET_PDEATHSIG, 0);
    EXPECT(KnNoticeSubscribeToObject(notice, object, ONE, 1), rcOk);
    printf("waiting\n");
    EXPECT(get_within(notice, INFINITE_TIMEOUT), rcNotReady);
    EXPECT(KnNoticeSubscribeToObject(notice, object, ONE, 1), rcNotReady);
    EXPECT(KnNoticeSetObjectEvent(object, ONE), rcNotReady);
    EXPECT(KnNoticeDropAndWake(notice), rcNotReady);
    EXPECT(KnNoticeRelease(notice), rcOk);
    EXPECT(KnNoticeCreate(&notice), rcNotReady);
    if (!failed) {
        do_mark(mark);
    }
}

static void churn(int n_rounds)
{
    for (int i = 0; i < n_rounds; i++) {
        Notice notice = new_notice();
        Handle object = make(ALL);
        Handle badge = INVALID_HANDLE;
        EXPECT(KnHandleCreateBadge(notice, 1, NULL, &badge), rcOk);
        Handle copy = copied(object, badge);
        EXPECT(KnNoticeSubscribeToObject(notice, copy, ONE, 2), rcOk);
        EXPECT(KnNoticeSetObjectEvent(object, ONE), rcOk);
        EXPECT(get(notice), rcOk);
        EXPECT(KnHandleRevoke(object), rcOk);
        EXPECT(KnHandleClose(copy), rcOk);
        if (i % 2 == 0) {
            EXPECT(KnNoticeDropAndWake(notice), rcOk);
        }
        EXPECT(KnNoticeRelease(notice), rcOk);
        EXPECT(KnHandleClose(badge), rcOk);
    }
}

static void try_churning(void)
{
    churn_when_told(churn, CHURN_ROUNDS);
}

static const struct trial trials[] = {
    {"arguments", try_arguments},
    {"merging", try_merging},
    {"many", try_many},
    {"ends", try_ends},
    {"revoking", try_revoking},
    {"channel", try_channel},
    {"quotas", try_quotas},
    {"timeouts", try_timeouts},
    {"polling", try_polling},
    {"dropping", try_dropping},
    {"race", try_race},
    {"forking", try_forking},
    {"server", try_server},
    {"client", try_client},
    {"watching-the-server", try_watching_the_server},
    {"watching-the-clients", try_watching_the_clients},
    {"surviving", try_surviving},
    {"churning", try_churning},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    mark = argc == 3 ? argv[2] : NULL;
    return try_one(trials, sizeof(trials) / sizeof(trials[0]), argc >= 2 ? argv[1] : NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_hostile_server [--rounds N] [--seed S]: N calls of the real client to a server that
 * answers with whatever comes to its mind, in the memory and over the socket, while a thread of it
 * rewrites all of that memory. Each call must end, with any result.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/futex.h"
#include "core/session_wire.h"
#include "core/shared_server.h"
#include "tests/stress/parcel.h"
#include "tests/support/channels.h"
#include "tests/support/chaos.h"
#include "tests/support/progress.h"
#include "tests/support/rewriter.h"

#define LIFE_NS INT64_C(200000000)
#define IDLE_NS INT64_C(4000000) /* longer than calls whose time is limited last */
#define TURNS_PER_POLL 64
#define THREADS (SHARED_SLOTS + 1) /* one has to take the socket */
#define LOOK_US 10000
#define PATIENCE_LOOKS 1000
#define REPORT_NS INT64_C(10000000000)

enum outcome {
    RIGHT,
    DIFFERENT,
    NOT_CONNECTED,
    BAD_MESSAGE,
    OTHER,
    _OUTCOME_N
};

/* Shared by all processes. */
struct table {
    _Atomic uint64_t n_calls;
    _Atomic uint64_t n_channels;
    _Atomic uint64_t n_outcomes[_OUTCOME_N];
};

static struct table *table;

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The hostile server */

/* One channel of it. */
struct attack {
    struct random_source random;
    int socket;
    struct shared_server half;
    struct rewriter rewriter;
    uint32_t last[SHARED_SLOTS];
    int64_t busy_ns; /* when there was a request */
};

/* send_anything() - as the answer to @call */
static void send_anything(struct attack *attack, uint32_t call, int passed)
{
    struct random_source *random = &attack->random;
    uint8_t body[128] = {0};
    struct frame_head head = rewriter_head(random);
    struct iovec parts[2] = {{&head, sizeof(head)}, {body, chaos_below(random, sizeof(body))}};

    head.magic = FRAME_MAGIC;
    head.call = call;
    switch (chaos_below(random, 4)) {
    case 0: /* a status */
        head = (struct frame_head){.magic = FRAME_MAGIC,
                                   .call = call,
                                   .flags = FRAME_REPLY | FRAME_STATUS,
                                   .status = head.status};
        parts[1].iov_len = 0;
        break;
    case 1: /* a body that is none, of the right length */
        head.flags = FRAME_REPLY;
        head.n_pointers = head.arena_bytes = head.n_handles = 0;
        head.body_bytes = (uint32_t)parts[1].iov_len;
        *(uint64_t *)(void *)body = random_next(random);
        break;
    case 2: /* a reply without a body */
        head = (struct frame_head){.magic = FRAME_MAGIC, .call = call, .flags = FRAME_REPLY};
        parts[1].iov_len = 0;
        break;
    default: /* all that there is */
        break;
    }
    (void)fd_send(attack->socket, parts, 2, passed, MSG_DONTWAIT);
}

/* answer_offer() - mostly as a server should */
static void answer_offer(struct attack *attack, int memfd)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = SHARED_OFFER_NUMBER, .flags = FRAME_REPLY | FRAME_OFFER};
    struct iovec part = {&head, sizeof(head)};

    if (attack->half.memory != NULL || shared_server_accept(&attack->half, memfd) != 0) {
        return;
    }
    rewriter_start(&attack->rewriter, attack->half.memory, random_next(&attack->random));
    if (chaos_below(&attack->random, 20) == 0) {
        send_anything(attack, SHARED_OFFER_NUMBER, memfd);
    } else {
        (void)fd_send(attack->socket, &part, 1, attack->half.bell, MSG_DONTWAIT);
    }
}

/* take_datagrams() - Return: false: the client is gone. */
static bool take_datagrams(struct attack *attack)
{
    uint8_t bytes[4096];
    struct frame_head head;
    struct fd_list fds;
    size_t size;

    int r = fd_receive(attack->socket, bytes, sizeof(bytes), MSG_DONTWAIT, &size, &fds);
    if (r == -EAGAIN) {
        return true;
    }
    if (r != 0 || size < sizeof(head)) {
        return false;
    }
    memcpy(&head, bytes, sizeof(head));
    if (head.flags == FRAME_OFFER && fds.n_fds == 1) {
        answer_offer(attack, fds.fds[0]);
    } else {
        send_anything(attack, head.call, fds.n_fds > 0 ? fds.fds[0] : -1);
    }
    fd_list_deinit(&fds);
    return true;
}

/* answer_slot() - a request, if there is a new one, with anything. Return: whether there was. */
static bool answer_slot(struct attack *attack, unsigned i)
{
    struct random_source *random = &attack->random;
    struct shared_slot *slot = &attack->half.memory->slots[i];
    uint32_t sequence = atomic_load_explicit(&slot->request.sequence, memory_order_acquire);
    struct frame_head head = rewriter_head(random);

    if (sequence == attack->last[i]) {
        return false;
    }
    attack->last[i] = sequence;
    attack->busy_ns = now_ns();
    head.flags |= chaos_below(random, 8) != 0 ? FRAME_REPLY : 0;
    shared_line_write(&slot->reply, &head);
    if ((head.flags & FRAME_ELSEWHERE) != 0) {
        send_anything(attack, shared_elsewhere(sequence, i), -1);
    }
    if (chaos_below(random, 5000) == 0) {
        sequence += chaos_below(random, 3) - 1;
    }
    atomic_store_explicit(&slot->reply.sequence, sequence, memory_order_release);
    futex_wake(&slot->reply.sequence);
    return true;
}

/* answer_slots() - all of them, or let the rewriter go on, which is on this CPU */
static void answer_slots(struct attack *attack)
{
    bool has_any = false;

    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        has_any = answer_slot(attack, i) || has_any;
    }
    if (!has_any) {
        sched_yield();
    }
}

/* attack_channel() - for a while, until callers wait in vain; then hang up, with or without a word
 */
static void attack_channel(int end, uint64_t seed)
{
    struct attack attack = {.random.state = seed, .socket = end, .half = SHARED_SERVER_NULL};
    int64_t start_ns = now_ns();
    bool is_there = true;

    attack.busy_ns = start_ns;
    for (unsigned turn = 0; is_there; turn++) {
        if (attack.half.memory != NULL) {
            answer_slots(&attack);
        }
        if (attack.half.memory == NULL || turn % TURNS_PER_POLL == 0) {
            int64_t now = now_ns();
            is_there = take_datagrams(&attack) && now - start_ns < LIFE_NS &&
                       now - attack.busy_ns < IDLE_NS;
        }
    }
    if (attack.half.memory != NULL) {
        rewriter_end(&attack.rewriter);
        if (chaos_below(&attack.random, 64) != 0) {
            shared_server_close(&attack.half);
        }
    }
    shared_server_deinit(&attack.half);
    fd_close(end);
}

/* be_server() - on one CPU, so that there is one left for the client */
static void be_server(int inbox, uint64_t seed)
{
    struct random_source random = {.state = seed};
    struct session_inbox_post post;
    struct fd_list fds;
    size_t size;

    chaos_stay();
    while (fd_receive(inbox, &post, sizeof(post), 0, &size, &fds) == 0 && size > 0) {
        int end = fd_list_take(&fds);
        if (end >= 0) {
            attack_channel(end, random_next(&random));
        }
        fd_list_deinit(&fds);
    }
    exit(EXIT_SUCCESS);
}

/* The client */

static enum outcome outcome_of(int r)
{
    switch (r) {
    case 0:
        return RIGHT;
    case PARCEL_DIFFERENT:
        return DIFFERENT;
    case ERROR_NOT_CONNECTED:
        return NOT_CONNECTED;
    case ERROR_BAD_MESSAGE:
        return BAD_MESSAGE;
    default:
        return OTHER;
    }
}

static void *call_until_over(void *client)
{
    struct random_source random = {.state = (uintptr_t)now_ns()};
    struct parcel_room room;
    int r = 0;

    parcel_room_init(&room);
    while (r != ERROR_NOT_CONNECTED) {
        struct parcel parcel = {.bytes = 16 + chaos_below(&random, 60), .reply_bytes = 16};
        if (chaos_below(&random, 50) == 0) {
            parcel.bytes = 16 + chaos_below(&random, 9000);
        } else if (chaos_below(&random, 4) == 0) {
            parcel = (struct parcel){0};
        }
        struct until until;
        (void)until_init(&until, chaos_below(&random, 3), INVALID_HANDLE);
        r = parcel_call_until(&room, client, &parcel, chaos_below(&random, 2) == 0 ? &until : NULL);
        until_deinit(&until);
        table->n_outcomes[outcome_of(r)]++;
        table->n_calls++;
    }
    parcel_room_deinit(&room);
    return NULL;
}

/* be_client() - channel after channel */
static void be_client(int inbox, uint64_t rounds)
{
    pthread_t threads[THREADS];

    while (table->n_calls < rounds) {
        struct client *client = channel_client(channel_open(inbox));
        table->n_channels++;
        for (unsigned i = 0; i < THREADS; i++) {
            pthread_create(&threads[i], NULL, call_until_over, client);
        }
        for (unsigned i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
        }
        object_unref((struct object *)client);
    }
    exit(EXIT_SUCCESS);
}

/* The one that watches */

static void report(uint64_t rounds, int64_t start_ns)
{
    printf("%ju of %ju calls, %.0f per second, over %ju channels: %ju right replies, %ju others,"
           " %ju not connected, %ju bad messages, %ju other errors\n",
           (uintmax_t)table->n_calls, (uintmax_t)rounds,
           (double)table->n_calls * 1e9 / (double)(now_ns() - start_ns),
           (uintmax_t)table->n_channels, (uintmax_t)table->n_outcomes[RIGHT],
           (uintmax_t)table->n_outcomes[DIFFERENT], (uintmax_t)table->n_outcomes[NOT_CONNECTED],
           (uintmax_t)table->n_outcomes[BAD_MESSAGE], (uintmax_t)table->n_outcomes[OTHER]);
    fflush(stdout);
}

/* await() - the client's end, which must make progress until then. Return: the exit status. */
static int await(pid_t client, pid_t server, uint64_t rounds)
{
    int64_t start_ns = now_ns();
    int64_t reported_ns = start_ns;
    struct progress progress = {0};
    int status;

    while (waitpid(client, &status, WNOHANG) == 0) {
        usleep(LOOK_US);
        if (progress_is_stuck(&progress, table->n_calls, PATIENCE_LOOKS)) {
            printf("a call does not end\n");
            channel_slots_print(client);
            kill(client, SIGKILL);
        }
        if (now_ns() - reported_ns > REPORT_NS) {
            reported_ns = now_ns();
            report(rounds, start_ns);
        }
    }
    report(rounds, start_ns);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    if (status != 0) {
        printf("the client ended with %#x\n", (unsigned)status);
    }
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run(uint64_t rounds)
{
    int inboxes[2];
    uint64_t seed = random_seed();

    if (fd_pair(inboxes) != 0) {
        return EXIT_FAILURE;
    }
    pid_t server = channel_fork();
    if (server == 0) {
        fd_close(inboxes[0]);
        be_server(inboxes[1], seed);
    }
    fd_close(inboxes[1]);
    pid_t client = channel_fork();
    if (client == 0) {
        be_client(inboxes[0], rounds);
    }
    fd_close(inboxes[0]);
    return await(client, server, rounds);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"rounds", required_argument, NULL, 'r'}, {"seed", required_argument, NULL, 's'}, {0}};
    uint64_t rounds = 1000000;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'r') {
            rounds = strtoull(optarg, NULL, 0);
        } else if (c == 's') {
            setenv("CAPCHAN_SEED", optarg, 1);
        } else {
            return EXIT_FAILURE;
        }
    }
    table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return table == MAP_FAILED ? EXIT_FAILURE : run(rounds);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_hostile_client [--rounds N] [--seed S]: a listener one of whose clients publishes
 * malformed requests in its memory, until N were answered, while a thread of it rewrites all of
 * that memory and its bell rings without end. The server must go on, and another client must be
 * answered every time; how long that took is printed, for calls in a row and for the first ones
 * after a rest, compared with quiet times, and with others that take as many CPUs.
 */
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/control.h"
#include "core/fd.h"
#include "core/shared_client.h"
#include "tests/stress/parcel.h"
#include "tests/support/channels.h"
#include "tests/support/chaos.h"
#include "tests/support/progress.h"
#include "tests/support/rewriter.h"

#define SEQUENCE_FIRST UINT32_C(0xfffffff0)
#define LIFE_ROUNDS 50000
#define LOOKS_MAX 5000
#define LOOKS_PER_YIELD 50
#define ROUNDS_PER_POLL 256
#define CALLS_IN_A_ROW 64
#define REST_US 100
#define SAMPLES_MAX (1u << 18)
#define PATIENCE_LOOKS 10000 /* of a millisecond */
#define REPORT_NS INT64_C(10000000000)

enum phase {
    QUIET,
    STRANGERS,
    HONEST,
    FLOOD,
    _PHASE_N,
};

static const char *const phase_names[] = {"quiet", "beside strangers", "beside a busy client",
                                          "flooded"};

/* Which calls of the other client: what a call takes after a rest is mostly waking up. */
enum series {
    IN_A_ROW,
    AFTER_A_REST,
    _SERIES_N,
};

/* @n: of all; the last ones of them are kept */
struct samples {
    _Atomic uint64_t n;
    uint32_t ns[SAMPLES_MAX];
};

/* Shared by all processes. */
struct table {
    _Atomic uint64_t n_requests;
    _Atomic uint64_t n_rounds; /* requests that were answered */
    _Atomic uint64_t n_cut;
    _Atomic unsigned phase;
    struct samples samples[_PHASE_N][_SERIES_N];
};

static struct table *table;

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The server */

static void be_server(int inbox)
{
    struct listener *listener;
    pthread_t thread;

    if (listener_new(inbox, control_word(0), &listener) != 0) {
        exit(EXIT_FAILURE);
    }
    channel_hold_end();
    pthread_create(&thread, NULL, parcel_serve, listener);
    channel_await_end();
    listener_class.shut((struct object *)listener);
    pthread_join(thread, NULL);
    object_unref((struct object *)listener);
    exit(EXIT_SUCCESS);
}

static void note(struct samples *samples, int64_t ns)
{
    samples->ns[samples->n % SAMPLES_MAX] = ns < UINT32_MAX ? (uint32_t)ns : UINT32_MAX;
    samples->n++;
}

/* The client that must not suffer: makes some calls in a row, always as many, and then a rest in
 * which the server has time for the hostile one. */
static void be_neighbour(int end)
{
    struct client *client = channel_client(end);
    struct parcel_room room;

    parcel_room_init(&room);
    for (uint32_t i = 0;; i++) {
        struct parcel parcel = {.number = i, .bytes = 24, .reply_bytes = 24};
        struct samples *samples = table->samples[table->phase];
        bool is_first = i % CALLS_IN_A_ROW == 0;
        if (is_first) {
            usleep(REST_US);
        }
        int64_t start_ns = now_ns();
        int r = parcel_call(&room, client, &parcel);
        int64_t ns = now_ns() - start_ns;
        if (r != 0) {
            printf("another client's call %u: error %d\n", i, r);
            exit(EXIT_FAILURE);
        }
        note(&samples[is_first ? AFTER_A_REST : IN_A_ROW], ns);
    }
}

/* Who takes CPU time in other ways, on one CPU: it is the listener that must be fair, and not the
 * scheduler */

static void *spin(void *unused)
{
    for (volatile unsigned n = 0;; n++) {
    }
    return unused;
}

/* be_stranger() - two threads that have nothing to do with us */
static void be_stranger(int unused)
{
    pthread_t thread;

    (void)unused;
    pthread_create(&thread, NULL, spin, NULL);
    spin(NULL);
}

/* random_parcel() - what the hostile client asks for where it is honest */
static struct parcel random_parcel(struct random_source *random)
{
    struct parcel parcel = {.bytes = 16 + chaos_below(random, 64), .reply_bytes = 16};

    if (chaos_below(random, 4) == 0) {
        parcel.bytes = 16 + chaos_below(random, 7800);
        parcel.reply_bytes = 16 + chaos_below(random, 12000);
    }
    return parcel;
}

static void *call_for_ever(void *client)
{
    struct random_source random = {.state = 1};
    struct parcel_room room;

    parcel_room_init(&room);
    for (;;) {
        struct parcel parcel = random_parcel(&random);
        (void)parcel_call(&room, client, &parcel);
    }
    return NULL;
}

/* be_busy() - two threads that call all the time */
static void be_busy(int end)
{
    struct client *client = channel_client(end);
    pthread_t thread;

    pthread_create(&thread, NULL, call_for_ever, client);
    call_for_ever(client);
}

/* The hostile client */

/* @bell: of the server */
struct attack {
    struct random_source random;
    int socket;
    int bell;
    struct shared *memory;
    uint32_t sequences[SHARED_SLOTS];
    uint32_t replies[SHARED_SLOTS]; /* as they were last seen */
    struct parcel_room room;
};

/* attack_begin() - offer memory as a client does. Return: false: there is no server any more. */
static bool attack_begin(struct attack *attack, int end, struct shared_client *half)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = SHARED_OFFER_NUMBER, .flags = FRAME_OFFER};
    struct iovec part = {&head, sizeof(head)};
    struct fd_list fds;
    size_t size;

    shared_client_init(half, 0);
    int memfd = shared_client_offer(half);
    if (memfd < 0 || fd_send(end, &part, 1, memfd, 0) != 0 ||
        fd_receive(end, &head, sizeof(head), 0, &size, &fds) != 0) {
        return false;
    }
    attack->socket = end;
    attack->bell = fd_list_take(&fds);
    attack->memory = half->memory;
    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        attack->sequences[i] = SEQUENCE_FIRST;
    }
    parcel_room_init(&attack->room);
    return attack->bell >= 0;
}

/* write_request() - a proper one, one with a few other bytes, or anything */
static void write_request(struct attack *attack, struct shared_slot *slot)
{
    struct random_source *random = &attack->random;
    struct parcel parcel = random_parcel(random);
    struct frame_head head = rewriter_head(random);
    struct parcel_request request;
    struct encoded encoded;

    if (chaos_below(random, 2) == 0) {
        nk_mid_t mid = parcel_encode(&attack->room, &parcel, &request, &encoded);
        bool is_small = frame_payload_bytes(&encoded.head) <= SHARED_INLINE_BYTES;
        head = encoded.head;
        head.mid = mid;
        encoded_pack(&encoded, is_small ? slot->request.bytes : slot->payload);
        pool_deinit(&request.pool);
    }
    if (chaos_below(random, 4) == 0) {
        head.body_bytes += chaos_below(random, 5) - 2;
        slot->payload[chaos_below(random, 64)] ^= (uint8_t)random_next(random);
    }
    shared_line_write(&slot->request, &head);
}

/* drain() - take replies that took the socket: who does not is cut off, and can attack no more */
static void drain(int socket)
{
    char bytes[2048];

    while (recv(socket, bytes, sizeof(bytes), MSG_DONTWAIT) > 0) {
    }
}

/* count_reply() - whether the server has been in a slot since the last look */
static bool count_reply(struct attack *attack, unsigned i)
{
    uint32_t sequence = atomic_load(&attack->memory->slots[i].reply.sequence);

    if (sequence == attack->replies[i]) {
        return false;
    }
    attack->replies[i] = sequence;
    table->n_rounds++;
    return true;
}

/* publish() - a request in a slot */
static void publish(struct attack *attack, unsigned i)
{
    struct shared_slot *slot = &attack->memory->slots[i];

    (void)count_reply(attack, i);
    write_request(attack, slot);
    atomic_store_explicit(&slot->request.sequence, ++attack->sequences[i], memory_order_release);
    atomic_fetch_add(&attack->memory->others, 1);
    table->n_requests++;
}

/* attack_once() - publish requests, in one slot, some or all, and wait for a moment */
static void attack_once(struct attack *attack)
{
    struct random_source *random = &attack->random;
    unsigned first = chaos_below(random, 2) == 0 ? 0 : chaos_below(random, SHARED_SLOTS);
    unsigned n_slots = chaos_below(random, 2) == 0 ? 1 : 1 + chaos_below(random, SHARED_SLOTS);
    unsigned n_looks = chaos_below(random, 4) == 0 ? 0 : LOOKS_MAX;
    unsigned last = (first + n_slots - 1) % SHARED_SLOTS;

    for (unsigned n = 0; n < n_slots; n++) {
        publish(attack, (first + n) % SHARED_SLOTS);
    }
    (void)eventfd_write(attack->bell, 1);
    for (unsigned n = 0; n < n_looks && !count_reply(attack, last); n++) {
        if (n % LOOKS_PER_YIELD == 0) {
            sched_yield(); /* to the rewriter, which is on this CPU */
        }
    }
    for (unsigned n = 0; n + 1 < n_slots; n++) {
        (void)count_reply(attack, (first + n) % SHARED_SLOTS);
    }
}

/* be_hostile() - until it was cut off, or has lived long enough */
static void be_hostile(int end, uint64_t seed)
{
    struct attack attack = {.random.state = seed};
    struct rewriter rewriter;
    struct shared_client half;
    struct pollfd socket = {.fd = end};

    chaos_stay();
    if (!attack_begin(&attack, end, &half)) {
        exit(EXIT_FAILURE);
    }
    (void)fcntl(attack.bell, F_SETFL, O_NONBLOCK);
    rewriter_start(&rewriter, attack.memory, seed + 1);
    for (unsigned i = 0; i < LIFE_ROUNDS; i++) {
        attack_once(&attack);
        drain(end);
        if (i % ROUNDS_PER_POLL == 0 && poll(&socket, 1, 0) > 0 &&
            (socket.revents & POLLHUP) != 0) {
            table->n_cut++;
            break;
        }
    }
    rewriter_end(&rewriter);
    parcel_room_deinit(&attack.room);
    fd_close(attack.bell);
    shared_client_deinit(&half);
    exit(EXIT_SUCCESS);
}

/* The one that watches */

struct scene {
    int inbox;
    pid_t server;
    pid_t neighbour;
    struct random_source random;
};

static void start(struct scene *scene)
{
    int inboxes[2];

    if (fd_pair(inboxes) != 0) {
        exit(EXIT_FAILURE);
    }
    scene->server = channel_fork();
    if (scene->server == 0) {
        fd_close(inboxes[0]);
        be_server(inboxes[1]);
    }
    fd_close(inboxes[1]);
    scene->inbox = inboxes[0];
    int end = channel_open(scene->inbox);
    scene->neighbour = channel_fork();
    if (scene->neighbour == 0) {
        fd_close(scene->inbox);
        be_neighbour(end);
    }
    fd_close(end);
}

/* check() - both must be there, and the neighbour must make progress */
static void check(struct scene *scene)
{
    static struct progress progress;
    uint64_t n = 0;
    int status;

    for (unsigned i = 0; i < _PHASE_N; i++) {
        n += table->samples[i][AFTER_A_REST].n;
    }
    bool is_stuck = progress_is_stuck(&progress, n, PATIENCE_LOOKS);
    if (is_stuck || waitpid(scene->server, &status, WNOHANG) != 0 ||
        waitpid(scene->neighbour, &status, WNOHANG) != 0) {
        printf(is_stuck ? "another client is not answered\n" : "the server or its client ended\n");
        channel_slots_print(scene->neighbour);
        exit(EXIT_FAILURE);
    }
}

static void spend(struct scene *scene, enum phase phase, unsigned ms)
{
    table->phase = phase;
    for (unsigned i = 0; i < ms; i++) {
        usleep(1000);
        check(scene);
    }
}

/* spend_beside() - somebody who takes as many CPUs as the hostile client will */
static void spend_beside(struct scene *scene, enum phase phase, void (*be)(int end), unsigned ms)
{
    int end = channel_open(scene->inbox);
    pid_t pid = channel_fork();

    if (pid == 0) {
        fd_close(scene->inbox);
        chaos_stay();
        be(end);
    }
    fd_close(end);
    spend(scene, phase, ms);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* attack() - let one hostile client live */
static void attack(struct scene *scene)
{
    int end = channel_open(scene->inbox);
    uint64_t seed = random_next(&scene->random);
    pid_t hostile = channel_fork();
    int status;

    if (hostile == 0) {
        fd_close(scene->inbox);
        be_hostile(end, seed);
    }
    fd_close(end);
    while (waitpid(hostile, &status, WNOHANG) == 0) {
        usleep(1000);
        check(scene);
    }
    if (status != 0) {
        printf("the hostile client ended with %#x\n", (unsigned)status);
        exit(EXIT_FAILURE);
    }
}

static void flood(struct scene *scene, uint64_t rounds)
{
    int64_t start_ns = now_ns();
    int64_t reported_ns = start_ns;

    table->phase = FLOOD;
    while (table->n_rounds < rounds) {
        attack(scene);
        if (now_ns() - reported_ns > REPORT_NS) {
            reported_ns = now_ns();
            printf("%ju of %ju requests answered, %.0f per second\n", (uintmax_t)table->n_rounds,
                   (uintmax_t)rounds,
                   (double)table->n_rounds * 1e9 / (double)(reported_ns - start_ns));
            fflush(stdout);
        }
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* sort() - Return: how many of @samples were kept. */
static size_t sort(struct samples *samples)
{
    size_t n = samples->n < SAMPLES_MAX ? samples->n : SAMPLES_MAX;

    qsort(samples->ns, n, sizeof(uint32_t), compare);
    return n;
}

/* report() - each phase, and its p99 as a multiple of the others' */
static void report(enum series series, const char *name)
{
    double p99_us[_PHASE_N];

    printf("another client's calls %s:\n", name);
    for (unsigned i = 0; i < _PHASE_N; i++) {
        struct samples *samples = &table->samples[i][series];
        size_t n = sort(samples);
        p99_us[i] = n > 0 ? samples->ns[n * 99 / 100] / 1e3 : 0;
        printf("  %-20s %9ju calls, median %7.1f us, p99 %8.1f us\n", phase_names[i],
               (uintmax_t)samples->n, n > 0 ? samples->ns[n / 2] / 1e3 : 0, p99_us[i]);
    }
    printf("  flooded, p99 is %.2f times that of quiet times, %.2f times that beside strangers, "
           "%.2f times that beside a busy client\n",
           p99_us[FLOOD] / p99_us[QUIET], p99_us[FLOOD] / p99_us[STRANGERS],
           p99_us[FLOOD] / p99_us[HONEST]);
}

/* end() - the server must still be able to end in an orderly way */
static int end(struct scene *scene)
{
    int status;

    kill(scene->neighbour, SIGKILL);
    waitpid(scene->neighbour, NULL, 0);
    fd_close(scene->inbox);
    kill(scene->server, SIGTERM);
    waitpid(scene->server, &status, 0);
    report(IN_A_ROW, "in a row");
    report(AFTER_A_REST, "after a rest");
    printf("%ju hostile requests, %ju answered, cut off %ju times\n", (uintmax_t)table->n_requests,
           (uintmax_t)table->n_rounds, (uintmax_t)table->n_cut);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"rounds", required_argument, NULL, 'r'}, {"seed", required_argument, NULL, 's'}, {0}};
    uint64_t rounds = 1000000;
    struct scene scene = {0};

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
    if (table == MAP_FAILED) {
        return EXIT_FAILURE;
    }
    scene.random.state = random_seed();
    start(&scene);
    spend(&scene, QUIET, 1000);
    spend_beside(&scene, STRANGERS, be_stranger, 1000);
    spend_beside(&scene, HONEST, be_busy, 1000);
    flood(&scene, rounds);
    return end(&scene);
}

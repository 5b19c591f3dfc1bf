/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entity that misbehaves, by commands, one after the other:
 *
 *     connect ID       open a channel, without the library's client
 *     linger-session   pass the broker a descriptor that takes a minute to close
 *     linger-channel   pass the server one
 *     overlong         a datagram of one byte more than fits, and more behind it
 *     in-flight        put as many descriptors into sockets as the kernel allows
 *     garble           break the protocol of the session
 *     garble-call KIND send a call that is malformed in that way, and print how long the answer is
 *     ask-often N      ask about dynamic channels and names N times, and read no answer
 *     steal WORD       take the session of the entity with WORD among its arguments
 *     lookups N        N threads look up an endpoint at once
 *     lookup-close     look up an endpoint, close the handle meanwhile
 *     serve-partly     serve `link`, the second of two endpoints without an implementation
 *     leave            leave a child behind that ignores SIGTERM, for a minute
 *     tidy             sleep until SIGTERM, then take 300 ms to end
 *     flood            print for ever
 *     print TEXT, sleep MILLISECONDS, exit STATUS
 */
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <actor/Server.edl.h>
#include <capchan/Broker.cdl.h>
#include <capchan/stub.h>

#include "core/fd.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/session.h"
#include "core/session_call.h"
#include "tests/programs/commands.h"

#define SESSION_FD 3
#define LINGER_S 60
#define THREADS_MAX 1000
#define STACK_BYTES 65536
#define DESCRIPTORS_PER_MESSAGE 253 /* SCM_MAX_FD */

static int channel = -1;

static void sleep_ms(unsigned milliseconds)
{
    (void)usleep(milliseconds * 1000);
}

/* send_descriptors() - one message with descriptors. Return: 0; negative errno. */
static int send_descriptors(int socket, const void *bytes, size_t size, const int *fds, int n_fds)
{
    char control[CMSG_SPACE(DESCRIPTORS_PER_MESSAGE * sizeof(int))] __attribute__((aligned(8)));
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = CMSG_SPACE((size_t)n_fds * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    memset(control, 0, sizeof(control));
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)n_fds * sizeof(int));
    memcpy(CMSG_DATA(header), fds, (size_t)n_fds * sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* slow_to_close() - a TCP connection with SO_LINGER whose peer does not read what was sent */
static int slow_to_close(void)
{
    const struct linger linger = {.l_onoff = 1, .l_linger = LINGER_S};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    static char bytes[65536];
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(listening, (struct sockaddr *)&address, size) < 0 || listen(listening, 1) < 0 ||
        getsockname(listening, (struct sockaddr *)&address, &size) < 0 ||
        connect(fd, (struct sockaddr *)&address, size) < 0 || accept(listening, NULL, NULL) < 0) {
        perror("TCP");
        exit(EXIT_FAILURE);
    }
    while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    return fd;
}

static void do_connect(const char *id)
{
    struct session_message reply;

    printf("connect: %d\n",
           session_request(SESSION_CONNECT, INVALID_HANDLE, 0, id, &reply, &channel));
}

/* do_linger_session() - behind other requests, so that our own close() is not the last */
static void do_linger_session(const char *unused)
{
    const char *strings[SESSION_STRINGS] = {"link"};
    struct session_head head = {.op = SESSION_CONNECT};
    int fd = slow_to_close();

    (void)unused;
    (void)session_class_name();
    for (int i = 0; i < 200; i++) {
        (void)session_send(SESSION_FD, &head, strings, -1, 0);
    }
    (void)send_descriptors(SESSION_FD, &head, sizeof(head), &fd, 1);
    close(fd);
    printf("lingering\n");
}

/* do_linger_channel() - behind large requests, for the same reason */
static void do_linger_channel(const char *unused)
{
    struct frame_head head = {.magic = FRAME_MAGIC,
                              .mid = actor_IEcho_Blob_mid,
                              .flags = FRAME_MEMFD,
                              .body_bytes = MESSAGE_BYTES_MAX};
    int slow = slow_to_close();

    (void)unused;
    for (int i = 0; i < 20; i++) {
        int fd = memfd_create("attacker", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        (void)!ftruncate(fd, MESSAGE_BYTES_MAX);
        (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
        (void)send_descriptors(channel, &head, sizeof(head), &fd, 1);
        close(fd);
    }
    (void)send_descriptors(channel, &head, sizeof(head), &slow, 1);
    close(slow);
    printf("lingering\n");
}

/* do_overlong() - a body of MESSAGE_INLINE_BYTES_MAX + 1 that is well-formed, and 100 bytes more */
static void do_overlong(const char *unused)
{
    struct frame_head head = {.magic = FRAME_MAGIC,
                              .call = 1,
                              .mid = actor_IEcho_Blob_mid,
                              .body_bytes = MESSAGE_INLINE_BYTES_MAX + 1};
    uint8_t bytes[sizeof(head) + MESSAGE_INLINE_BYTES_MAX + 101];
    size_t data = MESSAGE_INLINE_BYTES_MAX + 1 - 3;

    (void)unused;
    memset(bytes, 'a', sizeof(bytes));
    memcpy(bytes, &head, sizeof(head));
    bytes[sizeof(head)] = 0x0a; /* field 1, of `data` bytes */
    bytes[sizeof(head) + 1] = (uint8_t)(data & 0x7f) | 0x80;
    bytes[sizeof(head) + 2] = (uint8_t)(data >> 7);
    (void)send(channel, bytes, sizeof(bytes), MSG_NOSIGNAL);
    if (recv(channel, &head, sizeof(head), 0) == (ssize_t)sizeof(head)) {
        printf("overlong: status %d\n", head.status);
    }
}

static void do_in_flight(const char *unused)
{
    int fds[DESCRIPTORS_PER_MESSAGE];
    int ends[2];
    int r = -EAGAIN;

    (void)unused;
    for (int i = 0; i < DESCRIPTORS_PER_MESSAGE; i++) {
        fds[i] = STDIN_FILENO;
    }
    while (r == -EAGAIN && socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0) {
        do {
            r = send_descriptors(ends[0], "", 1, fds, DESCRIPTORS_PER_MESSAGE);
        } while (r == 0);
    }
    printf("in flight: %s\n", strerror(-r));
}

static void do_garble(const char *unused)
{
    (void)unused;
    (void)session_class_name();
    (void)send(SESSION_FD, "garbage", 7, 0);
    printf("garbled\n");
}

/* ask_once() - send the broker request number @i. Return: 0; negative errno. */
static int ask_once(int i, const char *service)
{
    const struct capchan_endpoint *endpoints = capchan_Broker_component_stub_.endpoints;
    const struct capchan_endpoint *endpoint = &endpoints[i % 2];
    struct frame_head head = {.call = (uint32_t)i,
                              .riid = endpoint->iid,
                              .mid = (uint16_t)(i / 2 % (int)endpoint->interface->n_methods)};
    char room[capchan_Broker_component_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    union capchan_Broker_component_req req = {.connections.Connect = {.timeout = UINT32_MAX}};

    /* the names of every request come first, and then a number */
    nk_ptr_t *names = &req.connections.Connect.server;
    int n_names = head.riid == capchan_Broker_names_iid ? 3 : 2;
    if (head.riid == capchan_Broker_connections_iid &&
        head.mid == capchan_ConnectionManager_Listen_mid) {
        n_names = 0;
        req.connections.Listen.timeout = i % 4 == 0 ? UINT32_MAX : (uint32_t)i;
    } else if (head.riid == capchan_Broker_names_iid &&
               head.mid == capchan_NameServer_Enumerate_mid) {
        n_names = 1;
    }
    for (int n = 0; n < n_names; n++) {
        (void)NkKosCopyStringToArena(&arena, &names[n], n == 0 ? "Server" : service);
    }
    return session_call_send(SESSION_FD, &head, endpoint->interface->methods[head.mid].req, &req,
                             &arena, -1, 0);
}

static void do_ask_often(const char *count)
{
    char service[LOCATOR_NAME_BYTES_MAX + 1];
    int r = 0;

    (void)session_class_name();
    memset(service, 'x', sizeof(service));
    service[sizeof(service) - 1] = '\0';
    for (int i = 0; i < atoi(count) && r == 0; i++) {
        snprintf(service, 16, "%d", i);
        service[strlen(service)] = 'x';
        r = ask_once(i, service);
    }
    printf("asked often: %s\n", r == 0 ? "done" : strerror(-r));
}

/* do_garble_call() - break the rules of a call in the way that @kind names */
static void do_garble_call(const char *kind)
{
    static const struct {
        const char *kind;
        struct frame_head head;
        const char *body;
        size_t size;
    } calls[] = {
        {"endpoint", {.magic = FRAME_MAGIC, .riid = UINT16_MAX}, "", 0},
        {"method", {.magic = FRAME_MAGIC, .mid = 4}, "", 0},
        {"none", {.magic = FRAME_MAGIC}, "", 0},
        {"cut", {.magic = FRAME_MAGIC}, "", 0},
        {"flags", {.magic = FRAME_MAGIC, .flags = FRAME_REPLY}, "", 0},
        {"memfd", {.magic = FRAME_MAGIC, .flags = FRAME_MEMFD}, "", 0},
        {"handles", {.magic = FRAME_MAGIC, .n_handles = 1}, "", 0},
        {"short", {.magic = FRAME_MAGIC, .body_bytes = 9}, "\x0a\x01", 2},
        {"body", {.magic = FRAME_MAGIC, .body_bytes = 2}, "\x0a\x7f", 2},
        {"text", {.magic = FRAME_MAGIC, .body_bytes = 3}, "\x0a\x01\xff", 3},
        {"arena", {.magic = FRAME_MAGIC, .n_pointers = 1, .arena_bytes = 8}, "\xff\xff", 16},
        {"huge", {.magic = FRAME_MAGIC, .body_bytes = MESSAGE_BYTES_MAX}, "", 0},
    };

    (void)session_class_name();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        char bytes[64] = {0};
        size_t head_size = strcmp(kind, "cut") == 0 ? 5 : sizeof(calls[i].head);
        if (strcmp(calls[i].kind, kind) != 0) {
            continue;
        }
        memcpy(bytes, &calls[i].head, sizeof(calls[i].head));
        memcpy(bytes + sizeof(calls[i].head), calls[i].body, strlen(calls[i].body));
        (void)send(SESSION_FD, bytes, head_size + calls[i].size, 0);
        ssize_t n = recv(SESSION_FD, bytes, sizeof(bytes), 0);
        printf("garble-call %s: %zd bytes\n", kind, n);
    }
}

/* has_argument() - whether process @pid was started with @word among its arguments */
static bool has_argument(int pid, const char *word)
{
    char path[64];
    char arguments[4096] = "";

    snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, arguments, sizeof(arguments) - 1);
    close(fd);
    return n > 0 && memmem(arguments, (size_t)n, word, strlen(word)) != NULL;
}

static void do_steal(const char *word)
{
    char path[64];
    int pid;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", getppid(), getppid());
    FILE *children = fopen(path, "re");
    while (children != NULL && fscanf(children, "%d", &pid) == 1) {
        if (pid != getpid() && has_argument(pid, word)) {
            int process = (int)syscall(SYS_pidfd_open, pid, 0);
            printf("steal: %s\n",
                   syscall(SYS_pidfd_getfd, process, SESSION_FD, 0) < 0 ? "refused" : "done");
        }
    }
    int broker = (int)syscall(SYS_pidfd_open, getppid(), 0);
    printf("steal from the broker: %s\n",
           syscall(SYS_pidfd_getfd, broker, STDERR_FILENO, 0) < 0 ? "refused" : "done");
}

static void *look_up(void *handle)
{
    nk_iid_t riid = ServiceLocatorGetRiid((Handle)(uintptr_t)handle, "first.echo");

    return riid == INVALID_RIID ? NULL : handle;
}

static void do_lookups(const char *count)
{
    uintptr_t handle = ServiceLocatorConnect("link");
    pthread_t threads[THREADS_MAX];
    pthread_attr_t attributes;
    int n = atoi(count);
    int n_found = 0;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (int i = 0; i < n; i++) {
        pthread_create(&threads[i], &attributes, look_up, (void *)handle);
    }
    printf("looking up\n");
    for (int i = 0; i < n; i++) {
        void *found;
        pthread_join(threads[i], &found);
        n_found += found != NULL;
    }
    printf("lookups: %d of %d\n", n_found, n);
}

static void do_lookup_close(const char *unused)
{
    uintptr_t handle = ServiceLocatorConnect("link");
    pthread_t thread;
    void *found;

    (void)unused;
    pthread_create(&thread, NULL, look_up, (void *)handle);
    sleep_ms(300);
    printf("close: %d\n", KnHandleClose((Handle)handle));
    pthread_join(thread, &found);
    printf("lookup: %s\n", found != NULL ? "found" : "failed");
}

static nk_err_t serve_number(struct actor_IEcho *self, const actor_IEcho_Number_req *req,
                             const struct nk_arena *req_arena, actor_IEcho_Number_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->value;
    return NK_EOK;
}

static void do_serve_partly(const char *unused)
{
    static const struct actor_IEcho_ops ops = {.Number = serve_number};
    static struct actor_IEcho echo = {&ops};
    actor_CEcho_component whole;
    actor_CEcho_component hollow;
    actor_Server_entity entity;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, entity);
    ServiceId service;

    (void)unused;
    actor_CEcho_component_init(&whole, &echo);
    actor_CEcho_component_init(&hollow, NULL);
    actor_Server_entity_init(&entity, &whole, &hollow);
    (void)NkKosDoDispatch(ServiceLocatorRegister("link", NULL, 0, &service), &info);
}

static void do_leave(const char *unused)
{
    (void)unused;
    if (fork() == 0) {
        (void)signal(SIGTERM, SIG_IGN);
        (void)setsid();
        (void)alarm(LINGER_S); /* so that a failing test leaves nothing for good */
        for (;;) {
            pause();
        }
    }
    printf("left\n");
}

static void tidy_up(int signal)
{
    static const char text[] = "ended in peace\n";

    (void)signal;
    sleep_ms(300);
    (void)!write(STDOUT_FILENO, text, sizeof(text) - 1);
    _exit(EXIT_SUCCESS);
}

static void do_tidy(const char *unused)
{
    (void)unused;
    (void)signal(SIGTERM, tidy_up);
    printf("waiting\n");
    for (;;) {
        pause();
    }
}

static void do_flood(const char *unused)
{
    static char bytes[4096];

    (void)unused;
    memset(bytes, '\n', sizeof(bytes));
    while (write(STDOUT_FILENO, bytes, sizeof(bytes)) > 0) {
    }
}

static void do_print(const char *text)
{
    printf("%s\n", text);
}

static void do_sleep(const char *milliseconds)
{
    sleep_ms((unsigned)atoi(milliseconds));
}

static void do_exit(const char *status)
{
    exit(atoi(status));
}

static const struct command commands[] = {
    {"connect", true, do_connect},
    {"linger-session", false, do_linger_session},
    {"linger-channel", false, do_linger_channel},
    {"overlong", false, do_overlong},
    {"in-flight", false, do_in_flight},
    {"garble", false, do_garble},
    {"garble-call", true, do_garble_call},
    {"ask-often", true, do_ask_often},
    {"steal", true, do_steal},
    {"lookups", true, do_lookups},
    {"lookup-close", false, do_lookup_close},
    {"serve-partly", false, do_serve_partly},
    {"leave", false, do_leave},
    {"tidy", false, do_tidy},
    {"flood", false, do_flood},
    {"print", true, do_print},
    {"sleep", true, do_sleep},
    {"exit", true, do_exit},
};

int main(int argc, char **argv)
{
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that speaks to its server without the library: `hostile ID` connects, sends one
 * malformed message after the other and prints what it is answered; at the end it makes a proper
 * call on the same channel.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/fd.h"
#include "core/frame.h"
#include "core/session.h"

#define METHOD_NUMBER 0
#define METHOD_TEXT 1
#define METHOD_BLOB 2
#define BYTES_MAX 4096
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int channel;
static uint32_t call;

/* What is sent: a header, a payload, descriptors. */
struct attack {
    struct frame_head head;
    uint8_t payload[BYTES_MAX];
    size_t payload_bytes;
    int fds[8];
    int n_fds;
};

static struct attack attack_on(uint16_t mid)
{
    return (struct attack){.head = {.magic = FRAME_MAGIC, .call = ++call, .mid = mid}};
}

static struct attack with_payload(uint16_t mid, const void *payload, size_t size)
{
    struct attack attack = attack_on(mid);

    memcpy(attack.payload, payload, size);
    attack.payload_bytes = size;
    attack.head.body_bytes = (uint32_t)size;
    return attack;
}

static int memfd_of(const void *bytes, size_t size, int seals)
{
    int fd = memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || ftruncate(fd, (off_t)size) < 0 ||
        (bytes != NULL && pwrite(fd, bytes, size, 0) != (ssize_t)size) ||
        fcntl(fd, F_ADD_SEALS, seals) < 0) {
        perror("memfd");
        exit(EXIT_FAILURE);
    }
    return fd;
}

static struct attack with_memfd(uint16_t mid, int fd, size_t size)
{
    struct attack attack = attack_on(mid);

    attack.head.flags = FRAME_MEMFD;
    attack.head.body_bytes = (uint32_t)size;
    attack.fds[0] = fd;
    attack.n_fds = 1;
    return attack;
}

static void send_attack(const struct attack *attack)
{
    struct iovec parts[2] = {{(void *)&attack->head, sizeof(attack->head)},
                             {(void *)attack->payload, attack->payload_bytes}};
    char control[CMSG_SPACE(sizeof(attack->fds))] __attribute__((aligned(8))) = {0};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

    if (attack->n_fds > 0) {
        size_t size = (size_t)attack->n_fds * sizeof(int);
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(size);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(header), attack->fds, size);
    }
    if (sendmsg(channel, &message, MSG_NOSIGNAL) < 0) {
        printf("send: %s\n", strerror(errno));
    }
    for (int i = 0; i < attack->n_fds; i++) {
        close(attack->fds[i]);
    }
}

/* expect_answer() - print what comes back; the answer must belong to our call */
static void expect_answer(const char *what)
{
    uint8_t bytes[BYTES_MAX];
    struct frame_head head;
    ssize_t n = recv(channel, bytes, sizeof(bytes), 0);

    if (n < (ssize_t)sizeof(head)) {
        printf("%s: cut off\n", what);
        return;
    }
    memcpy(&head, bytes, sizeof(head));
    printf("%s: %s %d\n", what, head.call == call || head.call == 0 ? "status" : "wrong call",
           head.status);
}

static void attack_with(const char *what, struct attack attack)
{
    send_attack(&attack);
    expect_answer(what);
}

static void attack_datagrams(void)
{
    static const char bytes[] = "0123456789";
    struct attack attack;

    (void)send(channel, bytes, 10, MSG_NOSIGNAL);
    expect_answer("short");
    attack = attack_on(METHOD_NUMBER);
    attack.head.magic = 0x12345678;
    attack_with("magic", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.head.body_bytes = 100;
    attack_with("truncated", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.payload_bytes = 100;
    attack_with("surplus", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.head.n_pointers = 1u << 31;
    attack_with("pointers", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.head.n_handles = 1;
    attack_with("handles", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.head.flags = FRAME_REPLY;
    attack_with("reply", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.head.riid = 77;
    attack_with("riid", attack);
    attack_with("mid", attack_on(99));
}

static void attack_descriptors(void)
{
    struct attack attack = attack_on(METHOD_NUMBER);
    int ends[2];

    attack.fds[attack.n_fds++] = dup(0);
    attack_with("stray descriptor", attack);
    attack = attack_on(METHOD_NUMBER);
    attack.head.flags = FRAME_MEMFD;
    attack_with("no descriptor", attack);
    attack_with("unsealed", with_memfd(METHOD_NUMBER, memfd_of("\x08\x01", 2, 0), 2));
    attack_with("wrong size", with_memfd(METHOD_NUMBER, memfd_of(NULL, 100, SEALS), 2));
    if (pipe(ends) == 0) {
        attack_with("pipe", with_memfd(METHOD_NUMBER, ends[0], 2));
        close(ends[1]);
    }
    attack = with_memfd(METHOD_NUMBER, memfd_of("\x08\x01", 2, SEALS), 2);
    while (attack.n_fds < 8) {
        attack.fds[attack.n_fds++] = dup(0);
    }
    attack_with("eight descriptors", attack);
}

static void attack_bodies(void)
{
    uint8_t body[BYTES_MAX - sizeof(struct frame_head)];

    attack_with(
        "long varint",
        with_payload(METHOD_NUMBER, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12));
    attack_with("length 2^63",
                with_payload(METHOD_TEXT, "\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11));
    attack_with("no UTF-8", with_payload(METHOD_TEXT, "\x0a\x02\xff\xff", 4));
    memset(body, 'a', 67);
    body[0] = 0x0a;
    body[1] = 65;
    attack_with("too long", with_payload(METHOD_TEXT, body, 67));
    for (size_t i = 0; i < 500; i++) {
        body[2 * i] = 0x0b; /* start of a group within a group ... */
        body[2 * i + 1] = 0x0b;
    }
    attack_with("groups", with_payload(METHOD_TEXT, body, 1000));
    size_t flood_bytes = 64 << 10;
    uint8_t *flood = malloc(flood_bytes);
    for (size_t i = 0; i < flood_bytes; i += 2) {
        flood[i] = 0x78; /* field 15, which is not there, value 0 */
        flood[i + 1] = 0;
    }
    attack_with("unknown fields",
                with_memfd(METHOD_NUMBER, memfd_of(flood, flood_bytes, SEALS), flood_bytes));
    for (size_t i = 0; i < 900; i++) {
        body[i] = (uint8_t)(i * 73 + 5);
    }
    attack_with("noise", with_payload(METHOD_BLOB, body, 900));
    free(flood);
}

static void attack_arenas(void)
{
    const nk_ptr_t outside = {.offset = 4, .size = 1000};
    const nk_ptr_t unterminated = {.offset = 0, .size = 4};
    uint8_t payload[sizeof(nk_ptr_t) + 4] = {0};

    for (int i = 0; i < 3; i++) {
        memcpy(payload, i == 0 ? &outside : &unterminated, sizeof(nk_ptr_t));
        memcpy(payload + sizeof(nk_ptr_t), "abcd", 4);
        struct attack attack = with_payload(METHOD_TEXT, payload, sizeof(payload));
        attack.head.body_bytes = 0;
        attack.head.n_pointers = i == 2 ? 0 : 1;
        attack.head.arena_bytes = i == 2 ? sizeof(payload) : 4;
        attack_with(i == 0 ? "outside" : i == 1 ? "unterminated" : "missing pointers", attack);
    }
}

int main(int argc, char **argv)
{
    struct session_message reply;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc != 2 ||
        session_request(SESSION_CONNECT, INVALID_HANDLE, 0, argv[1], &reply, &channel) != 0) {
        return EXIT_FAILURE;
    }
    attack_datagrams();
    attack_descriptors();
    attack_bodies();
    attack_arenas();
    attack_with("proper", with_payload(METHOD_NUMBER, "\x08\x07", 2));
    return EXIT_SUCCESS;
}

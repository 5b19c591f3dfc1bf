/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shared_server.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/fd.h"
#include "core/futex.h"
#include "core/not_inline.h"
#include "core/spin.h"
#include "core/step.h"

/* is_channel_memory() - whether a client's descriptor is memory of the right size that can neither
 * shrink nor grow */
static bool is_channel_memory(int memfd)
{
    struct stat status;

    return fcntl(memfd, F_GET_SEALS) == SHARED_SEALS_FIRST && fstat(memfd, &status) == 0 &&
           status.st_size == (off_t)sizeof(struct shared);
}

/*
 * shared_server_accept() - map what a client offers, and hang up a bell for it
 * @memfd: borrowed
 *
 * Once it is sealed nobody can take its pages away, so it is backed after that. Slots behind the
 * first one are backed by whoever touches them first: memory of this kind has no limit of its own
 * that could make that fail.
 *
 * Return: 0: to be ended with shared_server_deinit(); ERROR_BAD_MESSAGE: it is something else;
 * negative errno.
 */
int shared_server_accept(struct shared_server *server, int memfd)
{
    CLEANUP(fd_close_p) int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (!is_channel_memory(memfd)) {
        return ERROR_BAD_MESSAGE;
    }
    if (bell < 0) {
        return -errno;
    }
    void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
    if (memory == MAP_FAILED) {
        return -errno;
    }
    if (fcntl(memfd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0 ||
        madvise(memory, SHARED_FIRST_BYTES, MADV_POPULATE_WRITE) < 0) {
        int r = -errno;
        (void)munmap(memory, sizeof(struct shared));
        return r;
    }
    *server = (struct shared_server){.memory = memory, .bell = bell};
    STEP("server: memory sealed");
    bell = -1;
    return 0;
}

/* shared_server_deinit() - give everything back; nobody uses it any more */
void shared_server_deinit(struct shared_server *server)
{
    if (server->memory != NULL) {
        (void)munmap(server->memory, sizeof(*server->memory));
    }
    fd_close(server->bell);
    *server = SHARED_SERVER_NULL;
}

/* shared_server_close() - tell callers that there will be no more replies */
void shared_server_close(struct shared_server *server)
{
    if (server->memory == NULL) {
        return;
    }
    atomic_store_explicit(&server->memory->closed, 1, memory_order_seq_cst);
    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        _Atomic uint32_t *sequence = &server->memory->slots[i].reply.sequence;
        uint32_t seen = atomic_load(sequence);
        /* Who is about to sleep must find another number than the one expected; replies that were
         * given stay. */
        if (seen != atomic_load(&server->memory->slots[i].request.sequence) &&
            atomic_compare_exchange_strong(sequence, &seen, seen | SHARED_OVER)) {
            futex_wake(sequence);
        }
    }
}

/* shared_server_arm() - say what the client is to do with its next request. After arming comes a
 * fence, and then another look. */
void shared_server_arm(struct shared_server *server, enum shared_bell bell)
{
    server->armed = bell;
    atomic_store_explicit(&server->memory->bell, (uint32_t)bell, memory_order_relaxed);
    STEP("server: bell set");
}

/* shared_server_rouse() - set off the bell ourselves, for our own thread that waits for that */
void shared_server_rouse(struct shared_server *server)
{
    atomic_store_explicit(&server->memory->bell, SHARED_BELL_NONE, memory_order_relaxed);
    futex_wake(&server->memory->bell);
}

/* shared_server_has_rung() - whether the client has set off the bell */
bool shared_server_has_rung(const struct shared_server *server)
{
    return atomic_load_explicit(&server->memory->bell, memory_order_relaxed) !=
           (uint32_t)server->armed;
}

/* is_new() - whether there is a request in a slot that was not taken yet */
static bool is_new(const struct shared_server *server, unsigned slot)
{
    const struct shared_slot *memory = &server->memory->slots[slot];

    return !atomic_load_explicit(&server->is_busy[slot], memory_order_acquire) &&
           atomic_load_explicit(&memory->request.sequence, memory_order_acquire) !=
               server->last[slot];
}

/*
 * shared_server_find() - look for a request; one thread at a time
 *
 * Return: its slot, for shared_server_take(); -1 if there is none.
 */
int shared_server_find(struct shared_server *server)
{
    unsigned slot = 0;

    if (is_new(server, 0)) {
        atomic_store_explicit(&server->is_busy[0], true, memory_order_relaxed);
        STEP("server: request found");
        return 0;
    }
    uint32_t others = atomic_load_explicit(&server->memory->others, memory_order_acquire);
    if (others == server->last_others) {
        return -1;
    }
    for (slot = 1; slot < SHARED_SLOTS; slot++) {
        if (is_new(server, slot)) {
            atomic_store_explicit(&server->is_busy[slot], true, memory_order_relaxed);
            STEP("server: request found behind the first slot");
            return (int)slot;
        }
    }
    server->last_others = others;
    return -1;
}

/* shared_server_has_new() - whether there may be something that was not taken yet */
EVERY_CALL bool shared_server_has_new(const struct shared_server *server)
{
    const struct shared *memory = server->memory;

    return is_new(server, 0) ||
           atomic_load_explicit(&memory->others, memory_order_acquire) != server->last_others ||
           atomic_load_explicit(&memory->mail, memory_order_acquire) != server->last_mail;
}

/* shared_server_take_mail() - whether the client has sent something over the socket since the last
 * time */
bool shared_server_take_mail(struct shared_server *server)
{
    uint32_t mail = atomic_load_explicit(&server->memory->mail, memory_order_acquire);
    bool has_mail = mail != server->last_mail;

    server->last_mail = mail;
    return has_mail;
}

/* claim() - a request that its client may take back. Return: false: it has. */
NOT_INLINE static bool claim(struct shared_server *server, unsigned slot, struct frame_head *head)
{
    bool is_ours =
        shared_claim(&server->memory->slots[slot].client, server->last[slot], SHARED_CLAIM_SERVED);

    STEP("server: request claimed");
    head->flags &= (uint16_t)~FRAME_CLAIM;
    return is_ours;
}

/* The bulk goes from one call to the next in its client, whose mapping of it has other addresses:
 * ThreadSanitizer has to be told. */
#ifdef __SANITIZE_THREAD__
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define BULK_COMES(server) __tsan_acquire((server)->memory->bulk)
#define BULK_GOES(server) __tsan_release((server)->memory->bulk)
#else
#define BULK_COMES(server)
#define BULK_GOES(server)
#endif

/*
 * shared_server_take() - copy a request out of its slot, which is busy from shared_server_find() to
 * shared_server_reply()
 * @ret_request: to be ended with incoming_deinit() in any case
 *
 * Return: 0; ERROR_INTERRUPTED: its client has taken it back; ERROR_BAD_MESSAGE; -ENOMEM.
 */
int shared_server_take(struct shared_server *server, unsigned slot, struct incoming *ret_request)
{
    const struct shared_slot *memory = &server->memory->slots[slot];
    struct frame_head *head = &ret_request->frame.head;

    incoming_clear(ret_request);
    server->last[slot] = shared_line_read(&memory->request, head, ret_request->small);
    STEP("server: line read");
    uint32_t client_cpu = atomic_load_explicit(&memory->client.cpu, memory_order_relaxed);
    atomic_store_explicit(&server->client_cpu, client_cpu, memory_order_relaxed);
    server->has_bulk[slot] = (head->flags & FRAME_BULK) != 0;
    if (server->has_bulk[slot]) {
        BULK_COMES(server);
    }
    if ((head->flags & FRAME_CLAIM) != 0 && !claim(server, slot, head)) {
        return ERROR_INTERRUPTED;
    }
    size_t bytes = frame_payload_bytes(head);
    return incoming_take(
        ret_request, bytes,
        shared_payload(server->memory, slot, bytes, server->has_bulk[slot], ret_request->small));
}

/* reply_payload() - where to pack a reply of @bytes; NULL: it does not fit */
static uint8_t *reply_payload(struct shared_server *server, unsigned slot, size_t bytes)
{
    if (bytes > SHARED_PAYLOAD_BYTES && server->has_bulk[slot] &&
        !shared_back(server->memory->bulk, &server->bulk_backed, bytes)) {
        return NULL;
    }
    return shared_payload(server->memory, slot, bytes, server->has_bulk[slot],
                          server->memory->slots[slot].reply.bytes);
}

/*
 * shared_server_reply() - hand a reply over, and wake the caller if it sleeps
 * @head:    of @encoded, with what the reply says besides
 * @encoded: the payload; NULL: there is none
 *
 * From the first store into the line to the last one there is nothing that takes time: who looks at
 * it all the time would take it away from our cache in between.
 *
 * Return: false: it is too large for the memory, and was not handed over.
 */
EVERY_CALL bool shared_server_reply(struct shared_server *server, unsigned slot,
                                    const struct frame_head *head, const struct encoded *encoded)
{
    struct shared_slot *memory = &server->memory->slots[slot];
    uint8_t *payload = reply_payload(server, slot, frame_payload_bytes(head));
    uint32_t sequence = server->last[slot];

    if (payload == NULL) {
        return false;
    }
    shared_say_cpu(&memory->server, spin_cpu());
    shared_advise(&memory->server, atomic_load_explicit(&server->advice, memory_order_relaxed));
    if (encoded != NULL) {
        encoded_pack(encoded, payload);
    }
    STEP("server: reply packed");
    shared_line_write(&memory->reply, head);
    STEP("server: reply written");
    if (server->has_bulk[slot]) {
        BULK_GOES(server);
    }
    atomic_store_explicit(&server->is_busy[slot], false, memory_order_release);
    STEP("server: slot free");
    atomic_store_explicit(&memory->reply.sequence, sequence, memory_order_release);
    STEP("server: reply published");
    /* Pairs with the client's: it sees the reply, or we see that it sleeps. */
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&memory->client.asleep, memory_order_relaxed) != 0) {
        futex_wake(&memory->reply.sequence);
        STEP("server: client woken");
    }
    return true;
}

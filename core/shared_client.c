/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shared_client.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/barrier.h"
#include "core/cleanup.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/fd.h"
#include "core/futex.h"
#include "core/not_inline.h"
#include "core/step.h"
#include "core/turns.h"

/* shared_client_init() - without memory yet; @handle: what the broker calls the channel */
void shared_client_init(struct shared_client *client, Handle handle)
{
    *client = (struct shared_client){
        .memfd = -1, .bell = -1, .control = control_view(handle), .backed = 1};
}

/* shared_client_deinit() - give everything back; nobody calls any more */
void shared_client_deinit(struct shared_client *client)
{
    if (client->memory != NULL) {
        (void)munmap(client->memory, sizeof(*client->memory));
        client->memory = NULL;
    }
    client->memfd = fd_close(client->memfd);
    client->bell = fd_close(client->bell);
}

/* shared_client_shut() - refuse new calls; those that wait are woken by shared_client_wake() */
void shared_client_shut(struct shared_client *client)
{
    atomic_store_explicit(&client->is_dead, true, memory_order_seq_cst);
}

/* shared_client_is_over() - whether no reply can come any more */
EVERY_CALL bool shared_client_is_over(const struct shared_client *client)
{
    return atomic_load_explicit(&client->is_dead, memory_order_relaxed) ||
           !control_is_live(&client->control) ||
           (client->memory != NULL &&
            atomic_load_explicit(&client->memory->closed, memory_order_relaxed) != 0);
}

/*
 * shared_client_wake() - it is over: have those that sleep see that
 *
 * Return: false: some may have been about to sleep; once more, please.
 */
bool shared_client_wake(struct shared_client *client)
{
    bool is_any_asleep = false;

    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        bool is_busy = atomic_load_explicit(&client->is_busy[i], memory_order_seq_cst);
        uint32_t given_up = atomic_load_explicit(&client->given_up, memory_order_seq_cst);
        if (is_busy && (given_up >> i & 1) == 0) {
            is_any_asleep = true;
            futex_wake(&client->memory->slots[i].reply.sequence);
        }
    }
    return !is_any_asleep;
}

/*
 * shared_client_offer() - make the memory
 *
 * Return: a descriptor to offer to the server, borrowed; negative errno.
 */
int shared_client_offer(struct shared_client *client)
{
    CLEANUP(fd_close_p) int fd = memfd_create("capchan-channel", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || ftruncate(fd, sizeof(struct shared)) < 0 ||
        fcntl(fd, F_ADD_SEALS, SHARED_SEALS_FIRST) < 0) {
        return -errno;
    }
    void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        return -errno;
    }
    if (madvise(memory, SHARED_FIRST_BYTES, MADV_POPULATE_WRITE) < 0) {
        int r = -errno;
        (void)munmap(memory, sizeof(struct shared));
        return r;
    }
    client->memory = memory;
    STEP("client: memory made");
    client->memfd = fd;
    fd = -1;
    atomic_store_explicit(&client->is_offered, true, memory_order_release);
    return client->memfd;
}

/* shared_client_accept() - the server's answer; @bell is consumed, -1 if it wants no memory.
 * Without the seals it could take pages away under our feet. */
bool shared_client_accept(struct shared_client *client, int bell)
{
    bool is_sealed = fcntl(client->memfd, F_GET_SEALS) == SHARED_SEALS;

    client->memfd = fd_close(client->memfd);
    if (bell < 0 || !is_sealed || fcntl(bell, F_SETFL, O_NONBLOCK) < 0) {
        fd_close(bell);
        return false;
    }
    client->bell = bell;
    atomic_store_explicit(&client->is_ready, true, memory_order_release);
    STEP("client: memory accepted");
    return true;
}

/* take_free() - the first free slot. Return: its number; -1 if all are in use. */
static int take_free(struct shared_client *client)
{
    for (int slot = 0; slot < SHARED_SLOTS; slot++) {
        atomic_bool *is_busy = &client->is_busy[slot];
        if (!atomic_load_explicit(is_busy, memory_order_relaxed) &&
            !atomic_exchange_explicit(is_busy, true, memory_order_seq_cst)) {
            return slot;
        }
    }
    return -1;
}

/* shared_client_give_back() - end a call whose reply took the socket and was collected there */
void shared_client_give_back(struct shared_client *client, unsigned slot)
{
    if (client->has_bulk[slot]) {
        client->has_bulk[slot] = false;
        atomic_store_explicit(&client->bulk_busy, false, memory_order_release);
    }
    atomic_store_explicit(&client->is_busy[slot], false, memory_order_release);
}

/* give_back() - a reply was taken out of its slot */
EVERY_CALL static void give_back(void *client, unsigned slot)
{
    shared_client_give_back(client, slot);
}

/* back() - memory behind a slot before its first use: lack of it is an error here and no SIGBUS
 * later */
static bool back(struct shared_client *client, unsigned slot)
{
    if ((atomic_load_explicit(&client->backed, memory_order_relaxed) >> slot & 1) != 0) {
        return true;
    }
    char *first = (char *)client->memory + slot * (size_t)SHARED_SLOT_BYTES;
    if (madvise(first, SHARED_FIRST_BYTES, MADV_POPULATE_WRITE) < 0) {
        return false;
    }
    atomic_fetch_or_explicit(&client->backed, UINT32_C(1) << slot, memory_order_relaxed);
    return true;
}

/* take_bulk() - have the bulk for a call in @slot, if it needs it or is likely to. Return: false:
 * it needs it and cannot have it. */
static bool take_bulk(struct shared_client *client, unsigned slot, size_t payload_bytes)
{
    bool is_needed = payload_bytes > SHARED_PAYLOAD_BYTES;

    if (!is_needed && !atomic_load_explicit(&client->bulk_wanted, memory_order_relaxed)) {
        return true;
    }
    client->has_bulk[slot] =
        !atomic_exchange_explicit(&client->bulk_busy, true, memory_order_acquire);
    return !is_needed || (client->has_bulk[slot] &&
                          shared_back(client->memory->bulk, &client->bulk_backed, payload_bytes));
}

/*
 * shared_client_take() - a slot for one call
 *
 * Return: its number, for shared_client_call(); -1: take the socket.
 */
int shared_client_take(struct shared_client *client, size_t payload_bytes)
{
    if (!atomic_load_explicit(&client->is_ready, memory_order_acquire)) {
        return -1;
    }
    int slot = take_free(client);
    if (slot >= 0 &&
        !(back(client, (unsigned)slot) && take_bulk(client, (unsigned)slot, payload_bytes))) {
        shared_client_give_back(client, (unsigned)slot);
        return -1;
    }
    return slot;
}

/* alert() - do what the server asks for before it sleeps */
static void alert(const struct shared_client *client)
{
    _Atomic uint32_t *bell = &client->memory->bell;

    /* Pairs with the server's: it sees what we published, or we see that it sleeps. */
    if (atomic_load_explicit(bell, memory_order_relaxed) != SHARED_BELL_NONE) {
        barrier_before_exchange();
    } else {
        atomic_thread_fence(memory_order_seq_cst);
        if (atomic_load_explicit(bell, memory_order_relaxed) == SHARED_BELL_NONE) {
            return;
        }
    }
    uint32_t seen = atomic_exchange_explicit(bell, SHARED_BELL_NONE, memory_order_relaxed);
    STEP("client: bell taken");
    switch (seen) {
    case SHARED_BELL_RING:
        (void)eventfd_write(client->bell, 1);
        break;
    case SHARED_BELL_WAKE:
        futex_wake(bell);
        break;
    }
    STEP("client: bell rung");
}

/* shared_client_announce_mail() - something was sent over the socket: wake a server that does not
 * wait for that */
void shared_client_announce_mail(struct shared_client *client)
{
    uint32_t expected = SHARED_BELL_WAKE;

    if (!atomic_load_explicit(&client->is_offered, memory_order_acquire)) {
        return;
    }
    _Atomic uint32_t *bell = &client->memory->bell;
    atomic_fetch_add_explicit(&client->memory->mail, 1, memory_order_release);
    /* Pairs with the server's, as in alert(). */
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_compare_exchange_strong_explicit(bell, &expected, SHARED_BELL_NONE,
                                                memory_order_relaxed, memory_order_relaxed)) {
        futex_wake(bell);
    }
}

/* publish() - hand the request over, and tell the server if it sleeps. Return: its number. */
static uint32_t publish(struct shared_client *client, unsigned slot)
{
    struct shared *memory = client->memory;
    uint32_t sequence = client->sequences[slot] = (client->sequences[slot] + 1) & ~SHARED_OVER;

    atomic_store_explicit(&memory->slots[slot].request.sequence, sequence, memory_order_release);
    STEP("client: request published");
    if (slot > 0) {
        atomic_fetch_add_explicit(&memory->others, 1, memory_order_release);
    }
    alert(client);
    return sequence;
}

/* look() - watch out for the reply for a while, unless the wait is to end */
static bool look(struct shared_client *client, const struct shared_slot *slot, uint32_t sequence,
                 size_t bytes, const struct until *until)
{
    struct spin_attempt attempt;
    bool has_come;

    spin_begin(&attempt, bytes);
    do {
        has_come = atomic_load_explicit(&slot->reply.sequence, memory_order_acquire) == sequence;
    } while (!has_come && !until_is_due(until) && spin_goes_on(&attempt));
    spin_end(&client->spin, has_come);
    return has_come;
}

/* sleep_for() - wait for the reply without a CPU; client_tell() wakes us if there will be none */
static int sleep_for(struct shared_client *client, struct shared_slot *slot, uint32_t sequence)
{
    const uint32_t before = (sequence - 1) & ~SHARED_OVER;
    const struct futex_expectation expected = {.word = &slot->reply.sequence, .value = before};
    uint32_t seen = atomic_load_explicit(&slot->reply.sequence, memory_order_acquire);

    if (seen == sequence) {
        return 0; /* the server was faster than futex_wake() */
    }
    atomic_store_explicit(&slot->client.asleep, 1, memory_order_relaxed);
    STEP("client: about to sleep");
    /* Pairs with the server's: we see the reply, or it sees that we sleep. */
    atomic_thread_fence(memory_order_seq_cst);
    while ((seen = atomic_load_explicit(&slot->reply.sequence, memory_order_acquire)) == before &&
           !shared_client_is_over(client)) {
        futex_wait(&expected);
        STEP("client: woken");
    }
    atomic_store_explicit(&slot->client.asleep, 0, memory_order_relaxed);
    STEP("client: awake");
    if (seen == sequence) {
        return 0;
    }
    seen = atomic_load_explicit(&slot->reply.sequence, memory_order_acquire);
    return seen == sequence ? 0 : ERROR_NOT_CONNECTED;
}

/* heed() - what the server advised with the reply: not to be where it is, and perhaps to let others
 * call. Who sleeps does so elsewhere, or the scheduler would have it wake up there. */
NOT_INLINE static void heed(struct shared_client *client, const struct shared_side *server,
                            uint32_t advice)
{
    uint32_t peer_cpu = atomic_load_explicit(&server->cpu, memory_order_relaxed);
    struct confinement stay;

    if (advice != SHARED_ADVICE_SLEEP && spin_cpu() != peer_cpu) {
        return;
    }
    parting_begin(&client->parting, &stay, peer_cpu);
    if (advice == SHARED_ADVICE_SLEEP) {
        turns_pass_on();
    }
    (void)confinement_end(&stay);
}

/* take_reply() - the reply, whose payload stays in the slot for now */
EVERY_CALL static int take_reply(struct shared_client *client, unsigned slot, uint32_t sequence,
                                 struct incoming *ret_reply)
{
    struct frame_head *head = &ret_reply->frame.head;

    if (shared_line_read(&client->memory->slots[slot].reply, head, ret_reply->small) != sequence) {
        return ERROR_BAD_MESSAGE;
    }
    size_t bytes = frame_payload_bytes(head);
    atomic_store_explicit(&client->bulk_wanted,
                          bytes > SHARED_PAYLOAD_BYTES || (head->flags & FRAME_ELSEWHERE) != 0,
                          memory_order_relaxed);
    return incoming_take(
        ret_reply, bytes,
        shared_payload(client->memory, slot, bytes, client->has_bulk[slot], ret_reply->small));
}

/* One call that may be taken back. */
struct withdrawal {
    struct shared_slot *slot;
    uint32_t sequence;
};

/* withdraw() - before the server has it */
static bool withdraw(void *what)
{
    const struct withdrawal *withdrawal = what;

    return shared_claim(&withdrawal->slot->client, withdrawal->sequence, SHARED_CLAIM_WITHDRAWN);
}

/* sleep_until() - sleep_for(), unless the wait is to end */
static int sleep_until(struct shared_client *client, struct shared_slot *slot, uint32_t sequence,
                       struct until *until)
{
    const uint32_t before = (sequence - 1) & ~SHARED_OVER;
    uint32_t seen;
    int r = 0;

    atomic_store_explicit(&slot->client.asleep, 1, memory_order_relaxed);
    /* Pairs with the server's, as in sleep_for(). */
    atomic_thread_fence(memory_order_seq_cst);
    while ((seen = atomic_load_explicit(&slot->reply.sequence, memory_order_acquire)) == before &&
           !shared_client_is_over(client) && (r = until_look(until)) == 0) {
        struct futex_expectation expected[2] = {{.word = &slot->reply.sequence, .value = before}};
        until_sleep(until, expected, 1);
    }
    atomic_store_explicit(&slot->client.asleep, 0, memory_order_relaxed);
    if (r == ERROR_INTERRUPTED) {
        return r; /* what comes now only says that the server knows */
    }
    seen = atomic_load_explicit(&slot->reply.sequence, memory_order_acquire);
    if (seen == sequence) {
        return 0;
    }
    return r == ERROR_TIMEOUT ? r : ERROR_NOT_CONNECTED;
}

/* wait_until() - for the reply to a request that was published; one that the server does not have
 * yet when the time is over is taken back as well */
NOT_INLINE static int wait_until(struct shared_client *client, unsigned slot, size_t bytes,
                                 bool may_look, struct until *until)
{
    struct shared_slot *memory = &client->memory->slots[slot];
    struct withdrawal withdrawal = {memory, client->sequences[slot]};

    until_guard(until, withdraw, &withdrawal);
    if (may_look && look(client, memory, withdrawal.sequence, bytes, until)) {
        return 0;
    }
    int r = sleep_until(client, memory, withdrawal.sequence, until);
    if (r == ERROR_TIMEOUT) {
        (void)withdraw(&withdrawal);
    }
    return r;
}

/* allow_withdrawal() - of the request that is about to be published */
NOT_INLINE static void allow_withdrawal(struct shared_client *client, unsigned slot,
                                        struct frame_head *head)
{
    head->flags |= FRAME_CLAIM;
    atomic_store_explicit(&client->memory->slots[slot].client.claim,
                          (client->sequences[slot] + 1) & ~SHARED_OVER, memory_order_relaxed);
}

/* shared_client_give_up() - leave a call; its slot is used again when the reply has come */
void shared_client_give_up(struct shared_client *client, unsigned slot)
{
    atomic_fetch_or_explicit(&client->given_up, UINT32_C(1) << slot, memory_order_seq_cst);
}

/* leave() - a call that failed */
NOT_INLINE static void leave(struct shared_client *client, unsigned slot, int error)
{
    if (error == ERROR_INTERRUPTED || error == ERROR_TIMEOUT) {
        shared_client_give_up(client, slot);
    } else {
        shared_client_give_back(client, slot);
    }
}

/* shared_client_has_given_up() - whether there may be anything for shared_client_take_late() */
bool shared_client_has_given_up(const struct shared_client *client)
{
    return atomic_load_explicit(&client->given_up, memory_order_relaxed) != 0;
}

/*
 * shared_client_take_late() - the reply to the call in @slot, if that was given up and it has come
 * @ret_reply: as from shared_client_call(), but the slot is the caller's in any case until
 *             shared_client_give_back() or shared_client_give_up(). Empty if it is malformed
 *
 * Return: false: nothing has come.
 */
NOT_INLINE bool shared_client_take_late(struct shared_client *client, unsigned slot,
                                        struct incoming *ret_reply)
{
    uint32_t bit = UINT32_C(1) << slot;
    uint32_t sequence;

    if ((atomic_load_explicit(&client->given_up, memory_order_relaxed) & bit) == 0 ||
        (atomic_fetch_and_explicit(&client->given_up, ~bit, memory_order_seq_cst) & bit) == 0) {
        return false;
    }
    sequence = client->sequences[slot];
    if (atomic_load_explicit(&client->memory->slots[slot].reply.sequence, memory_order_acquire) !=
        sequence) {
        shared_client_give_up(client, slot);
        return false;
    }
    incoming_clear(ret_reply);
    if (take_reply(client, slot, sequence, ret_reply) != 0) {
        incoming_clear(ret_reply);
    }
    ret_reply->frame.head.call = shared_elsewhere(sequence, slot);
    return true;
}

/*
 * shared_client_call() - make a request in a slot from shared_client_take(), and wait for its reply
 * @encoded:   riid, mid and sizes filled in; the flags of its head are set
 * @until:     may end the call; NULL: nothing does
 * @ret_reply: to be ended with incoming_deinit() in any case; FRAME_ELSEWHERE in its flags: the
 * reply is on its way through the socket, as number frame.head.call, and the slot is the caller's
 * until shared_client_give_back() or shared_client_give_up(); in all other cases it is free again
 * after that
 *
 * Return: 0; ERROR_NOT_CONNECTED; ERROR_BAD_MESSAGE: the reply is malformed; ERROR_INTERRUPTED: the
 * server has never seen the request; ERROR_TIMEOUT: nor has it, or the reply will be thrown away;
 * -ENOMEM.
 */
int shared_client_call(struct shared_client *client, unsigned slot, struct encoded *encoded,
                       struct until *until, struct incoming *ret_reply)
{
    struct shared_slot *memory = &client->memory->slots[slot];
    struct frame_head *head = &encoded->head;
    size_t bytes = frame_payload_bytes(head);
    uint32_t own_cpu = spin_cpu();
    int r = 0;

    incoming_clear(ret_reply);
    if (shared_client_is_over(client)) {
        shared_client_give_back(client, slot);
        return ERROR_NOT_CONNECTED;
    }
    head->flags = client->has_bulk[slot] ? FRAME_BULK : 0;
    if (until != NULL) {
        allow_withdrawal(client, slot, head);
    }
    uint32_t peer_cpu = atomic_load_explicit(&memory->server.cpu, memory_order_relaxed);
    shared_say_cpu(&memory->client, own_cpu);
    encoded_pack(encoded, shared_payload(client->memory, slot, bytes, true, memory->request.bytes));
    STEP("client: request packed");
    shared_line_write(&memory->request, head);
    STEP("client: line written");
    uint32_t sequence = publish(client, slot);
    bool may_look = spin_is_worthwhile(&client->spin, own_cpu, peer_cpu);
    if (until != NULL) {
        r = wait_until(client, slot, bytes, may_look, until);
    } else if (!may_look || !look(client, memory, sequence, bytes, NULL)) {
        r = sleep_for(client, memory, sequence);
    }
    if (r == 0) {
        uint32_t advice = atomic_load_explicit(&memory->server.advice, memory_order_relaxed);
        if (advice != SHARED_ADVICE_NONE) {
            heed(client, &memory->server, advice);
        }
        r = take_reply(client, slot, sequence, ret_reply);
        STEP("client: reply taken");
        ret_reply->frame.head.call = shared_elsewhere(sequence, slot);
    }
    if (r != 0) {
        leave(client, slot, r);
    } else if ((ret_reply->frame.head.flags & FRAME_ELSEWHERE) == 0) {
        /* One reply for each slot may be on its way, or be kept, at a time. */
        ret_reply->give_back = give_back;
        ret_reply->lender = client;
        ret_reply->slot = slot;
    }
    return r;
}

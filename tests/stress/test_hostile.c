/* SPDX-License-Identifier: Apache-2.0 */
/* Ends that write what they should not, for a while; `make stress` has the long form. And sequence
 * numbers that start over, between proper ends. Runs alone: both ends must have a CPU. */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "core/control.h"
#include "core/shared_client.h"
#include "core/shared_server.h"
#include "tests/stress/parcel.h"
#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

#define SEQUENCE_FIRST UINT32_C(0x7ffffff0)
#define CALLS_PER_SLOT 64

START_TEST(a_hostile_client_harms_neither_its_server_nor_other_clients)
{
    fputs(shell_run("", "'%s/tests/stress/stress_hostile_client' --rounds 300000 2>&1",
                    build_folder()),
          stdout);
}
END_TEST

START_TEST(a_hostile_server_does_not_harm_its_client)
{
    fputs(shell_run("", "'%s/tests/stress/stress_hostile_server' --rounds 300000 2>&1",
                    build_folder()),
          stdout);
}
END_TEST

static struct shared_client front;
static struct shared_server back;

/* answer_all() - every slot's calls, each with a status of its own */
static void *answer_all(void *unused)
{
    for (unsigned n = 0; n < CALLS_PER_SLOT * SHARED_SLOTS; n++) {
        struct incoming request;
        int slot;
        while ((slot = shared_server_find(&back)) < 0) {
            sched_yield();
        }
        ck_assert_int_eq(shared_server_take(&back, (unsigned)slot, &request), 0);
        struct frame_head head = {.flags = FRAME_REPLY | FRAME_STATUS,
                                  .status = request.frame.head.riid + 1};
        incoming_deinit(&request);
        (void)shared_server_reply(&back, (unsigned)slot, &head, NULL);
    }
    return unused;
}

/* call_all() - fill and empty all slots in turn */
static void call_all(void)
{
    const struct parcel parcel = {.number = 1};
    struct parcel_request request;
    struct parcel_room room;
    struct encoded encoded;
    struct incoming reply;

    parcel_room_init(&room);
    (void)parcel_encode(&room, &parcel, &request, &encoded);
    for (unsigned n = 0; n < CALLS_PER_SLOT; n++) {
        for (unsigned slot = 0; slot < SHARED_SLOTS; slot++) {
            nk_iid_t riid = encoded.head.riid = (nk_iid_t)(n * SHARED_SLOTS + slot);
            for (unsigned before = 0; before < SHARED_SLOTS; before++) {
                front.is_busy[before] = before < slot; /* so that this one is taken */
            }
            ck_assert_int_eq(shared_client_take(&front, 0), (int)slot);
            ck_assert_int_eq(shared_client_call(&front, slot, &encoded, NULL, &reply), 0);
            ck_assert_int_eq(reply.frame.head.status, riid + 1);
            incoming_deinit(&reply);
        }
    }
    pool_deinit(&request.pool);
    parcel_room_deinit(&room);
}

START_TEST(calls_go_on_when_sequence_numbers_start_over)
{
    pthread_t server;

    shared_client_init(&front, 0);
    int memfd = shared_client_offer(&front);
    ck_assert_int_ge(memfd, 0);
    ck_assert_int_eq(shared_server_accept(&back, memfd), 0);
    ck_assert(shared_client_accept(&front, dup(back.bell)));
    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        struct shared_slot *slot = &front.memory->slots[i];
        front.sequences[i] = back.last[i] = SEQUENCE_FIRST;
        slot->request.sequence = slot->reply.sequence = SEQUENCE_FIRST;
    }
    front.memory->others = back.last_others = SEQUENCE_FIRST;
    pthread_create(&server, NULL, answer_all, NULL);
    call_all();
    pthread_join(server, NULL);
    ck_assert_uint_lt(front.sequences[0], CALLS_PER_SLOT);
    shared_client_deinit(&front);
    shared_server_deinit(&back);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hostile");
    TCase *cases = tcase_create("hostile");

    tcase_set_timeout(cases, 180);
    tcase_add_test(cases, a_hostile_client_harms_neither_its_server_nor_other_clients);
    tcase_add_test(cases, a_hostile_server_does_not_harm_its_client);
    tcase_add_test(cases, calls_go_on_when_sequence_numbers_start_over);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

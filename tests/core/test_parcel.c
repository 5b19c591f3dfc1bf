/* SPDX-License-Identifier: Apache-2.0 */
/* Handles on their way, as the broker counts them. */
#include "core/parcel.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/holder.h"
#include "core/limits.h"
#include "core/route.h"
#include "tests/support/check_main.h"
#include "tests/support/random_value.h"

#define GUESSED 8 /* numbers, every other one of them taken already */
#define GUESSES 10000000u
#define ENDS (HANDLES_SENT_MAX / HANDLES_ARRIVING_MAX) /* that take all of one sender */

enum {
    SENDER,
    RECEIVER,
    NEIGHBOUR,
    _N_HOLDERS,
};

static struct holder *holders;
static struct parcels ends[ENDS + 1];

static void setup(void)
{
    holders = holders_new(_N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
    for (int i = 0; i <= ENDS; i++) {
        parcels_init(&ends[i]);
    }
}

static void teardown(void)
{
    for (int i = 0; i <= ENDS; i++) {
        parcels_give_back(&ends[i]);
        ck_assert_uint_eq(ends[i].n, 0);
    }
    for (int i = 0; i < _N_HOLDERS; i++) {
        for (int to = 0; to < _N_HOLDERS; to++) {
            ck_assert_uint_eq(holders[i].n_sent[to], 0);
        }
        for (size_t at = 0; at < holders[i].space.n_slots; at++) {
            ck_assert_uint_eq(capability_space_at(&holders[i].space, at), 0);
        }
    }
    holders_free(holders, _N_HOLDERS);
}

/* send_to() - what came back, of which the label says all. Return: as parcel_new(). */
static int send_to(int end, struct holder *sender, Handle *ret_handle)
{
    const struct parcel_content content = {
        .sender = sender, .to = &holders[RECEIVER], .label = {.source = 7, .context = 8}};

    return parcel_new(&ends[end], &content, ret_handle);
}

/* send_elsewhere() - the same to somebody else */
static int send_elsewhere(int end, struct holder *sender, Handle *ret_handle)
{
    const struct parcel_content content = {.sender = sender, .to = &holders[NEIGHBOUR]};

    return parcel_new(&ends[end], &content, ret_handle);
}

static Handle sent_to(int end, struct holder *sender)
{
    Handle handle;

    ck_assert_int_eq(send_to(end, sender, &handle), 0);
    return handle;
}

/* is_labelled() - whether the receiver can read what @handle is */
static bool is_labelled(Handle handle)
{
    struct control_label label;
    struct stat status;
    int fd = holders[RECEIVER].control.fd;

    ck_assert_int_eq(fstat(fd, &status), 0);
    ck_assert_int_eq(control_map(fd), 0);
    bool is_there = control_read_label(handle, &label) && label.source == 7 && label.context == 8;
    ck_assert_int_eq(munmap((void *)control_word(0), (size_t)status.st_size), 0);
    return is_there;
}

START_TEST(a_parcel_is_taken_once_and_by_its_receiver)
{
    Handle handle = sent_to(0, &holders[SENDER]);

    ck_assert(is_labelled(handle));
    ck_assert_int_eq(parcel_take(&holders[NEIGHBOUR], handle), ERROR_BAD_HANDLE);
    ck_assert_int_eq(parcel_take(&holders[SENDER], handle), ERROR_BAD_HANDLE);
    ck_assert_uint_eq(holders[SENDER].n_sent[RECEIVER], 1);
    ck_assert_int_eq(parcel_take(&holders[RECEIVER], handle), 0);
    ck_assert_int_eq(parcel_take(&holders[RECEIVER], handle), ERROR_BAD_HANDLE);
    ck_assert_uint_eq(holders[SENDER].n_sent[RECEIVER], 0);
    ck_assert(!is_labelled(handle));
}
END_TEST

START_TEST(ten_million_guesses_are_no_hit)
{
    struct random_source random = {.state = random_seed()};
    Handle handles[GUESSED];

    for (size_t i = 0; i < GUESSED; i++) {
        handles[i] = sent_to(0, NULL);
        if (i % 2 == 1) {
            ck_assert_int_eq(parcel_take(&holders[RECEIVER], handles[i]), 0);
        }
    }
    for (unsigned i = 0; i < check_rounds(GUESSES); i++) {
        uint64_t number = random_next(&random);
        Handle near = handles[number % GUESSED] ^ (1u << (number >> 32) % 32);
        Handle guess = i % 3 == 0   ? (Handle)number
                       : i % 3 == 1 ? near
                                    : handles[number % GUESSED | 1];
        bool is_real = false;
        for (size_t known = 0; known < GUESSED; known += 2) {
            is_real = is_real || guess == handles[known];
        }
        ck_assert(is_real || (parcel_take(&holders[RECEIVER], guess) == ERROR_BAD_HANDLE &&
                              parcel_find(&holders[NEIGHBOUR], guess) == NULL));
    }
    ck_assert_uint_eq(ends[0].n, GUESSED / 2);
}
END_TEST

START_TEST(one_end_of_a_channel_takes_so_many_parcels)
{
    Handle last = 0;

    for (int i = 0; i < HANDLES_ARRIVING_MAX; i++) {
        last = sent_to(0, i % 2 == 0 ? NULL : &holders[i % 4 == 1 ? SENDER : NEIGHBOUR]);
    }
    ck_assert_int_eq(send_to(0, NULL, &last), ERROR_QUOTA);
    ck_assert_int_eq(send_to(0, &holders[SENDER], &last), ERROR_QUOTA);
    (void)sent_to(1, &holders[SENDER]);
    ck_assert_int_eq(handle_give_back(&holders[RECEIVER], last), 0);
    ck_assert(!is_labelled(last));
    (void)sent_to(0, NULL);
    ck_assert_int_eq(send_to(0, NULL, &last), ERROR_QUOTA);
}
END_TEST

START_TEST(one_sender_has_so_many_parcels_on_their_way_to_one_receiver)
{
    Handle last = 0;
    Handle other;

    for (int end = 0; end < ENDS; end++) {
        for (int i = 0; i < HANDLES_ARRIVING_MAX; i++) {
            last = sent_to(end, &holders[SENDER]);
        }
    }
    ck_assert_int_eq(send_to(ENDS, &holders[SENDER], &last), ERROR_QUOTA);
    (void)sent_to(ENDS, &holders[NEIGHBOUR]);
    (void)sent_to(ENDS, NULL); /* a reply */
    ck_assert_int_eq(send_elsewhere(ENDS, &holders[SENDER], &other), 0);
    ck_assert_int_eq(parcel_take(&holders[RECEIVER], last), 0);
    (void)sent_to(ENDS, &holders[SENDER]);
    ck_assert_int_eq(send_to(ENDS, &holders[SENDER], &last), ERROR_QUOTA);
}
END_TEST

START_TEST(parcels_of_an_end_that_is_gone_wait_elsewhere_and_can_be_taken_still)
{
    Handle first = sent_to(0, &holders[SENDER]);
    Handle second = sent_to(0, &holders[SENDER]);

    parcels_move(&ends[0], &holders[RECEIVER].lost);
    ck_assert_uint_eq(ends[0].n, 0);
    ck_assert_uint_eq(holders[RECEIVER].lost.n, 2);
    ck_assert_int_eq(parcel_take(&holders[RECEIVER], first), 0);
    ck_assert_uint_eq(holders[RECEIVER].lost.n, 1);
    ck_assert_uint_eq(holders[SENDER].n_sent[RECEIVER], 1);
    parcels_give_back(&holders[RECEIVER].lost);
    ck_assert(!is_labelled(second));
    ck_assert_int_eq(parcel_take(&holders[RECEIVER], second), ERROR_BAD_HANDLE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parcel");
    TCase *cases = tcase_create("parcel");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_parcel_is_taken_once_and_by_its_receiver);
    tcase_add_test(cases, ten_million_guesses_are_no_hit);
    tcase_add_test(cases, one_end_of_a_channel_takes_so_many_parcels);
    tcase_add_test(cases, one_sender_has_so_many_parcels_on_their_way_to_one_receiver);
    tcase_add_test(cases, parcels_of_an_end_that_is_gone_wait_elsewhere_and_can_be_taken_still);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

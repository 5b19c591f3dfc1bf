/* SPDX-License-Identifier: Apache-2.0 */
/* What the broker says about handles, from its side and from the process's. */
#include "core/control.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/fd.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

#define RELABELLED UINT32_C(65000) /* generations of one index */

static struct control control;

static void setup(void)
{
    ck_assert_int_eq(control_init(&control), 0);
}

static void teardown(void)
{
    control_deinit(&control);
}

static bool is_live(Handle handle)
{
    const struct control_view view = control_view(handle);

    return control_is_live(&view);
}

START_TEST(without_a_broker_every_handle_is_live)
{
    ck_assert(is_live(1));
    ck_assert(is_live(UINT32_MAX));
}
END_TEST

START_TEST(a_process_sees_what_the_broker_says_about_the_first_and_the_last_handle)
{
    const Handle first = 0x10000;
    const Handle last = 0x10000 | (HANDLES_PER_ENTITY_MAX - 1);

    ck_assert_int_eq(control_map(control.fd), 0);
    control_set(&control, first, CONTROL_LIVE);
    control_set(&control, last, CONTROL_LIVE);
    control_set(&control, first, CONTROL_ENDED);
    ck_assert(!is_live(first));
    ck_assert(is_live(last));
    control_set(&control, last, CONTROL_REVOKED);
    ck_assert(!is_live(last));
    ck_assert(control_is_revoked(last));
    ck_assert(!control_is_revoked(first));
}
END_TEST

START_TEST(what_is_said_of_a_handle_is_not_said_of_the_one_before_at_its_place)
{
    const Handle before = 0x10007;
    const Handle handle = 0x20007;

    ck_assert_int_eq(control_map(control.fd), 0);
    control_set(&control, before, CONTROL_ENDED);
    control_set(&control, handle, CONTROL_LIVE);
    ck_assert(is_live(handle));
    ck_assert(!is_live(before));
    control_set(&control, handle, CONTROL_REVOKED);
    ck_assert(!control_is_revoked(before));
}
END_TEST

START_TEST(only_the_broker_can_write)
{
    ck_assert_ptr_eq(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, control.fd, 0),
                     MAP_FAILED);
    ck_assert_int_eq(pwrite(control.fd, "x", 1, 0), -1);
    ck_assert_int_eq(ftruncate(control.fd, 0), -1);
    ck_assert_int_eq(fallocate(control.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096),
                     -1);
    void *words = mmap(NULL, 4096, PROT_READ, MAP_SHARED, control.fd, 0);
    ck_assert_ptr_ne(words, MAP_FAILED);
    ck_assert_int_eq(mprotect(words, 4096, PROT_READ | PROT_WRITE), -1);
    munmap(words, 4096);
}
END_TEST

/* has_rung() - whether the process was told to look */
static bool has_rung(void)
{
    char byte;

    return recv(control.hearer, &byte, sizeof(byte), MSG_DONTWAIT) == 1;
}

/* label_of() - one that tells by every field which handle it is of */
static struct control_label label_of(Handle handle)
{
    return (struct control_label){.source = handle,
                                  .rights = ~handle,
                                  .flags = handle,
                                  .own = handle,
                                  .context = UINT64_C(0x100000001) * handle};
}

static bool is_whole(const struct control_label *label, Handle handle)
{
    return label->source == handle && label->rights == ~handle && label->flags == handle &&
           label->own == handle && label->context == UINT64_C(0x100000001) * handle;
}

/* The number that the next label is about, all at one index. */
static _Atomic Handle labelled;

/* relabel() - what a broker does with an index that is used again and again */
static void *relabel(void *unused)
{
    for (Handle generation = 1; generation <= RELABELLED; generation++) {
        const Handle handle = generation << 16 | 7;
        const struct control_label label = label_of(handle);
        control_label(&control, handle, &label);
        atomic_store(&labelled, handle);
        control_unlabel(&control, handle);
    }
    atomic_store(&labelled, 0);
    return unused;
}

START_TEST(a_label_is_read_whole_or_not_at_all)
{
    const struct control_label last = label_of(RELABELLED << 16 | 7);
    struct control_label label;
    pthread_t broker;
    Handle handle;

    ck_assert_int_eq(control_map(control.fd), 0);
    atomic_store(&labelled, 1 << 16 | 7);
    ck_assert_int_eq(pthread_create(&broker, NULL, relabel, NULL), 0);
    while ((handle = atomic_load(&labelled)) != 0) {
        for (Handle ahead = 0; ahead < 3; ahead++) {
            const Handle guess = handle + (ahead << 16);
            ck_assert(!control_read_label(guess, &label) || is_whole(&label, guess));
        }
    }
    pthread_join(broker, NULL);
    ck_assert(!control_read_label(last.own, &label));
    control_label(&control, last.own, &last);
    ck_assert(control_read_label(last.own, &label) && is_whole(&label, last.own));
    ck_assert(!control_read_label(last.own - (1 << 16), &label));
    ck_assert(!control_read_label(0, &label));
}
END_TEST

START_TEST(the_bell_rings_once_for_all_that_has_changed_since)
{
    control_ring(&control);
    ck_assert(!has_rung());
    control_set(&control, 7, CONTROL_ENDED);
    control_nudge(&control, 8);
    ck_assert(!has_rung());
    control_ring(&control);
    control_ring(&control);
    ck_assert(has_rung());
    ck_assert(!has_rung());
}
END_TEST

START_TEST(a_process_that_does_not_listen_does_not_keep_the_broker_waiting)
{
    for (int i = 0; i < 100000; i++) {
        control_nudge(&control, 8);
        control_ring(&control);
    }
    control.hearer = fd_close(control.hearer);
    control_nudge(&control, 8);
    control_ring(&control);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("control");
    TCase *cases = tcase_create("control");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 30);
    tcase_add_test(cases, without_a_broker_every_handle_is_live);
    tcase_add_test(cases, a_process_sees_what_the_broker_says_about_the_first_and_the_last_handle);
    tcase_add_test(cases, what_is_said_of_a_handle_is_not_said_of_the_one_before_at_its_place);
    tcase_add_test(cases, only_the_broker_can_write);
    tcase_add_test(cases, a_label_is_read_whole_or_not_at_all);
    tcase_add_test(cases, the_bell_rings_once_for_all_that_has_changed_since);
    tcase_add_test(cases, a_process_that_does_not_listen_does_not_keep_the_broker_waiting);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

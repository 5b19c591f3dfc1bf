/* SPDX-License-Identifier: Apache-2.0 */
/* What the broker says about handles, from its side and from the process's. */
#include "core/control.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/fd.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

static struct control control;

static void setup(void)
{
    ck_assert_int_eq(control_init(&control), 0);
}

static void teardown(void)
{
    control_deinit(&control);
}

START_TEST(without_a_broker_every_handle_is_live)
{
    ck_assert_uint_eq(atomic_load(control_word(1)), CONTROL_LIVE);
    ck_assert_uint_eq(atomic_load(control_word(UINT32_MAX)), CONTROL_LIVE);
}
END_TEST

START_TEST(a_process_sees_what_the_broker_says_about_the_first_and_the_last_handle)
{
    const Handle first = 0x10000;
    const Handle last = 0x10000 | (HANDLES_PER_ENTITY_MAX - 1);

    ck_assert_int_eq(control_map(control.fd), 0);
    control_set(&control, first, CONTROL_ENDED);
    ck_assert_uint_eq(atomic_load(control_word(first)), CONTROL_ENDED);
    ck_assert_uint_eq(atomic_load(control_word(last)), CONTROL_LIVE);
    control_set(&control, last, CONTROL_ENDED);
    ck_assert_uint_eq(atomic_load(control_word(last)), CONTROL_ENDED);
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
    tcase_add_test(cases, only_the_broker_can_write);
    tcase_add_test(cases, the_bell_rings_once_for_all_that_has_changed_since);
    tcase_add_test(cases, a_process_that_does_not_listen_does_not_keep_the_broker_waiting);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/vmm/vmm_api.h>

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define READ_WRITE (VMM_FLAG_READ | VMM_FLAG_WRITE)

static size_t page;

static void set_up(void)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
}

/* dies() - whether writing to @byte kills a process */
static int dies(volatile char *byte)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        *byte = 1;
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

START_TEST(committed_pages_are_zero_and_can_be_written)
{
    char *pages = KnVmAllocate(RTL_NULL, 2 * page, VMM_FLAG_COMMIT | VMM_FLAG_LOCKED | READ_WRITE);

    ck_assert_ptr_nonnull(pages);
    ck_assert_int_eq(pages[0] | pages[2 * page - 1], 0);
    memset(pages, 1, 2 * page);
    ck_assert_int_eq(KnVmUnmap(pages, 2 * page), rcOk);
    ck_assert(dies(pages));
}
END_TEST

START_TEST(reserved_pages_cannot_be_touched_before_they_are_committed)
{
    char *pages = KnVmAllocate(RTL_NULL, 2 * page, VMM_FLAG_RESERVE | READ_WRITE);

    ck_assert_ptr_nonnull(pages);
    ck_assert(dies(pages));
    ck_assert_int_eq(KnVmCommit(pages + page, page, READ_WRITE), rcOk);
    pages[page] = 5;
    ck_assert(dies(pages));
    ck_assert_int_eq(KnVmDecommit(pages + page, page), rcOk);
    ck_assert(dies(pages + page));
    ck_assert_int_eq(KnVmCommit(pages + page, page, READ_WRITE), rcOk);
    ck_assert_int_eq(pages[page], 0);
    ck_assert_int_eq(KnVmUnmap(pages, 2 * page), rcOk);
}
END_TEST

START_TEST(what_may_be_done_with_pages_can_be_changed)
{
    char *pages = KnVmAllocate(RTL_NULL, 1, VMM_FLAG_COMMIT | READ_WRITE);

    pages[page - 1] = 7;
    ck_assert_int_eq(KnVmProtect(pages, page, VMM_FLAG_READ), rcOk);
    ck_assert(dies(pages));
    ck_assert_int_eq(pages[page - 1], 7);
    ck_assert_int_eq(KnVmUnmap(pages, 1), rcOk);
}
END_TEST

START_TEST(pages_are_where_they_were_asked_for_or_nowhere)
{
    char *pages = KnVmAllocate(RTL_NULL, 2 * page, VMM_FLAG_RESERVE);

    ck_assert_ptr_null(KnVmAllocate(pages, page, VMM_FLAG_COMMIT | READ_WRITE));
    ck_assert_int_eq(KnVmUnmap(pages, page), rcOk);
    ck_assert_ptr_eq(KnVmAllocate(pages, page, VMM_FLAG_COMMIT | READ_WRITE), pages);
    ck_assert_int_eq(KnVmUnmap(pages, 2 * page), rcOk);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
    char *pages = KnVmAllocate(RTL_NULL, page, VMM_FLAG_COMMIT | READ_WRITE);

    ck_assert_ptr_null(KnVmAllocate(RTL_NULL, 0, VMM_FLAG_COMMIT | READ_WRITE));
    ck_assert_ptr_null(KnVmAllocate(RTL_NULL, page, READ_WRITE));
    ck_assert_ptr_null(KnVmAllocate(pages + 1, page, VMM_FLAG_COMMIT | READ_WRITE));
    ck_assert_ptr_null(KnVmAllocate(RTL_NULL, SIZE_MAX / 2, VMM_FLAG_COMMIT | READ_WRITE));
    ck_assert_int_eq(KnVmCommit(pages + 1, page, READ_WRITE), rcInvalidArgument);
    ck_assert_int_eq(KnVmProtect(pages, 0, READ_WRITE), rcInvalidArgument);
    ck_assert_int_eq(KnVmDecommit(pages + 1, page), rcInvalidArgument);
    ck_assert_int_eq(KnVmUnmap(pages, 0), rcInvalidArgument);
    ck_assert_int_eq(KnVmUnmap(pages, page), rcOk);
    ck_assert_int_eq(KnVmProtect(pages, page, READ_WRITE), rcOutOfMemory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vmm");
    TCase *cases = tcase_create("vmm");

    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_test(cases, committed_pages_are_zero_and_can_be_written);
    tcase_add_test(cases, reserved_pages_cannot_be_touched_before_they_are_committed);
    tcase_add_test(cases, what_may_be_done_with_pages_can_be_changed);
    tcase_add_test(cases, pages_are_where_they_were_asked_for_or_nowhere);
    tcase_add_test(cases, bad_arguments_are_refused);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/own_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <services/ocap.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/adopt.h"
#include "core/fd.h"
#include "core/object.h"
#include "tests/support/check_main.h"

#define READ_WRITE (PROT_READ | PROT_WRITE)
#define HANDLE ((Handle)0x10003)
#define COPY ((Handle)0x10004)

static size_t page;
static int fd;
static struct own_pages *pages;

static void setup(void)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
    fd = memfd_create("capchan-memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ck_assert_int_eq(ftruncate(fd, (off_t)(3 * page)), 0);
    ck_assert_int_eq(own_pages_new(fd, 3 * page - 1, &pages), 0);
}

static void teardown(void)
{
    fd_close(fd);
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

static char *mapped(size_t offset, size_t length, int protection)
{
    void *address;

    ck_assert_int_eq(own_pages_map(pages, offset, length, protection, &address), 0);
    return address;
}

START_TEST(there_is_always_one_more_mapping_to_write)
{
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SEAL), 0);
    ck_assert_ptr_eq(mmap(NULL, page, READ_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
    char *all = mapped(0, 3 * page, READ_WRITE);
    char *last = mapped(2 * page, page - 1, READ_WRITE);
    strcpy(last, "hello");
    ck_assert_str_eq(all + 2 * page, "hello");
    munmap(all, 3 * page);
    char *again = mapped(page, 2 * page, READ_WRITE);
    ck_assert_str_eq(again + page, "hello");
    pages = own_pages_unref(pages);
    again[page] = 'j';
    ck_assert_str_eq(last, "jello");
}
END_TEST

START_TEST(a_mapping_to_read_is_not_written)
{
    char *all = mapped(0, 3 * page, PROT_READ);

    ck_assert_int_eq(all[0], 0);
    ck_assert(dies(all));
    ck_assert(!dies(mapped(0, page, READ_WRITE)));
    ck_assert_int_eq(all[0], 1);
    own_pages_unref(pages);
}
END_TEST

START_TEST(the_bytes_that_it_is_filled_with_are_there)
{
    char bytes[64 << 10];

    memset(bytes, 7, sizeof(bytes));
    own_pages_fill(pages, bytes);
    char *all = mapped(0, 3 * page, PROT_READ);
    ck_assert_int_eq(all[0], 7);
    ck_assert_int_eq(all[3 * page - 2], 7);
    ck_assert_int_eq(all[3 * page - 1], 0);
    own_pages_unref(pages);
}
END_TEST

START_TEST(memory_that_cannot_be_written_is_not_ours)
{
    struct own_pages *none;
    int sealed = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    ck_assert_int_eq(ftruncate(sealed, (off_t)page), 0);
    ck_assert_int_eq(fcntl(sealed, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
    ck_assert_int_eq(own_pages_new(sealed, page, &none), -EPERM);
    int short_one = memfd_create("short", MFD_CLOEXEC);
    ck_assert_int_lt(own_pages_new(short_one, page, &none), 0); /* there is no memory behind it */
    fd_close(sealed);
    fd_close(short_one);
    own_pages_unref(pages);
}
END_TEST

START_TEST(a_copy_that_may_write_can_still_when_the_original_is_closed)
{
    ck_assert_int_eq(own_memory_adopt(HANDLE, pages), 0);
    ck_assert_int_eq(own_memory_copy(HANDLE, OCAP_MDL_READ | OCAP_MDL_WRITE, COPY), 0);
    object_unref(object_table_remove(HANDLE));
    ck_assert_ptr_null(own_memory_pages(HANDLE));
    ck_assert_ptr_eq(own_memory_pages(COPY), pages);
    own_pages_unref(pages);
    *mapped(0, page, READ_WRITE) = 1;
    object_unref(object_table_remove(COPY));
}
END_TEST

START_TEST(a_copy_that_may_only_read_is_a_handle_and_no_more)
{
    ck_assert_int_eq(own_memory_adopt(HANDLE, pages), 0);
    ck_assert_int_eq(own_memory_copy(HANDLE, OCAP_MDL_READ, COPY), 0);
    ck_assert_ptr_null(own_memory_pages(COPY));
    ck_assert_int_eq(own_memory_copy(COPY, OCAP_MDL_READ | OCAP_MDL_WRITE, HANDLE), 0);
    ck_assert_ptr_null(own_memory_pages(HANDLE));
    object_unref(object_table_remove(HANDLE));
    object_unref(object_table_remove(COPY));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("own memory");
    TCase *cases = tcase_create("own memory");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, there_is_always_one_more_mapping_to_write);
    tcase_add_test(cases, a_mapping_to_read_is_not_written);
    tcase_add_test(cases, the_bytes_that_it_is_filled_with_are_there);
    tcase_add_test(cases, memory_that_cannot_be_written_is_not_ours);
    tcase_add_test(cases, a_copy_that_may_write_can_still_when_the_original_is_closed);
    tcase_add_test(cases, a_copy_that_may_only_read_is_a_handle_and_no_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mapping.h"

#include <coresrv/handle/handle_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/object.h"
#include "tests/support/check_main.h"

#define HANDLE ((Handle)0x10003)
#define OTHER ((Handle)0x10004)
#define PAGES 4
#define ROUNDS 2000

static size_t page;
static char *pages;

static void setup(void)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
    pages = mmap(NULL, PAGES * page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(pages, MAP_FAILED);
}

/* is_there() - whether something is mapped at page number @number */
static bool is_there(size_t number)
{
    unsigned char unused;

    return mincore(pages + number * page, page, &unused) == 0;
}

/* take_place() - where pages were unmapped, map others */
static void take_place(size_t number, size_t n_pages)
{
    void *place = pages + number * page;

    ck_assert_ptr_eq(mmap(place, n_pages * page, PROT_READ,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
                     place);
}

START_TEST(a_mapping_ends_with_its_handle)
{
    ck_assert_int_eq(mapping_adopt(HANDLE, pages, PAGES * page - 1), 0);
    ck_assert(is_there(0) && is_there(PAGES - 1));
    ck_assert_int_eq(KnHandleClose(HANDLE), rcOk);
    ck_assert(!is_there(0) && !is_there(PAGES - 1));
    ck_assert_int_eq(KnHandleClose(HANDLE), rcNoCapability);
}
END_TEST

START_TEST(the_handle_of_unmapped_pages_unmaps_nothing_that_came_after_them)
{
    ck_assert_int_eq(mapping_adopt(HANDLE, pages, PAGES * page), 0);
    ck_assert_int_eq(KnVmUnmap(pages, PAGES * page), rcOk);
    ck_assert(!is_there(0));
    take_place(0, PAGES);
    ck_assert_int_eq(KnHandleClose(HANDLE), rcOk);
    ck_assert(is_there(0) && is_there(PAGES - 1));
    munmap(pages, PAGES * page);
}
END_TEST

START_TEST(who_unmaps_some_pages_has_to_unmap_the_others)
{
    ck_assert_int_eq(mapping_adopt(HANDLE, pages, PAGES * page), 0);
    ck_assert_int_eq(KnVmUnmap(pages + page, page), rcOk);
    take_place(1, 1);
    ck_assert_int_eq(KnHandleClose(HANDLE), rcOk);
    ck_assert(is_there(0) && is_there(1) && is_there(PAGES - 1));
    munmap(pages, PAGES * page);
}
END_TEST

START_TEST(other_mappings_are_not_concerned)
{
    ck_assert_int_eq(mapping_adopt(HANDLE, pages, page), 0);
    ck_assert_int_eq(mapping_adopt(OTHER, pages + 2 * page, 2 * page), 0);
    ck_assert_int_eq(KnVmUnmap(pages + page, page), rcOk);
    ck_assert_int_eq(KnVmUnmap(pages + 1, page), rcInvalidArgument);
    ck_assert_int_eq(KnHandleClose(HANDLE), rcOk);
    ck_assert(!is_there(0) && is_there(2));
    ck_assert_int_eq(KnHandleClose(OTHER), rcOk);
    ck_assert(!is_there(2) && !is_there(3));
}
END_TEST

static void *unmap(void *address)
{
    ck_assert_int_eq(KnVmUnmap(address, page), rcOk);
    return NULL;
}

START_TEST(closing_and_unmapping_at_once_unmap_once)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_t thread;
        void *address = mmap(NULL, page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        ck_assert_int_eq(mapping_adopt(HANDLE, address, page), 0);
        ck_assert_int_eq(pthread_create(&thread, NULL, unmap, address), 0);
        ck_assert_int_eq(KnHandleClose(HANDLE), rcOk);
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
        ck_assert_ptr_null(object_table_remove(HANDLE));
    }
    munmap(pages, PAGES * page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mapping");
    TCase *cases = tcase_create("mapping");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, a_mapping_ends_with_its_handle);
    tcase_add_test(cases, the_handle_of_unmapped_pages_unmaps_nothing_that_came_after_them);
    tcase_add_test(cases, who_unmaps_some_pages_has_to_unmap_the_others);
    tcase_add_test(cases, other_mappings_are_not_concerned);
    tcase_add_test(cases, closing_and_unmapping_at_once_unmap_once);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/memory_object.h"

#include <errno.h>
#include <fcntl.h>
#include <services/ocap.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/handles.h"
#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/holdings.h"

#define N_HOLDERS 5
#define READ_WRITE (PROT_READ | PROT_WRITE)
#define READER (OCAP_MDL_FULL & ~OCAP_MDL_WRITE)

enum {
    MAKER,
    READING,
};

static struct handles handles;
static struct holder *holders;
static struct backlog backlog;
static struct holdings before;
static size_t page;

static void setup(void)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
    TAILQ_INIT(&backlog);
    handles_init(&handles, &backlog);
    before = holdings_of(getpid());
    holders = holders_new(N_HOLDERS);
    ck_assert_ptr_nonnull(holders);
}

static void teardown(void)
{
    for (size_t i = 0; i < N_HOLDERS; i++) {
        handles_give_back(&holders[i]);
    }
    for (size_t i = 0; i < N_HOLDERS; i++) {
        ck_assert_uint_eq(holders[i].memory.n_objects, 0);
        ck_assert_uint_eq(holders[i].memory.bytes, 0);
    }
    ck_assert_uint_eq(handles.memory.n_objects, 0);
    ck_assert_uint_eq(handles.memory.bytes, 0);
    holders_free(holders, N_HOLDERS);
    ck_assert_int_eq(holdings_of(getpid()).n_descriptors, before.n_descriptors);
}

/* made() - memory of @size bytes of an entity. Return: its descriptor. */
static int made(size_t who, uint64_t size, Handle *ret_handle)
{
    int fd;

    ck_assert_int_eq(handles_make_memory(&handles, &holders[who], size, true, ret_handle, &fd), 0);
    return fd;
}

static int make(size_t who, uint64_t size)
{
    Handle handle;
    int fd;

    return handles_make_memory(&handles, &holders[who], size, true, &handle, &fd);
}

/* written() - what the maker does with its descriptor */
static char *written(int fd, size_t size)
{
    char *bytes = mmap(NULL, size, READ_WRITE, MAP_SHARED, fd, 0);

    ck_assert_ptr_ne(bytes, MAP_FAILED);
    ck_assert_int_eq(madvise(bytes, size, MADV_POPULATE_WRITE), 0);
    return bytes;
}

static int give(Handle handle, uint32_t rights, Handle *ret_handle)
{
    const struct handles_wish wish = {.from = &holders[MAKER],
                                      .handle = handle,
                                      .needed = OCAP_HANDLE_TRANSFER,
                                      .rights = rights,
                                      .badge = INVALID_HANDLE,
                                      .to = &holders[READING]};

    return handles_derive(&wish, ret_handle);
}

/* fetched() - the descriptor that comes with a handle that the reader is given, borrowed */
static int fetched(Handle handle)
{
    uint64_t size;
    Handle given;
    int fd;

    ck_assert_int_eq(give(handle, OCAP_MDL_READ, &given), 0);
    ck_assert_int_eq(handles_open_memory(&holders[READING], given, &size, &fd), 0);
    return fd;
}

static int fetch(size_t who, Handle handle)
{
    uint64_t size;
    int fd;

    return handles_open_memory(&holders[who], handle, &size, &fd);
}

static int map(size_t who, Handle handle, uint32_t needed)
{
    Handle unused;

    return handles_map(&holders[who], handle, needed, &unused);
}

START_TEST(memory_has_the_bytes_that_were_asked_for_in_whole_pages)
{
    const size_t sizes[] = {1, page - 1, page, page + 1};
    const size_t pages[] = {1, 1, 1, 2};

    for (size_t i = 0; i < 4; i++) {
        Handle handle;
        struct stat status;
        uint64_t size;
        size_t bytes = holders[MAKER].memory.bytes;
        int fd = made(MAKER, sizes[i], &handle);
        ck_assert_int_eq(handles_memory_size(&holders[MAKER], handle, &size), 0);
        ck_assert_uint_eq(size, sizes[i]);
        ck_assert_int_eq(fstat(fd, &status), 0);
        ck_assert_uint_eq((size_t)status.st_size, pages[i] * page);
        ck_assert_uint_eq(holders[MAKER].memory.bytes - bytes, pages[i] * page);
    }
}
END_TEST

START_TEST(there_is_no_memory_of_no_bytes_or_of_more_than_an_entity_may_have)
{
    ck_assert_int_eq(make(MAKER, 0), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(make(MAKER, MEMORY_BYTES_PER_ENTITY_MAX + 1), ERROR_QUOTA);
    ck_assert_int_eq(make(MAKER, UINT64_MAX), ERROR_QUOTA);
    ck_assert_int_eq(make(MAKER, MEMORY_BYTES_PER_ENTITY_MAX), 0);
}
END_TEST

START_TEST(the_bytes_of_an_entity_have_a_limit)
{
    Handle half;

    (void)made(MAKER, MEMORY_BYTES_PER_ENTITY_MAX / 2, &half);
    ck_assert_int_eq(make(MAKER, MEMORY_BYTES_PER_ENTITY_MAX / 2 - page + 1), 0);
    ck_assert_int_eq(make(MAKER, 1), ERROR_QUOTA);
    ck_assert_int_eq(handle_give_back(&holders[MAKER], half), 0);
    ck_assert_int_eq(make(MAKER, MEMORY_BYTES_PER_ENTITY_MAX / 2 + 1), ERROR_QUOTA);
    ck_assert_int_eq(make(MAKER, MEMORY_BYTES_PER_ENTITY_MAX / 2), 0);
}
END_TEST

START_TEST(the_bytes_of_all_have_a_limit)
{
    const size_t n_full = MEMORY_BYTES_MAX / MEMORY_BYTES_PER_ENTITY_MAX;

    ck_assert_uint_lt(n_full, N_HOLDERS);
    for (size_t i = 0; i + 1 < n_full; i++) {
        ck_assert_int_eq(make(i, MEMORY_BYTES_PER_ENTITY_MAX), 0);
    }
    ck_assert_int_eq(make(n_full - 1, MEMORY_BYTES_PER_ENTITY_MAX - page), 0);
    ck_assert_int_eq(make(n_full, page + 1), ERROR_QUOTA);
    ck_assert_int_eq(make(n_full, page), 0);
    ck_assert_int_eq(make(n_full, 1), ERROR_QUOTA);
    handles_give_back(&holders[0]);
    ck_assert_int_eq(make(n_full, page), 0);
}
END_TEST

START_TEST(the_objects_of_an_entity_and_of_all_have_a_limit)
{
    for (int i = 0; i < MEMORY_OBJECTS_PER_ENTITY_MAX; i++) {
        ck_assert_int_eq(make(MAKER, 1), 0);
    }
    ck_assert_int_eq(make(MAKER, 1), ERROR_QUOTA);
    size_t others = MEMORY_OBJECTS_MAX - 1 - handles.memory.n_objects;
    handles.memory.n_objects += others;
    ck_assert_int_eq(make(READING, 1), 0);
    ck_assert_int_eq(make(READING, 1), ERROR_QUOTA);
    handles.memory.n_objects -= others;
}
END_TEST

START_TEST(the_maker_writes_what_others_read)
{
    Handle handle;
    int fd = made(MAKER, 2 * page, &handle);
    char *bytes = written(fd, 2 * page);
    char *seen = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fetched(handle), 0);

    ck_assert_ptr_ne(seen, MAP_FAILED);
    strcpy(bytes + page, "written later");
    ck_assert_str_eq(seen + page, "written later");
    munmap(bytes, 2 * page);
    munmap(seen, 2 * page);
}
END_TEST

START_TEST(nobody_maps_to_write_once_there_is_a_reader)
{
    Handle handle;
    int fd = made(MAKER, page, &handle);
    char *bytes = written(fd, page);
    int reading = fetched(handle);
    char path[64];

    ck_assert_ptr_eq(mmap(NULL, page, READ_WRITE, MAP_SHARED, reading, 0), MAP_FAILED);
    ck_assert_int_eq(errno, EPERM);
    char *seen = mmap(NULL, page, PROT_READ, MAP_SHARED, reading, 0);
    ck_assert_ptr_ne(seen, MAP_FAILED);
    ck_assert_int_eq(mprotect(seen, page, READ_WRITE), -1);
    ck_assert_int_eq(errno, EACCES);
    ck_assert_int_eq(pwrite(reading, "x", 1, 0), -1);
    ck_assert_int_eq(errno, EPERM);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", reading);
    int again = open(path, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(again, 0);
    ck_assert_int_eq(pwrite(again, "x", 1, 0), -1);
    ck_assert_ptr_eq(mmap(NULL, page, READ_WRITE, MAP_SHARED, again, 0), MAP_FAILED);
    fd_close(again);
    munmap(bytes, page);
    munmap(seen, page);
}
END_TEST

/* try_to_take() - pages away, in all ways that there are */
static void try_to_take(int fd, char *bytes)
{
    ck_assert_int_eq(ftruncate(fd, 0), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_int_eq(ftruncate(fd, (off_t)(2 * page)), -1);
    ck_assert_int_eq(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)page), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_int_eq(madvise(bytes, page, MADV_REMOVE), -1);
}

START_TEST(the_maker_cannot_take_pages_away_from_a_reader)
{
    Handle handle;
    int fd = made(MAKER, page, &handle);
    char *bytes = written(fd, page);

    ck_assert_int_eq(ftruncate(fd, 0), -1);
    bytes[0] = 5;
    int reading = fetched(handle);
    try_to_take(fd, bytes);
    try_to_take(reading, bytes);
    ck_assert_int_eq(bytes[0], 5);
    munmap(bytes, page);
    ck_assert_int_eq(fcntl(reading, F_ADD_SEALS, F_SEAL_WRITE), -1); /* some would read no more */
    ck_assert_int_eq(errno, EPERM);
}
END_TEST

START_TEST(memory_without_all_of_its_pages_is_not_read)
{
    Handle handle;
    int fd = made(MAKER, 2 * page, &handle);

    ck_assert_int_eq(fetch(MAKER, handle), ERROR_DENIED); /* nobody put any there */
    handle_give_back(&holders[MAKER], handle);
    fd = made(MAKER, 2 * page, &handle);
    char *bytes = written(fd, 2 * page);
    ck_assert_int_eq(madvise(bytes, page, MADV_REMOVE), 0);
    ck_assert_int_eq(fetch(MAKER, handle), ERROR_DENIED);
    bytes[0] = 1;
    ck_assert_int_eq(fetch(MAKER, handle), 0);
    munmap(bytes, 2 * page);
}
END_TEST

START_TEST(memory_that_the_broker_cannot_seal_is_not_read)
{
    Handle handle;
    int fd = made(MAKER, page, &handle);
    char *bytes = written(fd, page);

    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), 0);
    ck_assert_int_eq(fetch(MAKER, handle), ERROR_DENIED);
    munmap(bytes, page);
}
END_TEST

START_TEST(only_the_maker_has_the_right_to_write)
{
    Handle handle;
    Handle given;
    int fd;
    const struct handles_wish copy = {.from = &holders[MAKER],
                                      .needed = OCAP_HANDLE_COPY,
                                      .rights = OCAP_MDL_FULL,
                                      .badge = INVALID_HANDLE,
                                      .to = &holders[MAKER]};
    struct handles_wish wish = copy;

    (void)made(MAKER, page, &wish.handle);
    handle = wish.handle;
    ck_assert_int_eq(handles_derive(&wish, &given), 0);
    ck_assert_int_eq(map(MAKER, given, OCAP_MDL_READ | OCAP_MDL_WRITE), 0);
    ck_assert_int_eq(give(handle, OCAP_MDL_FULL, &given), 0);
    ck_assert_int_eq(map(READING, given, OCAP_MDL_READ), 0);
    ck_assert_int_eq(map(READING, given, OCAP_MDL_WRITE), ERROR_DENIED);
    ck_assert_int_eq(handles_make_memory(&handles, &holders[MAKER], 1, false, &handle, &fd), 0);
    ck_assert_int_eq(map(MAKER, handle, OCAP_MDL_WRITE), ERROR_DENIED);
    ck_assert_int_eq(give(handle, OCAP_MDL_FULL, &given), ERROR_DENIED);
    ck_assert_int_eq(give(handle, READER, &given), 0);
}
END_TEST

START_TEST(what_was_taken_back_is_neither_fetched_nor_mapped)
{
    Handle handle;
    Handle given;
    Handle mapping;
    char *bytes = written(made(MAKER, page, &handle), page);

    ck_assert_int_eq(give(handle, READER, &given), 0);
    ck_assert_int_eq(handles_map(&holders[READING], given, OCAP_MDL_READ, &mapping), 0);
    ck_assert_int_eq(fetch(READING, given), 0);
    ck_assert_int_eq(handles_revoke(&holders[MAKER], handle), 0);
    ck_assert_int_eq(fetch(READING, given), ERROR_REVOKED);
    ck_assert_int_eq(map(READING, given, OCAP_MDL_READ), ERROR_REVOKED);
    ck_assert_uint_eq(holders[MAKER].memory.n_objects, 0);
    ck_assert_int_eq(handle_give_back(&holders[READING], given), 0);
    ck_assert_int_eq(handle_give_back(&holders[READING], mapping), 0);
    munmap(bytes, page);
}
END_TEST

START_TEST(the_maker_pays_until_the_last_handle_and_mapping_are_closed)
{
    Handle handle;
    Handle given;
    Handle mapping;
    char *bytes = written(made(MAKER, page, &handle), page);

    ck_assert_int_eq(give(handle, READER, &given), 0);
    ck_assert_int_eq(handles_map(&holders[READING], given, OCAP_MDL_READ, &mapping), 0);
    handles_give_back(&holders[MAKER]);
    ck_assert_int_eq(fetch(READING, given), 0);
    ck_assert_int_eq(handle_give_back(&holders[READING], given), 0);
    ck_assert_uint_eq(holders[MAKER].memory.bytes, page);
    ck_assert_uint_eq(holders[READING].memory.bytes, 0);
    ck_assert_int_eq(handle_give_back(&holders[READING], mapping), 0);
    ck_assert_uint_eq(holders[MAKER].memory.bytes, 0);
    munmap(bytes, page);
}
END_TEST

START_TEST(what_a_killed_maker_wrote_is_there)
{
    Handle handle;
    int fd = made(MAKER, page, &handle);
    int status;

    pid_t child = fork();
    if (child == 0) {
        strcpy(written(fd, page), "its last words");
        raise(SIGKILL);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    int reading = fetched(handle);
    handles_give_back(&holders[MAKER]);
    char *seen = mmap(NULL, page, PROT_READ, MAP_SHARED, reading, 0);
    ck_assert_str_eq(seen, "its last words");
    munmap(seen, page);
}
END_TEST

START_TEST(other_handles_are_no_memory)
{
    const struct handles_resource described = {.rights = OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL,
                                               .listener = INVALID_HANDLE};
    const struct handles_resource greedy = {.rights = OCAP_MDL_READ, .listener = INVALID_HANDLE};
    Handle handle;
    Handle mapping;
    uint64_t size;

    ck_assert_int_eq(handles_make_resource(&holders[MAKER], &greedy, &handle), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(handles_make_resource(&holders[MAKER], &described, &handle), 0);
    ck_assert_int_eq(fetch(MAKER, handle), ERROR_DENIED);
    ck_assert_int_eq(map(MAKER, handle, 0), ERROR_DENIED);
    ck_assert_int_eq(handles_memory_size(&holders[MAKER], handle, &size), ERROR_DENIED);
    ck_assert_int_eq(fetch(MAKER, INVALID_HANDLE), ERROR_BAD_HANDLE);
    ck_assert_int_eq(map(MAKER, INVALID_HANDLE, 0), ERROR_BAD_HANDLE);
    char *bytes = written(made(MAKER, page, &handle), page);
    ck_assert_int_eq(fetch(READING, handle), ERROR_BAD_HANDLE);
    ck_assert_int_eq(fetch(MAKER, handle), 0);
    ck_assert_int_eq(give(handle, READER & ~OCAP_MDL_READ, &handle), 0);
    ck_assert_int_eq(fetch(READING, handle), ERROR_DENIED);
    ck_assert_int_eq(handles_map(&holders[READING], handle, 0, &mapping), 0);
    ck_assert_int_eq(fetch(READING, mapping), ERROR_DENIED);
    ck_assert_int_eq(map(READING, mapping, OCAP_MDL_READ), ERROR_DENIED);
    munmap(bytes, page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory object");
    TCase *cases = tcase_create("memory object");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, memory_has_the_bytes_that_were_asked_for_in_whole_pages);
    tcase_add_test(cases, there_is_no_memory_of_no_bytes_or_of_more_than_an_entity_may_have);
    tcase_add_test(cases, the_bytes_of_an_entity_have_a_limit);
    tcase_add_test(cases, the_bytes_of_all_have_a_limit);
    tcase_add_test(cases, the_objects_of_an_entity_and_of_all_have_a_limit);
    tcase_add_test(cases, the_maker_writes_what_others_read);
    tcase_add_test(cases, nobody_maps_to_write_once_there_is_a_reader);
    tcase_add_test(cases, the_maker_cannot_take_pages_away_from_a_reader);
    tcase_add_test(cases, memory_without_all_of_its_pages_is_not_read);
    tcase_add_test(cases, memory_that_the_broker_cannot_seal_is_not_read);
    tcase_add_test(cases, only_the_maker_has_the_right_to_write);
    tcase_add_test(cases, what_was_taken_back_is_neither_fetched_nor_mapped);
    tcase_add_test(cases, the_maker_pays_until_the_last_handle_and_mapping_are_closed);
    tcase_add_test(cases, what_a_killed_maker_wrote_is_there);
    tcase_add_test(cases, other_handles_are_no_memory);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

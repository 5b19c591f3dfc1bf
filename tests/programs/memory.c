/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entity of the tests of memory objects: its argument is the name of what it tries. It prints
 * what did not go as it should, and ends with 1 then.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/pmm/pmm_api.h>
#include <coresrv/vmm/vmm_api.h>

#include <actor/Server.edl.h>

#include "tests/programs/trials.h"

#define READ_WRITE (VMM_FLAG_READ | VMM_FLAG_WRITE)
#define READER (OCAP_MDL_FULL & ~OCAP_MDL_WRITE)
#define OBJECTS_MAX 256 /* that one process made */
#define BYTES_MAX ((rtl_size_t)256 << 20)
#define CHURN_ROUNDS 10000
#define DEPTH_MAX 32
#define TEXT "what is in memory"

static size_t page;

/* A mapping. */
struct view {
    Handle handle;
    char *bytes;
};

static Handle made(rtl_size_t size)
{
    Handle handle = INVALID_HANDLE;

    EXPECT(KnPmmMdlCreate(size, READ_WRITE, &handle), rcOk);
    return handle;
}

static Handle copied(Handle handle, rtl_uint32_t rights)
{
    Handle result = INVALID_HANDLE;

    EXPECT(KnHandleCopy(handle, rights, INVALID_HANDLE, &result), rcOk);
    return result;
}

static Retcode map(Handle handle, rtl_size_t offset, rtl_size_t length, int flags)
{
    struct view view;
    void *bytes;

    Retcode rc = KnPmmMdlMap(handle, offset, length, RTL_NULL, flags, &bytes, &view.handle);
    return rc != rcOk ? rc : KnHandleClose(view.handle);
}

static struct view mapped(Handle handle, rtl_size_t length, int flags)
{
    struct view view = {.handle = INVALID_HANDLE};
    void *bytes = NULL;

    EXPECT(KnPmmMdlMap(handle, 0, length, RTL_NULL, flags, &bytes, &view.handle), rcOk);
    view.bytes = bytes;
    if (bytes == NULL) {
        exit(1);
    }
    return view;
}

/* is_there() - whether something is mapped there */
static bool is_there(char *bytes)
{
    unsigned char unused;

    return mincore(bytes, page, &unused) == 0;
}

/* dies() - whether writing to @byte kills a process */
static bool dies(volatile char *byte)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        *byte = *byte;
        _exit(0);
    }
    EXPECT(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

/* What is written is seen through a copy that may only read, which nothing makes writable; and the
 * original can be mapped to write all the same. */
static void try_sharing(void)
{
    Handle handle = made(2 * page);
    struct view writing = mapped(handle, 2 * page, READ_WRITE);
    EXPECT(writing.bytes[0] | writing.bytes[2 * page - 1], 0);
    Handle copy = copied(handle, READER);
    EXPECT(map(copy, 0, page, READ_WRITE), rcSecurityDisallow);
    EXPECT(map(copy, 0, page, VMM_FLAG_WRITE), rcSecurityDisallow);
    struct view reading = mapped(copy, 2 * page, VMM_FLAG_READ);

    strcpy(writing.bytes, TEXT);
    EXPECT(strcmp(reading.bytes, TEXT), 0);
    EXPECT(KnVmProtect(reading.bytes, page, READ_WRITE), rcInvalidArgument);
    EXPECT(mprotect(reading.bytes, page, PROT_READ | PROT_WRITE), -1);
    EXPECT(dies(reading.bytes), true);
    struct view again = mapped(handle, page, READ_WRITE);
    EXPECT(dies(again.bytes), false);
    again.bytes[0] = 'W';
    EXPECT(reading.bytes[0], 'W');
    struct view other = mapped(copied(handle, OCAP_MDL_READ | OCAP_MDL_WRITE), page, READ_WRITE);
    other.bytes[0] = 'V';
    EXPECT(reading.bytes[0], 'V');
    EXPECT(KnHandleCopy(copy, OCAP_MDL_FULL, INVALID_HANDLE, &copy), rcSecurityDisallow);
    EXPECT(map(copied(handle, OCAP_HANDLE_COPY), 0, page, VMM_FLAG_READ), rcSecurityDisallow);
}

/* What is made of a buffer is a copy of it. */
static void try_filling(void)
{
    char text[] = TEXT;
    Handle handle = INVALID_HANDLE;
    rtl_size_t size = 0;

    EXPECT(KnPmmMdlCreateFromBuf(text, sizeof(text), VMM_FLAG_READ, &handle), rcOk);
    text[0] = 0;
    EXPECT(KnPmmMdlGetSize(handle, &size), rcOk);
    EXPECT(size, sizeof(text));
    EXPECT(map(handle, 0, 1, READ_WRITE), rcSecurityDisallow);
    EXPECT(strcmp(mapped(handle, sizeof(text), VMM_FLAG_READ).bytes, TEXT), 0);
    EXPECT(KnPmmMdlCreateFromBuf(TEXT, sizeof(TEXT), READ_WRITE, &handle), rcOk);
    struct view view = mapped(handle, sizeof(TEXT), READ_WRITE);
    EXPECT(strcmp(view.bytes, TEXT), 0);
    EXPECT(dies(view.bytes), false);
}

static void try_size(rtl_size_t size)
{
    rtl_size_t bytes = (size + page - 1) / page * page;
    rtl_size_t is = 0;

    for (int is_copy = 0; is_copy <= 1; is_copy++) {
        Handle made_one = made(size);
        Handle handle = is_copy ? copied(made_one, READER) : made_one;
        EXPECT(KnPmmMdlGetSize(handle, &is), rcOk);
        EXPECT(is, size);
        EXPECT(map(handle, 0, bytes, VMM_FLAG_READ), rcOk);
        EXPECT(map(handle, 0, bytes + 1, VMM_FLAG_READ), rcInvalidArgument);
        EXPECT(map(handle, bytes - page, page, VMM_FLAG_READ), rcOk);
        EXPECT(map(handle, bytes - page, page + 1, VMM_FLAG_READ), rcInvalidArgument);
        EXPECT(map(handle, bytes, 1, VMM_FLAG_READ), rcInvalidArgument);
        EXPECT(map(handle, 0, SIZE_MAX, VMM_FLAG_READ), rcInvalidArgument);
        EXPECT(map(handle, SIZE_MAX - page + 1, page, VMM_FLAG_READ), rcInvalidArgument);
        EXPECT(KnHandleClose(made_one), rcOk);
        EXPECT(is_copy ? KnHandleClose(handle) : rcOk, rcOk);
    }
}

static void try_sizes(void)
{
    Handle none = INVALID_HANDLE;

    try_size(1);
    try_size(page - 1);
    try_size(page);
    try_size(page + 1);
    try_size(BYTES_MAX);
    EXPECT(KnPmmMdlCreate(0, READ_WRITE, &none), rcInvalidArgument);
    EXPECT(KnPmmMdlCreate(BYTES_MAX + 1, READ_WRITE, &none), rcQuotaExceeded);
    EXPECT(KnPmmMdlCreate(SIZE_MAX, READ_WRITE, &none), rcQuotaExceeded);
}

static void try_arguments(void)
{
    Handle handle = made(page);
    Handle object = INVALID_HANDLE;
    Handle none;
    rtl_size_t size;
    void *bytes;

    EXPECT(KnPmmMdlCreate(page, READ_WRITE, NULL), rcInvalidArgument);
    EXPECT(KnPmmMdlCreate(page, 0, &none), rcInvalidArgument);
    EXPECT(KnPmmMdlCreate(page, VMM_FLAG_COMMIT, &none), rcInvalidArgument);
    EXPECT(KnPmmMdlCreateFromBuf(NULL, page, READ_WRITE, &none), rcInvalidArgument);
    EXPECT(KnPmmMdlCreateFromBuf(TEXT, 0, READ_WRITE, &none), rcInvalidArgument);
    EXPECT(KnPmmMdlMap(handle, 0, page, NULL, VMM_FLAG_READ, NULL, &none), rcInvalidArgument);
    EXPECT(KnPmmMdlMap(handle, 0, page, NULL, VMM_FLAG_READ, &bytes, NULL), rcInvalidArgument);
    EXPECT(map(handle, 0, 0, VMM_FLAG_READ), rcInvalidArgument);
    EXPECT(map(handle, 1, 1, VMM_FLAG_READ), rcInvalidArgument);
    EXPECT(map(handle, 0, page, VMM_FLAG_COMMIT), rcInvalidArgument);
    EXPECT(map(handle, 0, page, READ_WRITE | VMM_FLAG_COMMIT | VMM_FLAG_LOCKED), rcOk);
    EXPECT(map(INVALID_HANDLE, 0, page, VMM_FLAG_READ), rcNoCapability);
    EXPECT(KnPmmMdlGetSize(handle, NULL), rcInvalidArgument);
    EXPECT(KnPmmMdlGetSize(INVALID_HANDLE, &size), rcNoCapability);
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_COPY, NULL, &object), rcOk);
    EXPECT(map(object, 0, page, VMM_FLAG_READ), rcSecurityDisallow);
    EXPECT(KnPmmMdlGetSize(object, &size), rcSecurityDisallow);
    EXPECT(KnHandleClose(handle), rcOk);
    EXPECT(map(handle, 0, page, VMM_FLAG_READ), rcNoCapability);
    EXPECT(KnPmmMdlGetSize(handle, &size), rcNoCapability);
}

/* A mapping is gone with its handle, or when it is unmapped, and stays without that of the memory;
 * what comes to lie in its place is nobody's business but its owner's. */
static void try_unmapping(void)
{
    for (int is_copy = 0; is_copy <= 1; is_copy++) {
        Handle handle = made(2 * page);
        Handle used = is_copy ? copied(handle, READER) : handle;
        struct view one = mapped(used, 2 * page, VMM_FLAG_READ);
        struct view two = mapped(used, 2 * page, VMM_FLAG_READ);
        EXPECT(one.bytes != two.bytes, true);
        EXPECT(KnHandleClose(handle), rcOk);
        EXPECT(is_copy ? KnHandleClose(used) : rcOk, rcOk);
        EXPECT(is_there(one.bytes) && is_there(two.bytes), true);
        EXPECT(KnHandleClose(one.handle), rcOk);
        EXPECT(is_there(one.bytes), false);
        EXPECT(KnVmUnmap(two.bytes, 2 * page), rcOk);
        EXPECT(is_there(two.bytes), false);
        void *in_its_place =
            KnVmAllocate(two.bytes, page, VMM_FLAG_COMMIT | VMM_FLAG_READ | VMM_FLAG_WRITE);
        EXPECT(in_its_place == two.bytes, true);
        EXPECT(KnHandleClose(two.handle), rcOk);
        EXPECT(is_there(two.bytes), true);
        EXPECT(KnHandleClose(two.handle), rcNoCapability);
        EXPECT(KnVmUnmap(two.bytes, page), rcOk);
    }
}

static void try_revoking(void)
{
    Handle handle = made(page);
    struct view writing = mapped(handle, page, READ_WRITE);
    Handle copy = copied(handle, READER);
    struct view reading = mapped(copy, page, VMM_FLAG_READ);
    rtl_size_t size;

    EXPECT(KnHandleRevoke(handle), rcOk);
    EXPECT(map(copy, 0, page, VMM_FLAG_READ), rcHandleRevoked);
    EXPECT(KnPmmMdlGetSize(copy, &size), rcHandleRevoked);
    writing.bytes[0] = 3;
    EXPECT(reading.bytes[0], 3);
    EXPECT(KnHandleClose(copy), rcOk);
    EXPECT(KnHandleClose(reading.handle), rcOk);
    EXPECT(is_there(reading.bytes), false);
    EXPECT(KnHandleRevoke(writing.handle), rcHandleRevoked);
    EXPECT(KnHandleClose(writing.handle), rcOk);
    EXPECT(is_there(writing.bytes), false);
}

/* A mapping is one more in a row of handles. */
static void try_depth(void)
{
    Handle handle = made(page);

    for (int i = 1; i < DEPTH_MAX - 1; i++) {
        handle = copied(handle, READER);
    }
    EXPECT(map(handle, 0, page, VMM_FLAG_READ), rcOk);
    EXPECT(map(copied(handle, READER), 0, page, VMM_FLAG_READ), rcQuotaExceeded);
}

static void try_quota(void)
{
    static Handle handles[OBJECTS_MAX];
    Handle none = INVALID_HANDLE;

    for (int round = 0; round < 2; round++) { /* what is closed can be had again */
        for (int i = 0; i < OBJECTS_MAX; i++) {
            handles[i] = made(1);
        }
        EXPECT(KnPmmMdlCreate(1, READ_WRITE, &none), rcQuotaExceeded);
        struct view view = mapped(handles[0], 1, VMM_FLAG_READ);
        for (int i = 0; i < OBJECTS_MAX; i++) {
            EXPECT(KnHandleClose(handles[i]), rcOk);
        }
        EXPECT(KnPmmMdlCreate(BYTES_MAX, READ_WRITE, &none), rcQuotaExceeded);
        EXPECT(KnHandleClose(view.handle), rcOk);
    }
    EXPECT(KnHandleClose(made(BYTES_MAX)), rcOk);
}

/* Memory that there is no room for is charged to nobody. */
static void try_lack(void)
{
    struct rlimit before;
    Handle none = INVALID_HANDLE;

    EXPECT(getrlimit(RLIMIT_AS, &before), 0);
    for (int i = 0; i < 2; i++) {
        const struct rlimit tight = {.rlim_cur = 16 << 20, .rlim_max = before.rlim_max};
        EXPECT(setrlimit(RLIMIT_AS, &tight), 0);
        Retcode rc = KnPmmMdlCreate(BYTES_MAX, READ_WRITE, &none);
        EXPECT(setrlimit(RLIMIT_AS, &before), 0);
        EXPECT(rc, rcOutOfMemory);
    }
    EXPECT(KnHandleClose(made(BYTES_MAX)), rcOk);
}

/* A child has the mappings, and none of the handles. */
static void try_forking(void)
{
    Handle handle = made(page);
    struct view view = mapped(handle, page, READ_WRITE);
    Handle none;
    int status;

    strcpy(view.bytes, TEXT);
    pid_t child = fork();
    if (child == 0) {
        EXPECT(strcmp(view.bytes, TEXT), 0);
        EXPECT(map(handle, 0, page, VMM_FLAG_READ), rcNotReady);
        EXPECT(KnPmmMdlCreate(page, READ_WRITE, &none), rcNotReady);
        EXPECT(KnHandleClose(view.handle), rcNoCapability);
        EXPECT(is_there(view.bytes), true);
        EXPECT(KnVmUnmap(view.bytes, page), rcOk);
        EXPECT(is_there(view.bytes), false);
        exit(failed);
    }
    EXPECT(waitpid(child, &status, 0), child);
    EXPECT(status, 0);
    EXPECT(is_there(view.bytes), true);
}

/* Without a broker there is none of this, but for unmapping. */
static void try_alone(void)
{
    Handle none = INVALID_HANDLE;
    rtl_size_t size;

    EXPECT(KnPmmMdlCreate(page, READ_WRITE, &none), rcNotReady);
    EXPECT(KnPmmMdlCreateFromBuf(TEXT, sizeof(TEXT), READ_WRITE, &none), rcNotReady);
    EXPECT(map(1, 0, page, VMM_FLAG_READ), rcNotReady);
    EXPECT(KnPmmMdlGetSize(1, &size), rcNotReady);
}

/* await_signal() - say @text, and wait until somebody has seen that */
static void await_signal(const char *text)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    EXPECT(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
    printf("%s\n", text);
    EXPECT(sigwait(&set, &number), 0);
}

/* What is mapped when the broker ends can be read, written and unmapped, and nothing new is. */
static void try_surviving(void)
{
    Handle handle = made(page);
    Handle copy = copied(handle, READER);
    struct view writing = mapped(handle, page, READ_WRITE);
    struct view reading = mapped(copy, page, VMM_FLAG_READ);

    EXPECT(prctl(PR_SET_PDEATHSIG, 0), 0);
    await_signal("mapped");
    strcpy(writing.bytes, TEXT);
    EXPECT(strcmp(reading.bytes, TEXT), 0);
    EXPECT(map(handle, 0, page, READ_WRITE), rcNotReady);
    EXPECT(map(copy, 0, page, VMM_FLAG_READ), rcNotReady);
    EXPECT(KnHandleClose(reading.handle), rcOk);
    EXPECT(is_there(reading.bytes), false);
    EXPECT(KnHandleClose(handle), rcOk);
    FILE *file = failed ? NULL : fopen("survived", "we");
    EXPECT(file != NULL && fclose(file) == 0, true);
    while (!failed && pause() < 0) {
    }
}

static void churn(int n_rounds)
{
    for (int i = 0; i < n_rounds; i++) {
        Handle handle = made(page);
        if (i % 10 == 0) {
            Handle copy = copied(handle, READER);
            struct view writing = mapped(handle, page, READ_WRITE);
            struct view reading = mapped(copy, page, VMM_FLAG_READ);
            EXPECT(KnHandleRevoke(handle), rcOk);
            EXPECT(KnHandleClose(copy), rcOk);
            EXPECT(KnHandleClose(writing.handle), rcOk);
            EXPECT(KnVmUnmap(reading.bytes, page), rcOk);
            EXPECT(KnHandleClose(reading.handle), rcOk);
        } else {
            EXPECT(KnHandleClose(handle), rcOk);
        }
    }
}

static void try_churning(void)
{
    churn(2);
    await_signal("warm");
    churn(CHURN_ROUNDS);
    await_signal("churned");
}

/* What a debugger that does not know all of mremap() is content with. */
static void try_plain(void)
{
    Handle handle = made(3 * page);
    struct view writing = mapped(handle, page, READ_WRITE);
    struct view reading = mapped(copied(handle, READER), page, VMM_FLAG_READ);

    strcpy(writing.bytes, TEXT);
    EXPECT(strcmp(reading.bytes, TEXT), 0);
    EXPECT(KnHandleClose(writing.handle), rcOk);
    EXPECT(KnHandleClose(handle), rcOk);
}

static const struct trial trials[] = {
    {"sharing", try_sharing},     {"filling", try_filling},     {"sizes", try_sizes},
    {"arguments", try_arguments}, {"unmapping", try_unmapping}, {"revoking", try_revoking},
    {"depth", try_depth},         {"quota", try_quota},         {"lack", try_lack},
    {"forking", try_forking},     {"alone", try_alone},         {"surviving", try_surviving},
    {"churning", try_churning},   {"plain", try_plain},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    page = (size_t)sysconf(_SC_PAGESIZE);
    return try_one(trials, sizeof(trials) / sizeof(trials[0]), argc == 2 ? argv[1] : NULL);
}

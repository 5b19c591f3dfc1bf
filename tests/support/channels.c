/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/channels.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/control.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "core/shared.h"

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

/* channel_open() - post one end of a new channel into @inbox. Return: the client's end, owned. */
int channel_open(int inbox)
{
    struct session_inbox_post post = {.magic = SESSION_MAGIC};
    struct iovec part = {&post, sizeof(post)};
    int ends[2];

    if (fd_pair(ends) != 0 || fd_send(inbox, &part, 1, ends[1], 0) != 0) {
        die("channel");
    }
    fd_close(ends[1]);
    return ends[0];
}

/* channel_client() - a client with the channel @end, which is consumed; the caller's reference */
struct client *channel_client(int end)
{
    struct client *client;

    if (client_new(end, 0, "", &client) != 0) {
        die("client");
    }
    return client;
}

/* channel_fork() - a child that ends with its parent. Return: as fork(), which must succeed. */
pid_t channel_fork(void)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        die("fork");
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    return pid;
}

static sigset_t end_signal(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    return signals;
}

/* channel_hold_end() - keep SIGTERM for channel_await_end(), in all threads started from now on */
void channel_hold_end(void)
{
    sigset_t signals = end_signal();

    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

/* channel_await_end() - until SIGTERM says that a server is to end in an orderly way */
void channel_await_end(void)
{
    sigset_t signals = end_signal();
    int number;

    (void)sigwait(&signals, &number);
}

static void print_slots(const struct shared *memory)
{
    printf("  bell %u, others %u, closed %u\n", memory->bell, memory->others, memory->closed);
    for (unsigned i = 0; i < SHARED_SLOTS; i++) {
        const struct shared_slot *slot = &memory->slots[i];
        printf("    slot %u: request %u, reply %u, client asleep %u on CPU %u, server on CPU %u\n",
               i, slot->request.sequence, slot->reply.sequence, slot->client.asleep,
               slot->client.cpu, slot->server.cpu);
    }
}

/* print_file() - the first line of a file of a thread, which may be gone */
static void print_file(pid_t pid, const char *thread, const char *file)
{
    char line[256];
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", (int)pid, thread, file);
    FILE *from = fopen(path, "re");
    if (from != NULL && fgets(line, sizeof(line), from) != NULL) {
        printf("thread %s: %s: %.*s\n", thread, file, (int)strcspn(line, "\n"), line);
    }
    if (from != NULL) {
        fclose(from);
    }
}

/* channel_threads_print() - where the threads of a process of ours are: system call and its
 * arguments, and how long they ran and waited for a CPU */
void channel_threads_print(pid_t pid)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    for (struct dirent *thread; threads != NULL && (thread = readdir(threads)) != NULL;) {
        if (thread->d_name[0] != '.') {
            print_file(pid, thread->d_name, "syscall");
            print_file(pid, thread->d_name, "schedstat");
        }
    }
    if (threads != NULL) {
        closedir(threads);
    }
}

/* channel_slots_print() - what is in the memories of all channels that a process of ours has */
void channel_slots_print(pid_t pid)
{
    static struct shared memory;
    char line[512];
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        struct iovec to = {&memory, sizeof(memory)};
        struct iovec from = {(void *)strtoul(line, NULL, 16), sizeof(memory)};
        if (strstr(line, "capchan-channel") != NULL) {
            printf("process %d: %s", (int)pid, line);
            if (process_vm_readv(pid, &to, 1, &from, 1, 0) == (ssize_t)sizeof(memory)) {
                print_slots(&memory);
            }
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    fflush(stdout);
}

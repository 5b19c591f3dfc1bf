/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entities are killed by the kernel when the broker dies, but not what they have forked. The broker
 * adopts that; when it is killed itself the supervisor does.
 */
#include "broker/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/broker.h"
#include "broker/orphans.h"
#include "broker/output.h"
#include "core/fd.h"
#include "locator/descriptor_limit.h"

#define STATUS_SIGNAL 128
#define LINGER_MS 100 /* between attempts to kill what is left, or to wake a stopped broker */

/*
 * @is_told: the broker was told a signal, which it must hear of
 * @status:  its exit status once it has ended
 */
struct supervisor {
    pid_t broker;
    int signals;
    bool is_told;
    int status;
    bool ended;
    struct output *output;
};

/* block_signals() - and hear of them through a descriptor; the broker inherits that they are
 * blocked */
static int block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, BROKER_STOP_SIGNAL);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
        return -errno;
    }
    sigdelset(&set, BROKER_STOP_SIGNAL);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

/* reap() - collect who has ended. Return: whether any child is left. */
static bool reap(struct supervisor *supervisor)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == supervisor->broker) {
            supervisor->ended = true;
            supervisor->status =
                WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
            if (WIFSIGNALED(status)) {
                (void)fprintf(stderr, "capchan: the broker (pid %d) was killed by signal %d (%s)\n",
                              (int)pid, WTERMSIG(status), strsignal(WTERMSIG(status)));
            }
        }
    }
    return pid == 0;
}

/* is_stopped() - whether somebody has stopped the broker */
static bool is_stopped(const struct supervisor *supervisor)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)supervisor->broker, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == supervisor->broker;
}

/* pass_signals() - tell the broker what we were told, even if somebody stopped it; SIGCHLD only
 * wakes us */
static void pass_signals(struct supervisor *supervisor)
{
    struct signalfd_siginfo info;

    while (read(supervisor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo != SIGCHLD && !supervisor->ended) {
            (void)sigqueue(supervisor->broker, BROKER_STOP_SIGNAL,
                           (union sigval){.sival_int = (int)info.ssi_signo});
            supervisor->is_told = true;
        }
    }
}

/* settle() - signals and children. Return: whether any child is left. */
static bool settle(struct supervisor *supervisor)
{
    pass_signals(supervisor);
    bool children = reap(supervisor);
    /* If it is not stopped it needs no waking, which would undo the stop that a tracer waits for.
     */
    if (supervisor->is_told && !supervisor->ended && is_stopped(supervisor)) {
        (void)kill(supervisor->broker, SIGCONT);
    }
    if (supervisor->ended && children) {
        orphans_kill();
    }
    return children;
}

/* interrupted() - the same while nobody reads our output. Return: whether there is anything to wait
 * for. */
static bool interrupted(void *data)
{
    struct supervisor *supervisor = data;

    (void)settle(supervisor);
    return !supervisor->ended;
}

/* supervisor_loop() - until the broker, its entities and what they left behind are gone, and their
 * output written */
static void supervisor_loop(struct supervisor *supervisor)
{
    bool children = true;
    bool output = true;

    while (children || output) {
        struct pollfd fds[2] = {
            {.fd = supervisor->signals, .events = POLLIN},
            {.fd = output ? output_fd(supervisor->output) : -1, .events = POLLIN}};
        int r = poll(fds, 2, supervisor->ended || supervisor->is_told ? LINGER_MS : -1);
        if (r < 0 && errno != EINTR) {
            return;
        }
        children = settle(supervisor);
        output = output && output_pump(supervisor->output);
    }
}

/*
 * report_through() - let the broker's messages go through the pump, and never wait there
 *
 * It must not stand still because nobody reads what it has to say.
 */
static int report_through(int socket)
{
    int fd;

    int r = output_open(socket, "", true, &fd);
    if (r != 0) {
        return r;
    }
    r = fcntl(fd, F_SETFL, O_NONBLOCK) < 0 || dup2(fd, STDERR_FILENO) < 0 ? -errno : 0;
    fd_close(fd);
    return r;
}

/*
 * run_broker() - in the child: become the broker
 *
 * It must not outlive the supervisor unnoticed, and what a terminal sends to its foreground group
 * is for the supervisor to pass on.
 */
static _Noreturn void run_broker(supervised_fn *broker, void *data, int socket, pid_t supervisor)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, BROKER_STOP_SIGNAL, 0, 0, 0);
    if (getppid() != supervisor || report_through(socket) != 0) {
        exit(EXIT_FAILURE);
    }
    exit(broker(data, socket));
}

/*
 * supervise() - run the broker as a child and look after everything that it starts
 * @broker: what the child does; its result is its exit status, its argument a socket for
 * output_open()
 *
 * Return: the broker's exit status; EXIT_FAILURE if it could not be started.
 */
int supervise(supervised_fn *broker, void *data, const struct supervisor_options *options)
{
    struct supervisor supervisor = {.status = EXIT_FAILURE};
    pid_t self = getpid();
    int ends[2];

    descriptor_limit_raise();
    supervisor.signals = block_signals();
    int r = supervisor.signals < 0 ? supervisor.signals : fd_pair(ends);
    if (r == 0) {
        const struct output_options output = {.prefix = options->prefix,
                                              .colour = options->colour,
                                              .name_width = options->name_width,
                                              .logs = options->logs,
                                              .interrupts = supervisor.signals,
                                              .interrupted = interrupted,
                                              .data = &supervisor};
        r = output_new(ends[0], &output, &supervisor.output);
    }
    if (r == 0) {
        r = orphans_adopt();
    }
    if (r != 0) {
        (void)fprintf(stderr, "capchan: cannot supervise the broker: %s\n", strerror(-r));
        return EXIT_FAILURE;
    }
    supervisor.broker = fork();
    if (supervisor.broker == 0) {
        run_broker(broker, data, ends[1], self);
    }
    fd_close(ends[1]);
    if (supervisor.broker < 0) {
        (void)fprintf(stderr, "capchan: cannot start the broker: %s\n", strerror(errno));
        supervisor.ended = true;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    supervisor_loop(&supervisor);
    output_free(supervisor.output);
    fd_close(supervisor.signals);
    return supervisor.status;
}

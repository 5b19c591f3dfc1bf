/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "locator/descriptor_limit.h"
#include "locator/domain.h"
#include "locator/privileges.h"

#define CHILD_SESSION_FD 3
#define CHILD_REPORT_FD 4 /* close-on-exec: what could not be done goes here */
#define CHILD_STATUS 127

/* The steps of the child, in order; the parent names the one that failed. */
enum step {
    STEP_DESCRIPTORS,
    STEP_USER,
    STEP_CAPABILITIES,
    STEP_DOMAIN,
    STEP_PARENT,
    STEP_ENVIRONMENT,
    STEP_EXECUTE,
};

static const char *const step_names[] = {
    [STEP_DESCRIPTORS] = "set up its descriptors",
    [STEP_USER] = "change to its user and group",
    [STEP_CAPABILITIES] = "keep only its capabilities",
    [STEP_DOMAIN] = "set it apart from the others",
    [STEP_PARENT] = "bind its life to the broker's",
    [STEP_ENVIRONMENT] = "set up its environment",
    [STEP_EXECUTE] = "execute it",
};

struct report {
    int32_t step;
    int32_t error;
};

/* child_descriptors() - 0 to 4, and nothing above */
static int child_descriptors(const struct launch *launch, int report)
{
    /* away from the numbers that are about to be overwritten */
    int session = fcntl(launch->session, F_DUPFD_CLOEXEC, CHILD_REPORT_FD + 1);
    int output = fcntl(launch->output, F_DUPFD_CLOEXEC, CHILD_REPORT_FD + 1);
    int error = fcntl(launch->error, F_DUPFD_CLOEXEC, CHILD_REPORT_FD + 1);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    report = fcntl(report, F_DUPFD_CLOEXEC, CHILD_REPORT_FD + 1);
    if (session < 0 || output < 0 || error < 0 || null < 0 || report < 0 || dup2(null, 0) < 0 ||
        dup2(output, 1) < 0 || dup2(error, 2) < 0 || dup2(session, CHILD_SESSION_FD) < 0 ||
        dup3(report, CHILD_REPORT_FD, O_CLOEXEC) < 0) {
        return -errno;
    }
    return close_range(CHILD_REPORT_FD + 1, ~0u, 0) < 0 ? -errno : 0;
}

/* child_library_path() - put @folder before what LD_LIBRARY_PATH holds */
static int child_library_path(const char *folder)
{
    const char *before = getenv("LD_LIBRARY_PATH");
    bool has_before = before != NULL && before[0] != '\0';
    CLEANUP(free_p) char *path = NULL;

    if (asprintf(&path, "%s%s%s", folder, has_before ? ":" : "", has_before ? before : "") < 0) {
        path = NULL;
        return -ENOMEM;
    }
    return setenv("LD_LIBRARY_PATH", path, 1) < 0 ? -errno : 0;
}

/* child_environment() - the broker's own, the library folder, what is declared, and the session */
static int child_environment(const struct launch *launch)
{
    const struct init_entity *entity = launch->entity;
    char number[16];

    int r = launch->libraries != NULL ? child_library_path(launch->libraries) : 0;
    if (r != 0) {
        return r;
    }
    for (size_t i = 0; i < entity->n_env; i++) {
        if (putenv(entity->env[i]) != 0) {
            return -errno;
        }
    }
    (void)snprintf(number, sizeof(number), "%d", CHILD_SESSION_FD);
    return setenv(SESSION_ENVIRONMENT, number, 1) < 0 ? -errno : 0;
}

/* child_bind_life() - die with the broker; last of all, since a change of credentials undoes it */
static int child_bind_life(pid_t broker)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) {
        return -errno;
    }
    return getppid() == broker ? 0 : -ESRCH;
}

static int child_execute(const struct init_entity *entity)
{
    char **arguments = calloc(entity->n_args + 2, sizeof(*arguments));

    if (arguments == NULL) {
        return -ENOMEM;
    }
    arguments[0] = entity->executable;
    for (size_t i = 0; i < entity->n_args; i++) {
        arguments[1 + i] = entity->args[i];
    }
    execv(entity->executable, arguments);
    int r = -errno;
    free(arguments);
    return r;
}

/* child_reset_signals() - the broker blocks and ignores some; programs expect none of it */
static void child_reset_signals(void)
{
    sigset_t none;

    for (int number = 1; number < SIGRTMIN; number++) {
        (void)signal(number, SIG_DFL);
    }
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* child() - everything between fork() and execv(); does not return */
static _Noreturn void child(const struct launch *launch, int report_fd, pid_t broker)
{
    const struct init_entity *entity = launch->entity;
    struct report report = {.step = STEP_DESCRIPTORS};

    child_reset_signals();
    report.error = child_descriptors(launch, report_fd);
    report_fd = report.error == 0 ? CHILD_REPORT_FD : report_fd;
    if (report.error == 0) {
        report.step = STEP_USER;
        report.error = privileges_change_user(entity->user, entity->group);
    }
    if (report.error == 0) {
        report.step = STEP_CAPABILITIES;
        report.error = privileges_keep_only(entity->capabilities, entity->n_capabilities);
    }
    if (report.error == 0) {
        report.step = STEP_DOMAIN;
        report.error = domain_enter();
    }
    if (report.error == 0) {
        report.step = STEP_PARENT;
        report.error = child_bind_life(broker);
    }
    if (report.error == 0) {
        report.step = STEP_ENVIRONMENT;
        report.error = child_environment(launch);
    }
    if (report.error == 0) {
        report.step = STEP_EXECUTE;
        descriptor_limit_restore();
        report.error = child_execute(entity);
    }
    (void)!write(report_fd, &report, sizeof(report));
    _exit(CHILD_STATUS);
}

/* read_report() - wait until the child executes its program or fails. Return: whether it failed. */
static bool read_report(int fd, struct launch_failure *ret_failure)
{
    struct report report;
    ssize_t n;

    do {
        n = read(fd, &report, sizeof(report));
    } while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof(report)) {
        return false;
    }
    *ret_failure = (struct launch_failure){.step = step_names[report.step], .error = -report.error};
    return true;
}

/*
 * launch() - start a program
 * @ret_pid:     its process, to be waited for by the caller
 * @ret_pidfd:   the same as a descriptor, owned by the caller
 * @ret_failure: when 1 is returned
 *
 * The program gets descriptors 0 (/dev/null), 1, 2 and the session, no capabilities but those
 * declared, and is killed when the calling process ends.
 *
 * Return: 0; 1: the program could not be started, and nothing is left of it; negative errno.
 */
int launch(const struct launch *launch, pid_t *ret_pid, int *ret_pidfd,
           struct launch_failure *ret_failure)
{
    CLEANUP(fd_close_p) int report_in = -1;
    CLEANUP(fd_close_p) int report_out = -1;
    pid_t broker = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -errno;
    }
    report_in = ends[0];
    report_out = ends[1];
    pid_t pid = fork();
    if (pid < 0) {
        return -errno;
    }
    if (pid == 0) {
        child(launch, report_out, broker);
    }
    report_out = fd_close(report_out);
    /* The child is not reaped before this returns, so the number is still its own. */
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    int r = pidfd < 0 ? -errno : 0;
    if (r != 0 || read_report(report_in, ret_failure)) {
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        fd_close(pidfd);
        return r != 0 ? r : 1;
    }
    *ret_pid = pid;
    *ret_pidfd = pidfd;
    return 0;
}

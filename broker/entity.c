/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/entity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/output.h"
#include "broker/patience.h"
#include "core/cleanup.h"
#include "core/container.h"
#include "core/fd.h"
#include "locator/launch.h"

/* process_ready() - the entity's process ended */
static void process_ready(struct loop_source *source)
{
    struct entity_run *entity = CONTAINER_OF(source, struct entity_run, process);
    int status;

    if (waitpid(entity->pid, &status, WNOHANG) == entity->pid) {
        broker_entity_ended(entity, status);
    }
}

/* open_outputs() - where the program writes to; our own if nobody pumps */
static int open_outputs(const struct entity_run *entity, int *ret_output, int *ret_error)
{
    int socket = entity->broker->output;
    const char *task = entity->declared->task;

    if (socket < 0) {
        *ret_output = dup(STDOUT_FILENO);
        *ret_error = dup(STDERR_FILENO);
        return *ret_output < 0 || *ret_error < 0 ? -errno : 0;
    }
    int r = output_open(socket, task, false, ret_output);
    return r != 0 ? r : output_open(socket, task, true, ret_error);
}

/* start_program() - launch it and watch it */
static int start_program(struct entity_run *entity, int session)
{
    struct launch start = {
        .entity = entity->declared, .session = session, .libraries = entity->broker->libraries};
    struct launch_failure failure;
    CLEANUP(fd_close_p) int output = -1;
    CLEANUP(fd_close_p) int error = -1;

    int r = open_outputs(entity, &output, &error);
    if (r != 0) {
        return r;
    }
    start.output = output;
    start.error = error;
    r = launch(&start, &entity->pid, &entity->process.fd, &failure);
    if (r == 1) {
        (void)fprintf(stderr, "capchand: %s: cannot %s (%s): %s\n", entity->declared->task,
                      failure.step, entity->declared->executable, strerror(failure.error));
        return 1;
    }
    if (r != 0) {
        return r;
    }
    entity->broker->n_running++;
    r = loop_add(&entity->broker->loop, &entity->process);
    return r != 0 ? r : loop_add(&entity->broker->loop, &entity->session);
}

/*
 * entity_start() - launch an entity and open its session
 *
 * Return: 0; 1: the program could not be started, which was reported; negative errno.
 */
int entity_start(struct entity_run *entity)
{
    int ends[2];

    int r = fd_pair(ends);
    if (r != 0) {
        return r;
    }
    CLEANUP(fd_close_p) int theirs = ends[1];
    entity->session = (struct loop_source){.fd = ends[0], .ready = session_ready};
    entity->process = (struct loop_source){.fd = -1, .ready = process_ready};
    r = session_welcome(entity);
    return r != 0 ? r : start_program(entity, theirs);
}

/* entity_free() - forget an entity that has ended, or was never started */
void entity_free(struct entity_run *entity)
{
    patience_forget(entity);
    loop_remove(&entity->broker->loop, &entity->process);
    loop_remove(&entity->broker->loop, &entity->session);
    session_forget_waiting(entity);
}

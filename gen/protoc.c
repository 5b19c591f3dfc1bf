/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/protoc.h"

#include <assert.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen/scratch.h"

/* wait_for() - the outcome of a child that was started */
static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return -errno;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : PROTOC_E_FAILED;
}

/* run() - start protoc-c in @dir and wait for its end */
static int run(const char *dir, const char *const arguments[])
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int r = posix_spawn_file_actions_init(&actions);

    if (r != 0) {
        return -r;
    }
    r = posix_spawn_file_actions_addchdir_np(&actions, dir);
    if (r == 0) {
        r = posix_spawnp(&pid, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (r == 0) {
        return wait_for(pid);
    }
    return r == ENOENT ? PROTOC_E_MISSING : -r;
}

/**
 * protoc_run() - compile some .proto files
 * @proto_dir: where they and what they import is; becomes the working directory, so that protoc-c,
 * to which colons and equals signs in such a path mean something, never sees its name
 * @protos:    below @proto_dir
 * @n_protos:  1 to PROTOC_FILES_MAX
 * @out_dir:   absolute; where the results go, in the same folders as the .proto
 *
 * Return: 0; PROTOC_E_MISSING; PROTOC_E_FAILED; negative errno.
 */
int protoc_run(const char *proto_dir, const char *const protos[], size_t n_protos,
               const char *out_dir)
{
    const char *arguments[3 + PROTOC_FILES_MAX + 1] = {"protoc-c", "--proto_path=."};
    struct scratch scratch;

    assert(n_protos > 0 && n_protos <= PROTOC_FILES_MAX);
    scratch_init(&scratch);
    arguments[2] = scratch_format(&scratch, "--c_out=%s", out_dir);
    for (size_t i = 0; i < n_protos; i++) {
        arguments[3 + i] = scratch_format(&scratch, "./%s", protos[i]);
    }
    int r = scratch.error != 0 ? scratch.error : run(proto_dir, arguments);
    scratch_deinit(&scratch);
    return r;
}

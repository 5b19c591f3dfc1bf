/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/format_files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gen/complain.h"
#include "gen/emit.h"
#include "gen/format.h"
#include "gen/options.h"
#include "gen/scratch.h"
#include "gen/write_file.h"
#include "idl/context.h"

/* replace() - write @emit where @path leads to, which keeps its mode */
static int replace(const char *path, const struct emit *emit)
{
    struct stat status;
    char *target = realpath(path, NULL);
    int r = target == NULL || stat(target, &status) != 0 ? -errno : 0;

    if (r == 0) {
        r = write_file(target, emit->text, emit->size);
    }
    if (r == 0 && chmod(target, status.st_mode & 07777) != 0) {
        r = -errno;
    }
    free(target);
    return r;
}

/* compare() - whether the file has its canonical form already; if not, say so */
static int compare(const char *path, const struct emit *emit)
{
    char *text;
    size_t size;
    int r = read_file(path, &text, &size);

    if (r != 0) {
        return r;
    }
    bool is_same = size == emit->size && memcmp(text, emit->text, size) == 0;
    free(text);
    if (!is_same) {
        complain(path, "not in its canonical form; idlc --format --in-place makes it so");
    }
    return is_same ? 0 : IDL_E_INVALID;
}

/* print() - the text on stdout */
static int print(const struct emit *emit)
{
    return fwrite(emit->text, 1, emit->size, stdout) == emit->size && fflush(stdout) == 0 ? 0
                                                                                          : -errno;
}

/* hand_over() - do with the canonical form what was asked for */
static int hand_over(const struct options *options, const char *path, const struct emit *emit)
{
    if (options->is_check) {
        return compare(path, emit);
    }
    return options->is_in_place ? replace(path, emit) : print(emit);
}

/* format_file() - one file */
static int format_file(const struct options *options, const char *path)
{
    const struct idl_source *source;
    struct scratch scratch;
    struct emit emit;

    int r = idl_parse_only(options->context, path, &source);
    if (r != 0) {
        return r;
    }
    scratch_init(&scratch);
    r = emit_init(&emit, &scratch);
    if (r == 0) {
        r = format_emit(&emit, source);
    }
    if (r == 0) {
        r = emit_finish(&emit);
    }
    if (r == 0) {
        r = hand_over(options, path, &emit);
    }
    emit_deinit(&emit);
    scratch_deinit(&scratch);
    return r;
}

int format_files(const struct options *options)
{
    int result = 0;

    for (size_t i = 0; i < options->n_paths; i++) {
        int r = format_file(options, options->paths[i]);
        if (r < 0) {
            complain(options->paths[i], strerror(-r));
        }
        result = r != 0 ? r : result;
    }
    idl_print_diagnostics(options->context, stderr);
    return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/compile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/complain.h"
#include "gen/dependencies.h"
#include "gen/format_files.h"
#include "gen/generate.h"
#include "gen/json_model.h"
#include "gen/layout.h"
#include "gen/names.h"
#include "gen/options.h"
#include "gen/proto_model.h"
#include "gen/scratch.h"
#include "idl/context.h"

/* A file that is generated, and where to. */
struct target {
    const struct idl_file *file;
    struct layout layout;
    struct target *next;
};

/*
 * @files:   of options->paths, in their order
 * @scratch: for what outlives one file
 * @headers: of all targets
 */
struct run {
    const struct options *options;
    const struct idl_file **files;
    struct scratch scratch;
    struct idl_table headers;
    struct target *targets;
    struct target **targets_tail;
    size_t n_targets;
};

/* load_all() - read and check every file; 0, or something is wrong and was printed */
static int load_all(const struct run *run)
{
    const struct options *options = run->options;
    int result = 0;

    for (size_t i = 0; i < options->n_paths && result >= 0; i++) {
        int r = idl_load(options->context, options->paths[i], &run->files[i]);
        if (r < 0) {
            complain(options->paths[i], strerror(-r));
        }
        result = r != 0 ? r : result;
    }
    idl_print_diagnostics(options->context, stderr);
    return result;
}

/* add_target() - a file whose results go where @layout says, unless it is one already */
static void add_target(struct run *run, struct layout layout, const struct idl_file *file)
{
    const char *header =
        scratch_format(&run->scratch, "%s/%s", layout.out_dir, name_source(&run->scratch, file));
    struct target *target = scratch_alloc(&run->scratch, sizeof(*target));

    if (target != NULL && scratch_claim(&run->scratch, &run->headers, header)) {
        *target = (struct target){.file = file, .layout = layout};
        *run->targets_tail = target;
        run->targets_tail = &target->next;
        run->n_targets++;
    }
}

/* layout_of() - where the results of a file go */
static struct layout layout_of(struct run *run, const struct idl_file *file)
{
    const char *out_dir = run->options->out_dir;

    return run->options->is_nk_gen_c ? layout_nk_gen_c(&run->scratch, out_dir, file)
                                     : (struct layout){.out_dir = out_dir};
}

/* add_targets() - one file of the command line, and all it needs of what comes with idlc */
static void add_targets(struct run *run, const struct idl_file *file)
{
    struct layout layout = layout_of(run, file);
    struct layout shipped_layout = {.out_dir = layout.out_dir};
    const struct dependency *dependency = dependencies_of(&run->scratch, file);

    add_target(run, layout, file);
    for (; dependency != NULL; dependency = dependency->next) {
        if (idl_file_is_shipped(dependency->file)) {
            add_target(run, shipped_layout, dependency->file);
        }
    }
}

/* A step of generating. */
typedef int step_fn(struct generator *generator, const struct idl_file *file);

/* generate_each() - one step for all targets up to @end; 0, or something went wrong and was printed
 */
static int generate_each(struct generator *generator, step_fn *step, const struct target *target,
                         const struct target *end)
{
    struct generator at = *generator;
    struct scratch scratch;
    int r = 0;

    for (; target != end && r == 0; target = target->next) {
        scratch_init(&scratch);
        at.scratch = &scratch;
        at.front_dir = target->layout.front_dir;
        r = step(&at, target->file);
        if (r != 0) {
            complain(idl_file_path(target->file), at.problem);
        }
        scratch_deinit(&scratch);
    }
    generator->written = at.written;
    return r;
}

/* generate_with_protoc() - what protoc-c makes of all targets up to @end together */
static int generate_with_protoc(struct run *run, struct generator *generator,
                                const struct target *target, const struct target *end)
{
    const struct idl_file **files =
        scratch_alloc(&run->scratch, run->n_targets * sizeof(struct idl_file *));
    size_t n = 0;

    if (files == NULL) {
        return -ENOMEM;
    }
    for (; target != end; target = target->next) {
        files[n++] = target->file;
    }
    generator->scratch = &run->scratch;
    int r = generate_protobuf(generator, files, n);
    if (r != 0) {
        complain(generator->out_dir, generator->problem);
    }
    return r;
}

/* generate_group() - all steps for the targets up to @end, which have one output directory */
static int generate_group(struct run *run, const struct target *first, const struct target *end)
{
    const struct options *options = run->options;
    struct scratch scratch;
    struct proto_set protos = {.scratch = &scratch};
    struct generator generator = {
        .out_dir = first->layout.out_dir,
        .is_proto_only = options->mode == OPTIONS_PROTO_ONLY,
        .is_self_contained = options->is_nk_gen_c,
        .protos = &protos,
    };

    scratch_init(&scratch);
    int r = generate_each(&generator, generate, first, end);
    if (r == 0 && !generator.is_proto_only) {
        r = generate_with_protoc(run, &generator, first, end);
    }
    if (r == 0 && options->has_dependencies) {
        r = generate_each(&generator, generate_dependencies, first, end);
    }
    scratch_deinit(&scratch);
    return r;
}

/* generate_all() - every target, those with one output directory together */
static int generate_all(struct run *run)
{
    const struct target *first = run->targets;
    int r = 0;

    while (first != NULL && r == 0) {
        const struct target *end = first->next;
        while (end != NULL && strcmp(end->layout.out_dir, first->layout.out_dir) == 0) {
            end = end->next;
        }
        r = generate_group(run, first, end);
        first = end;
    }
    return r;
}

/* print_models() - all files as JSON */
static int print_models(const struct run *run)
{
    int r = json_model_print(stdout, run->files, run->options->n_paths);

    if (r != 0) {
        complain("standard output", strerror(-r));
    }
    return r;
}

/* run_all() - load, then generate */
static int run_all(struct run *run)
{
    int r = load_all(run);

    if (r != 0 || run->options->mode == OPTIONS_CHECK) {
        return r;
    }
    if (run->options->mode == OPTIONS_JSON) {
        return print_models(run);
    }
    for (size_t i = 0; i < run->options->n_paths; i++) {
        add_targets(run, run->files[i]);
    }
    r = generate_all(run);
    if (r == 0 && run->scratch.error != 0) {
        complain(run->options->paths[0], strerror(ENOMEM));
        r = run->scratch.error;
    }
    return r;
}

enum status compile(const struct options *options)
{
    struct run run = {
        .options = options,
        .files = calloc(options->n_paths, sizeof(struct idl_file *)),
    };

    if (run.files == NULL) {
        complain(options->paths[0], strerror(ENOMEM));
        return STATUS_INPUT;
    }
    run.targets_tail = &run.targets;
    scratch_init(&run.scratch);
    int r = options->mode == OPTIONS_FORMAT ? format_files(options) : run_all(&run);
    scratch_deinit(&run.scratch);
    free(run.files);
    return r == 0 ? STATUS_DONE : STATUS_INPUT;
}

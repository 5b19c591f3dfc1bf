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
#include "gen/scratch.h"
#include "idl/context.h"

/* What is generated so far. */
struct run {
    const struct options *options;
    const struct idl_file **files; /* of options->paths, in their order */
    struct scratch scratch;        /* for what outlives one file */
    struct idl_table done;         /* headers */
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

/* generate_file() - everything that one file gives, once; 0, or something went wrong and was
 * printed */
static int generate_file(struct run *run, struct layout layout, const struct idl_file *file)
{
    struct scratch scratch;
    struct generator generator = {
        .out_dir = layout.out_dir,
        .front_dir = layout.front_dir,
        .is_proto_only = run->options->mode == OPTIONS_PROTO_ONLY,
        .is_self_contained = run->options->is_nk_gen_c,
        .has_dependencies = run->options->has_dependencies,
        .scratch = &scratch,
    };
    const char *header =
        scratch_format(&run->scratch, "%s/%s", layout.out_dir, name_source(&run->scratch, file));

    if (!scratch_claim(&run->scratch, &run->done, header)) {
        return 0;
    }
    scratch_init(&scratch);
    int r = generate(&generator, file);
    if (r != 0) {
        complain(idl_file_path(file), generator.problem);
    }
    scratch_deinit(&scratch);
    return r;
}

/* layout_of() - where the results of a file go */
static struct layout layout_of(struct run *run, const struct idl_file *file)
{
    const char *out_dir = run->options->out_dir;

    return run->options->is_nk_gen_c ? layout_nk_gen_c(&run->scratch, out_dir, file)
                                     : (struct layout){.out_dir = out_dir};
}

/* generate_one() - one file of the command line, and all it needs of what comes with idlc */
static int generate_one(struct run *run, const struct idl_file *file)
{
    struct layout layout = layout_of(run, file);
    struct layout shipped_layout = {.out_dir = layout.out_dir};
    const struct dependency *dependency = dependencies_of(&run->scratch, file);
    int r = generate_file(run, layout, file);

    for (; dependency != NULL && r == 0; dependency = dependency->next) {
        if (idl_file_is_shipped(dependency->file)) {
            r = generate_file(run, shipped_layout, dependency->file);
        }
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
    for (size_t i = 0; i < run->options->n_paths && r == 0; i++) {
        r = generate_one(run, run->files[i]);
    }
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
    scratch_init(&run.scratch);
    int r = options->mode == OPTIONS_FORMAT ? format_files(options) : run_all(&run);
    scratch_deinit(&run.scratch);
    free(run.files);
    return r == 0 ? STATUS_DONE : STATUS_INPUT;
}

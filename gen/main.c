/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc: IDL, CDL and EDL files to C and protobuf.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/generate.h"
#include "gen/scratch.h"
#include "idl/context.h"

enum exit_status {
    EXIT_DONE = 0,
    EXIT_INPUT = 1, /* an error in a file, or with one */
    EXIT_USAGE = 2,
};

struct input {
    const char *path;
    const struct idl_file *file;
};

struct settings {
    struct idl_context *context;
    const char *out_dir;
    char **paths;
    size_t n_inputs;
};

static const struct argp_option options[] = {
    {"include", 'I', "DIR", 0, "Look for imported packages and classes below DIR; may be repeated",
     0},
    {"output", 'o', "DIR", 0, "Write below DIR, in the folders of the packages (default: .)", 0},
    {0},
};

/* parse_option() - one option or argument */
static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct settings *settings = state->input;

    switch (key) {
    case 'I':
        if (idl_context_add_import_dir(settings->context, argument) != 0) {
            argp_failure(state, EXIT_INPUT, ENOMEM, "%s", argument);
        }
        return 0;
    case 'o':
        if (argument[0] == '\0') {
            argp_error(state, "the output directory has no name; write -o . for this one");
        }
        settings->out_dir = argument;
        return 0;
    case ARGP_KEY_ARGS:
        settings->paths = state->argv + state->next;
        settings->n_inputs = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "no file given");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "FILE...",
    .doc = "Generate C headers, C tables and protobuf messages from interface files "
           "(.idl, .cdl, .edl).\v"
           "FILE a/b/Name.idl gives a/b/Name.idl.h, Name.idl.c, Name.proto, Name.pb-c.h and "
           "Name.pb-c.c below the output directory; a .cdl or .edl file gives its .h and .c.",
};

/* complain() - one line on stderr */
static void complain(const char *path, const char *problem)
{
    fprintf(stderr, "idlc: %s: %s\n", path, problem);
}

/* load_all() - read and check every file; 0, or something is wrong and was printed */
static int load_all(const struct settings *settings, struct input *inputs)
{
    int result = 0;

    for (size_t i = 0; i < settings->n_inputs && result >= 0; i++) {
        inputs[i].path = settings->paths[i];
        int r = idl_load(settings->context, inputs[i].path, &inputs[i].file);
        if (r < 0) {
            complain(inputs[i].path, strerror(-r));
        }
        result = r != 0 ? r : result;
    }
    idl_print_diagnostics(settings->context, stderr);
    return result;
}

/* generate_one() - everything that one file gives; 0, or something went wrong and was printed */
static int generate_one(const struct settings *settings, const struct input *input)
{
    struct scratch scratch;
    struct generator generator = {.out_dir = settings->out_dir, .scratch = &scratch};

    scratch_init(&scratch);
    int r = generate(&generator, input->file);
    if (r != 0) {
        complain(input->path, generator.problem);
    }
    scratch_deinit(&scratch);
    return r;
}

/* compile() - all files; nothing is written when one of them is wrong */
static int compile(const struct settings *settings)
{
    struct input *inputs = calloc(settings->n_inputs, sizeof(inputs[0]));

    if (inputs == NULL) {
        complain(settings->paths[0], strerror(ENOMEM));
        return EXIT_INPUT;
    }
    int r = load_all(settings, inputs);
    for (size_t i = 0; i < settings->n_inputs && r == 0; i++) {
        r = generate_one(settings, &inputs[i]);
    }
    free(inputs);
    return r == 0 ? EXIT_DONE : EXIT_INPUT;
}

int main(int argc, char *argv[])
{
    struct settings settings = {.context = idl_context_new(), .out_dir = "."};

    if (settings.context == NULL) {
        fprintf(stderr, "idlc: %s\n", strerror(ENOMEM));
        return EXIT_INPUT;
    }
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&parser, argc, argv, 0, NULL, &settings);
    int status = compile(&settings);
    idl_context_free(settings.context);
    return status;
}

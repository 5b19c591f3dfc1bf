/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/options.h"

#include <argp.h>
#include <errno.h>
#include <string.h>

#include "gen/status.h"
#include "idl/context.h"
#include "idl/warnings.h"

/* Options without a letter, and groups in --help. */
enum {
    KEY_CHECK = 256,
    KEY_PROTO_ONLY,
    KEY_FORMAT,
    KEY_JSON,
    KEY_IN_PLACE,
    KEY_DEPS,
    KEY_IGNORED,

    GROUP_PATHS = 1,
    GROUP_MODES,
    GROUP_WARNINGS,
    GROUP_NK_GEN_C,
};

static const struct argp_option options_table[] = {
    {"include", 'I', "DIR", 0, "Look for imported packages and classes below DIR; may be repeated",
     GROUP_PATHS},
    {"output", 'o', "DIR", 0, "Write below DIR, in the folders of the packages (default: .)",
     GROUP_PATHS},
    {"deps", KEY_DEPS, NULL, 0,
     "Also write a dependency file for make beside each header: Name.idl.nk.d", GROUP_PATHS},
    {NULL, 0, NULL, 0, "Instead of generating everything:", GROUP_MODES},
    {"check", KEY_CHECK, NULL, 0, "Read and check every file, and write nothing", GROUP_MODES},
    {"proto-only", KEY_PROTO_ONLY, NULL, 0,
     "Write only the .proto of each IDL file, and those that it imports", GROUP_MODES},
    {"format", KEY_FORMAT, NULL, 0,
     "Print every file in its canonical form; with --check, name those that are not in it",
     GROUP_MODES},
    {"json", KEY_JSON, NULL, 0, "Print the checked model of every file as JSON", GROUP_MODES},
    {"in-place", KEY_IN_PLACE, NULL, 0, "With --format: rewrite the files instead", GROUP_MODES},
    {NULL, 0, NULL, 0, "Warnings:", GROUP_WARNINGS},
    {NULL, 'W', "NAME", 0, "Warn of NAME; -Wno-NAME does not; -Werror makes errors of warnings",
     GROUP_WARNINGS},
    {NULL, 0, NULL, 0,
     "Accepted from builds written for nk-gen-c; every part is always generated:", GROUP_NK_GEN_C},
    {"types", KEY_IGNORED, NULL, 0, "Types of an IDL file", GROUP_NK_GEN_C},
    {"interface", KEY_IGNORED, NULL, 0, "The interface of an IDL file", GROUP_NK_GEN_C},
    {"endpoints", KEY_IGNORED, NULL, 0, "Endpoints of a class", GROUP_NK_GEN_C},
    {"client", KEY_IGNORED, NULL, 0, "What clients call", GROUP_NK_GEN_C},
    {"server", KEY_IGNORED, NULL, 0, "What servers implement", GROUP_NK_GEN_C},
    {"extended-errors", KEY_IGNORED, NULL, 0, "Error parameters of any type", GROUP_NK_GEN_C},
    {"trace-client-ipc", KEY_IGNORED, "HOW", 0, "Nothing is traced", GROUP_NK_GEN_C},
    {"trace-server-ipc", KEY_IGNORED, "HOW", 0, "Nothing is traced", GROUP_NK_GEN_C},
    {"ipc-trace-method-filter", KEY_IGNORED, "METHOD,...", 0, "Nothing is traced", GROUP_NK_GEN_C},
    {0},
};

/* How the modes are asked for. */
static const char *const mode_names[] = {
    [OPTIONS_PROTO_ONLY] = "--proto-only",
    [OPTIONS_CHECK] = "--check",
    [OPTIONS_FORMAT] = "--format",
    [OPTIONS_JSON] = "--json",
};

/* set_mode() - one more option that says what to do */
static void set_mode(struct argp_state *state, enum options_mode mode)
{
    struct options *options = state->input;

    if (options->mode != OPTIONS_GENERATE && options->mode != mode) {
        argp_error(state, "%s and %s exclude each other", mode_names[options->mode],
                   mode_names[mode]);
    }
    options->mode = mode;
}

/* set_warning() - one -W option, without the -W */
static void set_warning(struct argp_state *state, const char *name)
{
    const struct options *options = state->input;
    bool is_on = strncmp(name, "no-", 3) != 0;

    if (strcmp(name, "error") == 0) {
        idl_context_set_warnings_are_errors(options->context);
        return;
    }
    name += is_on ? 0 : 3;
    if (idl_context_set_warning(options->context, name, is_on) != 0) {
        const char *nearest = idl_warning_nearest(name);
        argp_error(state,
                   nearest == NULL ? "there is no warning '%s'"
                                   : "there is no warning '%s'; did you mean '%s'?",
                   name, nearest);
    }
}

/* add_import_dir() - one -I option */
static void add_import_dir(struct argp_state *state, const char *dir)
{
    struct options *options = state->input;

    if (idl_context_add_import_dir(options->context, dir) != 0) {
        argp_failure(state, STATUS_INPUT, ENOMEM, "%s", dir);
    }
}

/* set_out_dir() - the -o option */
static void set_out_dir(struct argp_state *state, const char *dir)
{
    struct options *options = state->input;

    if (*dir == '\0') {
        argp_error(state, "the output directory has no name; write -o . for this one");
    }
    options->out_dir = dir;
}

/* finish() - what only shows when every option is known */
static void finish(struct argp_state *state)
{
    struct options *options = state->input;

    if (options->is_check && options->mode != OPTIONS_FORMAT) {
        set_mode(state, OPTIONS_CHECK);
    }
    if (options->is_in_place && (options->mode != OPTIONS_FORMAT || options->is_check)) {
        argp_error(state, "--in-place goes with --format, and not with --check");
    }
    if (options->has_dependencies && options->mode != OPTIONS_GENERATE) {
        argp_error(state, "--deps needs headers, and %s writes none", mode_names[options->mode]);
    }
    options->has_dependencies |= options->is_nk_gen_c && options->mode == OPTIONS_GENERATE;
}

/* set_files() - all arguments that are no options */
static void set_files(struct argp_state *state)
{
    struct options *options = state->input;

    options->paths = state->argv + state->next;
    options->n_paths = (size_t)(state->argc - state->next);
}

/* parse_option() - one option or argument */
static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case 'I':
        add_import_dir(state, argument);
        return 0;
    case 'o':
        set_out_dir(state, argument);
        return 0;
    case 'W':
        set_warning(state, argument);
        return 0;
    case KEY_DEPS:
        options->has_dependencies = true;
        return 0;
    case KEY_CHECK:
        options->is_check = true;
        return 0;
    case KEY_PROTO_ONLY:
        set_mode(state, OPTIONS_PROTO_ONLY);
        return 0;
    case KEY_FORMAT:
        set_mode(state, OPTIONS_FORMAT);
        return 0;
    case KEY_JSON:
        set_mode(state, OPTIONS_JSON);
        return 0;
    case KEY_IN_PLACE:
        options->is_in_place = true;
        return 0;
    case KEY_IGNORED:
        return 0;
    case ARGP_KEY_ARGS:
        set_files(state);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "no file given");
        return EINVAL;
    case ARGP_KEY_END:
        finish(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options_table,
    .parser = parse_option,
    .args_doc = "FILE...",
    .doc =
        "Generate C headers, C tables and protobuf messages from interface files "
        "(.idl, .cdl, .edl).\v"
        "FILE a/b/Name.idl gives a/b/Name.idl.h, Name.idl.c, Name.proto, Name.pb-c.h and "
        "Name.pb-c.c below the output directory; a .cdl or .edl file gives its .h and .c.\n"
        "\n"
        "Imports and classes are looked for below each -I, then below the folder that FILE's own "
        "package starts in, then in share/capchan/idl beside the folder of this program, where "
        "kl.core.Types and the like are (those are generated too, since nobody else does it), "
        "then beside FILE.\n"
        "\n"
        "Called as nk-gen-c, it writes headers that need no C file, and --deps is on. If DIR of "
        "-o ends with the folders of the package, they are not added again; otherwise DIR gets a "
        "header too that leads to the one in the folders.\n"
        "\n"
        "Exit status: 0 done; 1 a file is wrong, or could not be read or written; 2 the command "
        "line is wrong.",
};

/* is_called() - whether the last part of a program's path is @name */
static bool is_called(const char *path, const char *name)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');

    return path != NULL && strcmp(slash == NULL ? path : slash + 1, name) == 0;
}

void options_parse(struct options *options, struct idl_context *context, int argc, char *argv[])
{
    *options = (struct options){
        .context = context,
        .is_nk_gen_c = is_called(argv[0], "nk-gen-c"),
        .out_dir = ".",
    };
    argp_err_exit_status = STATUS_USAGE;
    argp_parse(&parser, argc, argv, 0, NULL, options);
}

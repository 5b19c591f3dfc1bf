/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capchand - the broker as a program
 */
#include <argp.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/broker.h"
#include "broker/developer.h"
#include "broker/host.h"
#include "broker/limits_list.h"
#include "broker/supervisor.h"
#include "core/cleanup.h"
#include "core/fd.h"
#include "locator/init_config.h"
#include "locator/init_origin.h"

#define EXIT_BAD_CONFIG 2
#define FOLDERS_MAX 64

enum colour_when {
    COLOUR_AUTO,
    COLOUR_ALWAYS,
    COLOUR_NEVER,
};

struct arguments {
    struct developer_options developer;
    const char *file;
    const char *exit_with;
    const char *bin_folders[FOLDERS_MAX];
    size_t n_bin_folders;
    const char *include_folders[FOLDERS_MAX];
    size_t n_include_folders;
    enum colour_when colour;
    bool check;
    bool plain;
    bool verbose;
};

const char *argp_program_version = "capchan 0.1.0";

static const struct argp_option options[] = {
    {"bin", 'b', "DIR", 0, "Look for executables in DIR too; may be repeated", 0},
    {"include", 'I', "DIR", 0, "Look for the headers of `id: {var, include}` in DIR too", 0},
    {"exit-with", 'e', "TASK", 0, "End when TASK ends, with its exit status", 0},
    {"plain", 'p', NULL, 0, "Print the entities' output as it is, without their names", 0},
    {"color", 'c', "WHEN", 0, "Colour the names: auto (on a terminal), always, never", 0},
    {"verbose", 'v', NULL, 0, "Log the dynamic channels: who asks whom, and what becomes of it", 0},
    {"check", 'k', NULL, 0, "Check INIT.YAML and the executables, start nothing", 0},
    {"limits", 'l', NULL, 0, "List the limits of the system, which need no INIT.YAML", 0},
    {0},
};

static void add_folder(struct argp_state *state, const char **folders, size_t *n_folders,
                       const char *folder)
{
    if (*n_folders == FOLDERS_MAX) {
        argp_error(state, "more than %d folders", FOLDERS_MAX);
    }
    folders[(*n_folders)++] = folder;
}

static enum colour_when parse_colour(struct argp_state *state, const char *text)
{
    if (strcmp(text, "always") == 0) {
        return COLOUR_ALWAYS;
    }
    if (strcmp(text, "never") == 0) {
        return COLOUR_NEVER;
    }
    if (strcmp(text, "auto") != 0) {
        argp_error(state, "'%s' is none of auto, always, never", text);
    }
    return COLOUR_AUTO;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->developer;
        return 0;
    case 'b':
        add_folder(state, arguments->bin_folders, &arguments->n_bin_folders, argument);
        return 0;
    case 'I':
        add_folder(state, arguments->include_folders, &arguments->n_include_folders, argument);
        return 0;
    case 'e':
        arguments->exit_with = argument;
        return 0;
    case 'p':
        arguments->plain = true;
        return 0;
    case 'c':
        arguments->colour = parse_colour(state, argument);
        return 0;
    case 'v':
        arguments->verbose = true;
        return 0;
    case 'k':
        arguments->check = true;
        return 0;
    case 'l':
        limits_print(stdout);
        exit(EXIT_SUCCESS);
    case ARGP_KEY_ARG:
        if (arguments->file != NULL) {
            argp_error(state, "one INIT.YAML at a time; '%s' is the second", argument);
        }
        arguments->file = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which INIT.YAML?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* load() - read and check everything that can be checked before anything starts; reports what is
 * wrong. @host must last as long as the config. */
static int load(const struct arguments *arguments, const struct init_host *host,
                struct init_config **ret_config)
{
    const struct init_options include = {.include_dirs = arguments->include_folders,
                                         .n_include_dirs = arguments->n_include_folders,
                                         .host = host};
    CLEANUP(init_config_free_p) struct init_config *config = NULL;
    struct init_error error = {0};
    const char *folders[FOLDERS_MAX + 1];

    int r = init_config_load(arguments->file, &include, &config, &error);
    if (r == 0 && developer_replace(&arguments->developer, config) != 0) {
        return -1;
    }
    if (r == 0) {
        folders[0] = config->folder;
        memcpy(folders + 1, arguments->bin_folders, arguments->n_bin_folders * sizeof(folders[0]));
        r = init_config_find_executables(config, folders, arguments->n_bin_folders + 1, &error);
    }
    if (r < 0) {
        (void)fprintf(stderr, "capchan: %s: %s\n", arguments->file, strerror(-r));
    } else if (r > 0 && init_origin_show(arguments->file, &error) == 0) {
        init_error_print(&error, stderr);
    }
    init_error_deinit(&error);
    r = r == 0 ? developer_wrap(&arguments->developer, config) : r;
    if (r == 0) {
        *ret_config = STEAL(config);
    }
    return r;
}

/* check_exit_with() - the task that ends the run must be there */
static bool check_exit_with(const struct arguments *arguments, const struct init_config *config)
{
    const struct init_entity *entity =
        arguments->exit_with != NULL ? init_config_find_task(config, arguments->exit_with) : NULL;

    if (arguments->exit_with == NULL || (entity != NULL && !entity->is_built_in)) {
        return true;
    }
    (void)fprintf(stderr, "capchan: --exit-with: %s has no task '%s'\n", arguments->file,
                  arguments->exit_with);
    return false;
}

static size_t longest_name(const struct init_config *config)
{
    size_t longest = 0;

    for (size_t i = 0; i < config->n_entities; i++) {
        size_t length = strlen(config->entities[i].task);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/*
 * library_folder() - where our own library lies, for programs that were linked against it and not
 * told so
 *
 * Return: whether there is one beside the folder of this program.
 */
static bool library_folder(char folder[PATH_MAX])
{
    char self[PATH_MAX];
    char library[PATH_MAX + NAME_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (n <= 0) {
        return false;
    }
    self[n] = '\0';
    (void)snprintf(library, sizeof(library), "%s/../lib", dirname(self));
    if (realpath(library, folder) == NULL) {
        return false;
    }
    (void)snprintf(library, sizeof(library), "%s/libcapchan.so.0", folder);
    return access(library, R_OK) == 0;
}

/* open_standard_descriptors() - so that nothing else ever gets the numbers 0 to 2 and is printed
 * into */
static void open_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    fd_close(fd);
}

struct run {
    const struct init_config *config;
    const struct arguments *arguments;
};

static int run_broker(void *data, int output_socket)
{
    const struct run *run = data;
    char libraries[PATH_MAX];
    const struct broker_options broker = {.exit_with = run->arguments->exit_with,
                                          .output = output_socket,
                                          .libraries = library_folder(libraries) ? libraries : NULL,
                                          .is_verbose = run->arguments->verbose};

    return broker_run(run->config, &broker);
}

static bool use_colour(enum colour_when when)
{
    return when == COLOUR_ALWAYS || (when == COLOUR_AUTO && isatty(STDOUT_FILENO) == 1);
}

int main(int argc, char **argv)
{
    static const struct argp_child children[] = {{&developer_argp, 0, "For developers:", 0}, {0}};
    static const struct argp argp = {options,
                                     parse_option,
                                     "INIT.YAML",
                                     "Run the solution that INIT.YAML declares: start its entities "
                                     "and hand them their channels; or, as `capchan check`, see "
                                     "that it could be run, and start nothing.",
                                     children,
                                     NULL,
                                     NULL};
    struct arguments arguments = {0};
    CLEANUP(init_host_free_p) struct init_host *host = NULL;
    CLEANUP(init_config_free_p) struct init_config *config = NULL;

    open_standard_descriptors();
    argp_err_exit_status = EXIT_BAD_CONFIG;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    if (host_load(&host) != 0 || load(&arguments, host, &config) != 0 ||
        !check_exit_with(&arguments, config)) {
        return EXIT_BAD_CONFIG;
    }
    host_print(config, stderr);
    if (arguments.check) {
        (void)printf("%s: %zu entities, all right\n", arguments.file, config->n_entities);
        return EXIT_SUCCESS;
    }
    CLEANUP(fd_close_p) int logs = -1;
    if (developer_open_logs(&arguments.developer, &logs) != 0 ||
        developer_start_timeout(&arguments.developer) != 0) {
        return EXIT_BAD_CONFIG;
    }
    struct run run = {.config = config, .arguments = &arguments};
    const struct supervisor_options supervisor = {.prefix = !arguments.plain,
                                                  .colour = use_colour(arguments.colour),
                                                  .name_width = longest_name(config),
                                                  .logs = logs};
    return supervise(run_broker, &run, &supervisor);
}

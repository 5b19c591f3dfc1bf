/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/developer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/cleanup.h"

#define TIMEOUT_S_MAX 1000000

enum {
    OPTION_ENVIRONMENT = 256,
    OPTION_REPLACE,
    OPTION_DEBUG,
    OPTION_VALGRIND,
    OPTION_TIMEOUT,
    OPTION_LOG,
};

static const struct argp_option options[] = {
    {"env", OPTION_ENVIRONMENT, "NAME=VALUE", 0, "Put this into the environment of all entities",
     0},
    {"replace", OPTION_REPLACE, "CLASS=EXECUTABLE", 0,
     "Start EXECUTABLE for entities of CLASS, whatever `path` says", 0},
    {"debug", OPTION_DEBUG, "TASK", 0,
     "Start TASK under gdbserver, which prints the port that gdb connects to", 0},
    {"valgrind", OPTION_VALGRIND, "TASK", 0, "Start TASK under valgrind", 0},
    {"log", OPTION_LOG, "DIR", 0, "Write what each entity prints to DIR/TASK.log too", 0},
    {"timeout", OPTION_TIMEOUT, "SECONDS", 0, "End after so long, as after SIGTERM", 0},
    {0},
};

static void add(struct argp_state *state, struct developer_list *list, const char *item)
{
    if (list->n_items == DEVELOPER_ITEMS_MAX) {
        argp_error(state, "more than %d times the same option", DEVELOPER_ITEMS_MAX);
    }
    list->items[list->n_items++] = item;
}

/* add_pair() - NAME=VALUE with a NAME */
static void add_pair(struct argp_state *state, struct developer_list *list, const char *item)
{
    if (item[0] == '=' || strchr(item, '=') == NULL) {
        argp_error(state, "'%s' has no '=' with a name before it", item);
    }
    add(state, list, item);
}

static unsigned parse_seconds(struct argp_state *state, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds == 0 || seconds > TIMEOUT_S_MAX) {
        argp_error(state, "'%s' is no number of seconds from 1 to %d", text, TIMEOUT_S_MAX);
    }
    return (unsigned)seconds;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct developer_options *developer = state->input;

    switch (key) {
    case OPTION_ENVIRONMENT:
        add_pair(state, &developer->environment, argument);
        return 0;
    case OPTION_REPLACE:
        add_pair(state, &developer->replacements, argument);
        return 0;
    case OPTION_DEBUG:
        add(state, &developer->debugged, argument);
        return 0;
    case OPTION_VALGRIND:
        add(state, &developer->checked, argument);
        return 0;
    case OPTION_LOG:
        developer->log_folder = argument;
        return 0;
    case OPTION_TIMEOUT:
        developer->timeout_s = parse_seconds(state, argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp developer_argp = {options, parse_option, NULL, NULL, NULL, NULL, NULL};

/* report() - Return: -1 */
static int report(const char *option, const char *item, const char *problem)
{
    (void)fprintf(stderr, "capchan: %s %s: %s\n", option, item, problem);
    return -1;
}

/* insert() - @n strings, which are copied, before the @n_strings of a NULL-terminated array */
static int insert(char ***strings, size_t *n_strings, const char *const *added, size_t n)
{
    char **all = calloc(*n_strings + n + 1, sizeof(*all));

    if (all == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        all[i] = strdup(added[i]);
        if (all[i] == NULL) {
            while (i > 0) {
                free(all[--i]);
            }
            free(all);
            return -1;
        }
    }
    for (size_t i = 0; i < *n_strings; i++) {
        all[n + i] = (*strings)[i];
    }
    free(*strings);
    *strings = all;
    *n_strings += n;
    return 0;
}

/* set_variable() - in place of what the entity declares under that name, if it does */
static int set_variable(struct init_entity *entity, const char *assignment)
{
    size_t name_length = (size_t)(strchr(assignment, '=') - assignment) + 1;

    for (size_t i = 0; i < entity->n_env; i++) {
        if (strncmp(entity->env[i], assignment, name_length) == 0) {
            char *copy = strdup(assignment);
            if (copy == NULL) {
                return -1;
            }
            free(entity->env[i]);
            entity->env[i] = copy;
            return 0;
        }
    }
    return insert(&entity->env, &entity->n_env, &assignment, 1);
}

static int set_variables(const struct developer_options *developer, struct init_config *config)
{
    for (size_t i = 0; i < developer->environment.n_items; i++) {
        for (size_t j = 0; j < config->n_entities; j++) {
            if (set_variable(&config->entities[j], developer->environment.items[i]) != 0) {
                return report("--env", developer->environment.items[i], strerror(ENOMEM));
            }
        }
    }
    return 0;
}

/* replace_one() - @item is CLASS=EXECUTABLE */
static int replace_one(struct init_config *config, const char *item)
{
    const char *equals = strchr(item, '=');
    size_t length = (size_t)(equals - item);
    char executable[PATH_MAX];
    size_t n_replaced = 0;

    if (realpath(equals + 1, executable) == NULL) {
        return report("--replace", item, strerror(errno));
    }
    for (size_t i = 0; i < config->n_entities; i++) {
        struct init_entity *entity = &config->entities[i];
        if (strlen(entity->class_name) == length && memcmp(entity->class_name, item, length) == 0) {
            char *path = strdup(executable);
            if (path == NULL) {
                return report("--replace", item, strerror(ENOMEM));
            }
            free(entity->path);
            entity->path = path;
            entity->is_built_in = false;
            n_replaced++;
        }
    }
    return n_replaced > 0 ? 0 : report("--replace", item, "there is no entity of that class");
}

/*
 * developer_replace() - what --env and --replace ask for
 * @config: before executables are looked for
 */
int developer_replace(const struct developer_options *developer, struct init_config *config)
{
    for (size_t i = 0; i < developer->replacements.n_items; i++) {
        if (replace_one(config, developer->replacements.items[i]) != 0) {
            return -1;
        }
    }
    return set_variables(developer, config);
}

/* find_program() - on the PATH. Return: owned by the caller; NULL if it is not there. */
static char *find_program(const char *name)
{
    const char *search = getenv("PATH");
    CLEANUP(free_p)
    char *folders = strdup(search != NULL ? search : "/usr/local/bin:/usr/bin:/bin");
    char *rest = folders;
    const char *folder;

    while (rest != NULL && (folder = strsep(&rest, ":")) != NULL) {
        char *path = NULL;
        if (folder[0] == '/' && asprintf(&path, "%s/%s", folder, name) > 0 &&
            access(path, X_OK) == 0) {
            return path;
        }
        free(path);
    }
    return NULL;
}

/* wrap_one() - have @command start the program of @task; its first word is looked for on the PATH
 */
static int wrap_one(struct init_config *config, const char *option, const char *task,
                    const char *const *command, size_t n_words)
{
    struct init_entity *entity = init_config_find_task(config, task);
    const char *words[4];

    if (entity == NULL || entity->is_built_in) {
        return report(option, task, "there is no such task");
    }
    CLEANUP(free_p) char *program = find_program(command[0]);
    if (program == NULL) {
        (void)fprintf(stderr, "capchan: %s %s: %s is not on the PATH; apt-get install %s\n", option,
                      task, command[0], command[0]);
        return -1;
    }
    memcpy(words, command + 1, (n_words - 1) * sizeof(words[0]));
    words[n_words - 1] = entity->executable;
    if (insert(&entity->args, &entity->n_args, words, n_words) != 0) {
        return report(option, task, strerror(ENOMEM));
    }
    free(entity->executable);
    entity->executable = STEAL(program);
    return 0;
}

/*
 * developer_wrap() - what --debug and --valgrind ask for
 * @config: after executables were found
 */
int developer_wrap(const struct developer_options *developer, struct init_config *config)
{
    static const char *const debugger[] = {"gdbserver", "--once", "127.0.0.1:0"};
    static const char *const valgrind[] = {"valgrind", "-q"};

    for (size_t i = 0; i < developer->checked.n_items; i++) {
        if (wrap_one(config, "--valgrind", developer->checked.items[i], valgrind, 2) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < developer->debugged.n_items; i++) {
        if (wrap_one(config, "--debug", developer->debugged.items[i], debugger, 3) != 0) {
            return -1;
        }
    }
    return 0;
}

/*
 * developer_open_logs() - the folder of --log, which is made if it is not there
 * @ret_fd: owned by the caller; -1 if none is asked for
 */
int developer_open_logs(const struct developer_options *developer, int *ret_fd)
{
    *ret_fd = -1;
    if (developer->log_folder == NULL) {
        return 0;
    }
    if (mkdir(developer->log_folder, 0755) != 0 && errno != EEXIST) {
        return report("--log", developer->log_folder, strerror(errno));
    }
    *ret_fd = open(developer->log_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *ret_fd >= 0 ? 0 : report("--log", developer->log_folder, strerror(errno));
}

/* developer_start_timeout() - send this process SIGTERM in time; children do not inherit that */
int developer_start_timeout(const struct developer_options *developer)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGTERM};
    const struct itimerspec time = {.it_value = {.tv_sec = (time_t)developer->timeout_s}};
    timer_t timer;

    if (developer->timeout_s == 0) {
        return 0;
    }
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &time, NULL) != 0) {
        (void)fprintf(stderr, "capchan: --timeout: %s\n", strerror(errno));
        return -1;
    }
    return 0;
}

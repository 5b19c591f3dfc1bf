/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of init.yaml: the entities of a solution and the channels between them, read, checked
 * and owned as one piece. Nothing here prints, exits or starts anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/capability.h>

#include "locator/init_error.h"
#include "locator/init_host.h"

#define INIT_FILE_BYTES_MAX (1u << 20) /* size of init.yaml */

/* Outcomes (positive; 0 is success, negative is -errno). */
enum init_outcome {
    INIT_E_INVALID =
        1, /* the file, or what it names, is wrong; the init_error says what and where */
};

/* A channel, declared by its client. */
struct init_connection {
    char *id;
    char *target_name;          /* the server's task, as written */
    struct init_entity *target; /* the same as an entity of this config; never the client */
    struct init_position id_position;
    struct init_position target_position;
    struct init_error unread; /* why the constant that the id is was not read; else not set */
};

struct init_entity {
    char *task;       /* name of the process, unique; the class unless given */
    char *class_name; /* `name`: the class that the EDL declares */
    char *path;       /* executable as written; the class unless given */
    bool is_built_in; /* the broker does its work: kl.core.NameServer, unless it has a path */
    bool is_hosts;    /* built in, too: found nowhere, and the host does the work of its class */
    char *executable; /* where init_config_find_executables() found it; NULL before */
    char **args;      /* without argv[0]; NULL-terminated, as is env */
    size_t n_args;
    char **env; /* "NAME=value" */
    size_t n_env;
    struct init_connection *connections;
    size_t n_connections;
    cap_value_t *capabilities; /* `capchan: capabilities:`, each one once */
    size_t n_capabilities;
    char *user;  /* `capchan: user:`, name or number as written; NULL unless given */
    char *group; /* the same for `capchan: group:` */
    struct init_position position;      /* of its first key */
    struct init_position task_position; /* of the value of `task`, or else of `name` */
    struct init_position path_position; /* of the value of `path`, or else of `name` */
};

/* Who may ask whom for a dynamic channel. Names may end with a `*`, which stands for any rest. */
struct init_rule {
    char *client;
    char *server;
    char *service;
    cap_value_t *requires; /* each one once */
    size_t n_requires;
    struct init_position client_position;
    struct init_position server_position;
};

struct init_config {
    char *file;   /* as it was named to the loader, for messages */
    char *folder; /* where it lies: "." or a path; headers are looked for here first */
    struct init_entity *entities; /* in the order of the file; at least one */
    size_t n_entities;
    bool has_rules;          /* `capchan: dynamic:` is there; if not, everybody may ask anybody */
    struct init_rule *rules; /* of it, in the order of the file */
    size_t n_rules;
    const struct init_host *host; /* of init_options */
    struct init_source *source;   /* the text, for the offending line of later messages */
};

/*
 * Where headers of `id: {var: NAME, include: FILE}` are looked for after init.yaml's folder, and
 * which classes need no program. Of those an entity may be missing: connections to it are left out.
 */
struct init_options {
    const char *const *include_dirs;
    size_t n_include_dirs;
    const struct init_host *host; /* NULL: none; must last as long as the config */
};

int init_config_load(const char *path, const struct init_options *options,
                     struct init_config **ret_config, struct init_error *ret_error);
int init_config_load_memory(const char *name, const void *bytes, size_t size,
                            struct init_config **ret_config, struct init_error *ret_error);
struct init_config *init_config_free(struct init_config *config);
void init_config_free_p(struct init_config **config);

int init_config_find_executables(struct init_config *config, const char *const *dirs, size_t n_dirs,
                                 struct init_error *ret_error);
struct init_entity *init_config_find_task(const struct init_config *config, const char *task);

/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_host.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"

struct init_host {
    char **classes; /* an asterisk in one stands for anything */
    size_t n_classes;
};

/* add_class() - the first word of a line that is no comment. Return: 0; -ENOMEM. */
static int add_class(struct init_host *host, const char *line)
{
    size_t length = strcspn(line, "# \t\r\n");
    char **classes;

    if (length == 0) {
        return 0;
    }
    classes = realloc(host->classes, (host->n_classes + 1) * sizeof(classes[0]));
    if (classes == NULL) {
        return -ENOMEM;
    }
    host->classes = classes;
    classes[host->n_classes] = strndup(line, length);
    return classes[host->n_classes++] != NULL ? 0 : -ENOMEM;
}

/**
 * init_host_load() - read the table
 * @path:     one class in each line, as its first word; `#` begins a comment; borrowed
 * @ret_host: owned by the caller
 *
 * Return: 0; a negative errno.
 */
int init_host_load(const char *path, struct init_host **ret_host)
{
    CLEANUP(init_host_free_p) struct init_host *host = calloc(1, sizeof(*host));
    CLEANUP(free_p) char *line = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    int r = host == NULL ? -ENOMEM : 0;

    if (file == NULL) {
        return -errno;
    }
    while (r == 0 && getline(&line, &size, file) >= 0) {
        r = add_class(host, line);
    }
    if (r == 0 && ferror(file) != 0) {
        r = -EIO;
    }
    (void)fclose(file);
    if (r == 0) {
        *ret_host = STEAL(host);
    }
    return r;
}

/* init_host_free() - release a table; NULL is none. Return: NULL. */
struct init_host *init_host_free(struct init_host *host)
{
    if (host != NULL) {
        for (size_t i = 0; i < host->n_classes; i++) {
            free(host->classes[i]);
        }
        free(host->classes);
        free(host);
    }
    return NULL;
}

/* init_host_free_p() - for CLEANUP() */
void init_host_free_p(struct init_host **host)
{
    *host = init_host_free(*host);
}

/* init_host_does() - whether the host does the work of a class; NULL: it does nothing */
bool init_host_does(const struct init_host *host, const char *class_name)
{
    for (size_t i = 0; host != NULL && i < host->n_classes; i++) {
        if (fnmatch(host->classes[i], class_name, 0) == 0) {
            return true;
        }
    }
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/host.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the table is seen from the folder of this program. */
#define TABLE "../share/capchan/host_entities"

/* Where KasperskyOS projects have their policy: beside init.yaml. */
#define POLICY "security.psl"

/*
 * host_load() - the table that was installed with this program
 * @ret_host: owned by the caller; NULL if none was
 *
 * Return: 0; a negative errno, which is reported.
 */
int host_load(struct init_host **ret_host)
{
    char self[PATH_MAX];
    char table[PATH_MAX + sizeof(TABLE)];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    *ret_host = NULL;
    if (n <= 0) {
        return 0;
    }
    self[n] = '\0';
    (void)snprintf(table, sizeof(table), "%s/%s", dirname(self), TABLE);
    int r = init_host_load(table, ret_host);
    if (r == 0 || r == -ENOENT) {
        return 0;
    }
    (void)fprintf(stderr, "capchan: %s: %s\n", table, strerror(-r));
    return r;
}

/* print_policy() - if the solution has one, where it really is: an image has a link to it */
static void print_policy(const char *folder, FILE *out)
{
    char path[PATH_MAX];
    char real[PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%s", folder, POLICY);

    if (n > 0 && (size_t)n < sizeof(path) && realpath(path, real) != NULL) {
        (void)fprintf(out, "capchan: %s is not enforced: there are no policies yet\n", real);
    }
}

/* host_print() - what whoever starts the solution should know about it */
void host_print(const struct init_config *config, FILE *out)
{
    for (size_t i = 0; i < config->n_entities; i++) {
        if (config->entities[i].is_hosts) {
            (void)fprintf(out, "capchan: the host does the work of %s\n", config->entities[i].task);
        }
    }
    print_policy(config->folder, out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_origin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "locator/init_config.h"
#include "locator/init_file.h"

/* next_line() - cut the first line off @rest. Return: it, without its line end; NULL at the end. */
static const char *next_line(char **rest)
{
    char *line = *rest;
    size_t length = strcspn(line, "\n");

    if (*line == '\0') {
        return NULL;
    }
    *rest = line + length + (line[length] == '\n' ? 1 : 0);
    line[length] = '\0';
    return line;
}

/* read_map() - the text of a map, owned by the caller; NULL if there is none that can be read */
static char *read_map(const char *path)
{
    CLEANUP(free_p) char *name = NULL;
    char *bytes;
    size_t size;

    if (asprintf(&name, "%s.map", path) < 0) {
        name = NULL;
        return NULL;
    }
    return init_file_read(name, INIT_FILE_BYTES_MAX, &bytes, &size) == 0 ? bytes : NULL;
}

/* find_line() - the number of the template's line; 0: the map does not say */
static unsigned int find_line(char *rest, unsigned int line)
{
    const char *number = NULL;

    for (unsigned int i = 0; i < line; i++) {
        number = next_line(&rest);
        if (number == NULL) {
            return 0;
        }
    }
    return number != NULL ? (unsigned int)strtoul(number, NULL, 10) : 0;
}

/**
 * init_origin_show() - have an error name the template, and where it was expanded besides
 * @path:  of init.yaml; borrowed
 * @error: stays as it is if there is no map, or if it is about another file
 *
 * Return: 0; -ENOMEM.
 */
int init_origin_show(const char *path, struct init_error *error)
{
    CLEANUP(free_p) char *map = read_map(path);
    char *rest = map;
    const char *template = map != NULL && strcmp(error->file, path) == 0 ? next_line(&rest) : NULL;
    char *message = NULL;

    if (template == NULL) {
        return 0;
    }
    char *file = strdup(template);
    int n =
        error->position.line > 0
            ? asprintf(&message, "%s (expanded: %s:%u)", error->message, path, error->position.line)
            : asprintf(&message, "%s (expanded: %s)", error->message, path);
    if (file == NULL || n < 0) {
        free(file);
        return -ENOMEM;
    }
    free(error->file);
    free(error->message);
    error->file = file;
    error->message = message;
    error->position.line = find_line(rest, error->position.line);
    if (error->position.line == 0) {
        free(error->source_line);
        error->source_line = NULL;
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/solution_file.h"

#include <stdio.h>

static void write_server(FILE *file, const struct solution_file *solution, uint32_t number)
{
    (void)fprintf(file,
                  "  - name: calls.Server\n"
                  "    task: Server%u\n"
                  "    path: '%s/echo_server'\n"
                  "    args: ['%s', echo%u]\n",
                  number, solution->programs, solution->folder, number);
}

static void write_client(FILE *file, const struct solution_file *solution, uint32_t number)
{
    (void)fprintf(file,
                  "  - name: calls.Client\n"
                  "    task: Client%u\n"
                  "    path: '%s/%s'\n"
                  "    args: ['%s', echo0, '%u']\n"
                  "    connections:\n",
                  number, solution->programs, solution->client, solution->folder, number);
    for (uint32_t i = 0; i < solution->n_servers; i++) {
        (void)fprintf(file, "      - {target: Server%u, id: echo%u}\n", i, i);
    }
}

/* solution_file_write() - Return: 0; -1. */
int solution_file_write(const struct solution_file *solution, const char *path)
{
    FILE *file = fopen(path, "we");

    if (file == NULL) {
        perror(path);
        return -1;
    }
    (void)fprintf(file, "entities:\n");
    for (uint32_t i = 0; i < solution->n_servers; i++) {
        write_server(file, solution, i);
    }
    for (uint32_t i = 0; i < solution->n_clients; i++) {
        write_client(file, solution, i);
    }
    if (fclose(file) != 0) {
        perror(path);
        return -1;
    }
    return 0;
}

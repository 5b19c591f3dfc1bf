/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/json_file.h"

#include <stdio.h>

/* json_thousandths() - nothing that is measured is known any better */
json_t *json_thousandths(double value)
{
    return json_real((double)(long long)(value * 1000 + 0.5) / 1000);
}

/* json_file_write() - @root is consumed, and may be NULL. Return: 0; -1. */
int json_file_write(json_t *root, const char *path)
{
    int r = root == NULL ? -1 : json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(9));

    json_decref(root);
    if (r != 0) {
        perror(path);
    }
    return r;
}

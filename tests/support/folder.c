/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/folder.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* folder_new() - an empty folder; the path is owned by the caller, see folder_free() */
char *folder_new(void)
{
    char *path = strdup("/tmp/capchan-test-XXXXXX");

    ck_assert_ptr_nonnull(path);
    ck_assert_ptr_nonnull(mkdtemp(path));
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

/* folder_remove() - with all that is in it. Return: 0, or else what is left could not be removed.
 */
int folder_remove(const char *path)
{
    return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* folder_free() - remove the folder, which must work, and its path */
void folder_free(char *path)
{
    ck_assert_int_eq(folder_remove(path), 0);
    free(path);
}

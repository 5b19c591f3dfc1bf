/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* scratch_make() - Return: 0; -1. */
int scratch_make(char ret_folder[SCRATCH_BYTES])
{
    const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    (void)snprintf(ret_folder, SCRATCH_BYTES, "%s/capchan-bench-XXXXXX", where);
    if (mkdtemp(ret_folder) == NULL) {
        perror(ret_folder);
        return -1;
    }
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* scratch_remove() - with all that is in it */
void scratch_remove(const char *folder)
{
    (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

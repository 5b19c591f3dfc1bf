/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/occasion.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>

#include "tests/bench/support/placement.h"

/* occasion_find() - today, and as /proc/cpuinfo and the kernel call themselves */
void occasion_find(struct occasion *ret_occasion)
{
    const time_t now = time(NULL);
    struct tm local = {0};
    struct utsname name = {0};
    char model[128] = "unknown CPU";
    char line[256];
    int cpus[PLACEMENT_CPUS_MAX];
    FILE *file = fopen("/proc/cpuinfo", "re");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "model name : %127[^\n]", model) == 1) {
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    (void)localtime_r(&now, &local);
    (void)strftime(ret_occasion->date, sizeof(ret_occasion->date), "%Y-%m-%d", &local);
    (void)uname(&name);
    (void)snprintf(ret_occasion->machine, sizeof(ret_occasion->machine), "%s, %d CPUs, %.32s %.64s",
                   model, placement_cpus(cpus), name.sysname, name.release);
}

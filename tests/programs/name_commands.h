/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that ask the name server, whichever it is. */
#pragma once

#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/programs/words.h"

/* That the last of the commands got access to. */
static NsHandle name_server;

static inline void do_create(const char *msecs)
{
    rtl_uint32_t timeout = *msecs == '-' ? INFINITE_TIMEOUT : (rtl_uint32_t)atoi(msecs);
    rtl_uint64_t before = KnGetMSecSinceStart();
    NsHandle ns = NS_INVALID_HANDLE;
    Retcode rc = NsCreate(RTL_NULL, timeout, &ns);
    bool in_time = rc != rcTimeout || KnGetMSecSinceStart() - before + 1 >= timeout;

    printf("create %s: " RETCODE_HR_FMT "%s%s\n", msecs, RETCODE_HR_PARAMS(rc),
           (rc == rcOk) == (ns == NS_INVALID_HANDLE) ? ", but no handle" : "",
           in_time ? "" : ", too early");
}

static inline void do_publish(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];

    split(argument, words);
    Retcode rc = NsCreate(RTL_NULL, INFINITE_TIMEOUT, &name_server);
    if (rc == rcOk) {
        rc = NsPublishService(name_server, words[0], words[1], words[2]);
    }
    printf("publish %s %s %s: " RETCODE_HR_FMT "\n", words[0], words[1], words[2],
           RETCODE_HR_PARAMS(rc));
}

/* do_again() - without asking for the name server again */
static inline void do_again(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];

    split(argument, words);
    Retcode rc = NsPublishService(name_server, words[0], words[1], words[2]);
    printf("again %s %s %s: " RETCODE_HR_FMT "\n", words[0], words[1], words[2],
           RETCODE_HR_PARAMS(rc));
}

static inline void do_unpublish(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];

    split(argument, words);
    Retcode rc = NsCreate(RTL_NULL, INFINITE_TIMEOUT, &name_server);
    if (rc == rcOk) {
        rc = NsUnPublishService(name_server, words[0], words[1], words[2]);
    }
    printf("unpublish %s %s %s: " RETCODE_HR_FMT "\n", words[0], words[1], words[2],
           RETCODE_HR_PARAMS(rc));
}

static inline void do_enumerate(const char *type)
{
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Retcode rc = NsCreate(RTL_NULL, INFINITE_TIMEOUT, &name_server);

    printf("enumerate %s:", type);
    for (unsigned i = 0;
         rc == rcOk && (rc = NsEnumServices(name_server, type, i, server, sizeof(server), service,
                                            sizeof(service))) == rcOk;
         i++) {
        printf(" %s/%s", server, service);
    }
    printf(" " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

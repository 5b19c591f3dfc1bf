/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that knows an interface and nobody who serves it: looks through what is published,
 * connects to one server after the other, and back to the first.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>
#include <rtl/retcode_hr.h>

#include <dynamic/ICounter.idl.h>

#define PATIENCE_MS 10000

/* find_service() - what @server calls its counter, as soon as it has published one */
static Retcode find_service(NsHandle ns, const char *server, char *service, rtl_size_t size)
{
    char found[kl_core_Types_UCoreStringSize];
    rtl_uint64_t start = KnGetMSecSinceStart();
    Retcode rc;
    unsigned index = 0;

    do {
        rc = NsEnumServices(ns, "dynamic.ICounter", index, found, sizeof(found), service, size);
        if (rc == rcOk && strcmp(found, server) == 0) {
            return rcOk;
        }
        index++;
        if (rc == rcResourceNotFound) { /* that were all so far */
            KnSleep(10);
            index = 0;
        }
    } while ((rc == rcOk || rc == rcResourceNotFound) &&
             KnGetMSecSinceStart() - start < PATIENCE_MS);
    return rc;
}

/*
 * use() - call a counter three times through a channel that is closed again
 * @msecs: how long to wait for the server, who never hears of it if no rule in init.yaml allows it
 */
static int use(const char *server, const char *service, rtl_uint32_t msecs)
{
    NkKosTransport transport;
    struct dynamic_ICounter_proxy proxy;
    Handle handle;
    rtl_uint32_t riid;

    Retcode rc = KnCmConnect(server, service, msecs, &handle, &riid);
    if (rc != rcOk) {
        fprintf(stderr, "no channel to %s for %s: " RETCODE_HR_FMT "\n", server, service,
                RETCODE_HR_PARAMS(rc));
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    dynamic_ICounter_proxy_init(&proxy, &transport.base, (nk_iid_t)riid);
    fprintf(stderr, "%s counts", server);
    for (int i = 0; i < 3; i++) {
        dynamic_ICounter_Next_req req;
        dynamic_ICounter_Next_res res;
        if (dynamic_ICounter_Next(&proxy.base, &req, NULL, &res, NULL) != NK_EOK) {
            return EXIT_FAILURE;
        }
        fprintf(stderr, " %u", res.value);
    }
    fprintf(stderr, "\n");
    return KnHandleClose(handle) == rcOk ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(void)
{
    static const char *const servers[] = {"Ones", "Tens", "Ones"};
    char service[kl_core_Types_UCoreStringSize];
    NsHandle ns;

    if (NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns) != rcOk) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        if (find_service(ns, servers[i], service, sizeof(service)) != rcOk) {
            fprintf(stderr, "%s publishes no counter\n", servers[i]);
            return EXIT_FAILURE;
        }
        fprintf(stderr, "%zu. %s publishes %s\n", i + 1, servers[i], service);
        if (use(servers[i], service, PATIENCE_MS) != EXIT_SUCCESS) {
            return EXIT_FAILURE;
        }
    }
    bool is_refused = use("Tens", "reset", PATIENCE_MS) != EXIT_SUCCESS; /* by the server */
    bool is_forbidden = use("Ones", "reset", 100) != EXIT_SUCCESS;       /* by the rules */
    return is_refused && is_forbidden ? EXIT_SUCCESS : EXIT_FAILURE;
}

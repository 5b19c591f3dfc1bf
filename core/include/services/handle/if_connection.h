/* SPDX-License-Identifier: Apache-2.0 */
/**
 * services/handle/if_connection.h - what a process serves, as a program that starts it says it
 *
 * Source of the names: KasperskyOS CE 1.1.
 */
#ifndef SERVICES_HANDLE_IF_CONNECTION_H_
#define SERVICES_HANDLE_IF_CONNECTION_H_

#include <nk/types.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct EndpointInfo - an endpoint: its qualified name, its number, its interface */
typedef struct EndpointInfo {
    const char *name;
    nk_iid_t riid;
    const char *iface_name;
} EndpointInfo;

/** struct EntityInfo - a class of processes and its @max_endpoints endpoints */
typedef struct EntityInfo {
    const char *eiid;
    rtl_uint32_t max_endpoints;
    const EndpointInfo *endpoints;
} EntityInfo;

#ifdef __cplusplus
}
#endif

#endif

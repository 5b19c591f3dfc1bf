/* SPDX-License-Identifier: Apache-2.0 */
/* The client's side of a dock (dock.c). */
#pragma once

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ferry/Dock.edl.h>

/* A channel to a dock. */
struct pier {
    Handle channel;
    NkKosTransport transport;
    IDock_proxy proxy;
};

/* reach() - the dock that this process is connected to as @name */
static inline void reach(struct pier *pier, const char *name)
{
    pier->channel = ServiceLocatorConnect(name);
    (void)NkKosTransport_Init(&pier->transport, pier->channel, NK_NULL, 0);
    IDock_proxy_init(&pier->proxy, &pier->transport.base, ferry_Dock_dock_iid);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/peers.h"

/* Weak: the address of what was not built, because its package is not there, is NULL. */
#define MECHANISM(name) extern const struct mechanism mechanism_##name __attribute__((weak))

MECHANISM(sd_bus);
MECHANISM(dbus_broker);
MECHANISM(capnproto);
MECHANISM(grpc);
MECHANISM(zeromq);
MECHANISM(nng);
MECHANISM(nanomsg);

static const struct peer_info infos[PEERS] = {
    [PEER_CAPCHAN] = {"capchan", NULL, NULL},
    [PEER_SD_BUS] = {"sd-bus", &mechanism_sd_bus, "libsystemd-dev"},
    [PEER_DBUS_BROKER] = {"dbus-broker", &mechanism_dbus_broker, "dbus-broker"},
    [PEER_CAPNPROTO] = {"Cap'n Proto", &mechanism_capnproto, "libcapnp-dev"},
    [PEER_GRPC] = {"gRPC", &mechanism_grpc, "libgrpc++-dev"},
    [PEER_ZEROMQ] = {"ZeroMQ", &mechanism_zeromq, "libzmq3-dev"},
    [PEER_NNG] = {"nng", &mechanism_nng, "libnng-dev"},
    [PEER_NANOMSG] = {"nanomsg", &mechanism_nanomsg, "libnanomsg-dev"},
};

const struct peer_info *peer_describe(enum peer peer)
{
    return &infos[peer];
}

/* peer_is_there() - whether it was built in */
bool peer_is_there(enum peer peer)
{
    return peer == PEER_CAPCHAN || infos[peer].mechanism != NULL;
}

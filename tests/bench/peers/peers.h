/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom our calls are compared with.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/bench/support/mechanism.h"

/* Enough for a scratch folder, a name in it and what is put before them. */
#define PEER_ADDRESS_BYTES 128

/* Payloads of this size are sent as a 32-bit number, others as bytes. */
#define PEER_NUMBER_BYTES 4

/* Who is compared, ourselves first. */
enum peer {
    PEER_CAPCHAN,
    PEER_SD_BUS,
    PEER_DBUS_BROKER,
    PEER_CAPNPROTO,
    PEER_GRPC,
    PEER_ZEROMQ,
    PEER_NNG,
    PEER_NANOMSG,
};

#define PEERS 8

/*
 * @mechanism: NULL for what was not built, and for ourselves
 * @package:   what must be installed
 */
struct peer_info {
    const char *name;
    const struct mechanism *mechanism;
    const char *package;
};

const struct peer_info *peer_describe(enum peer peer);
bool peer_is_there(enum peer peer);

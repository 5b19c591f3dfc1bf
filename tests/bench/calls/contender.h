/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is compared.
 */
#pragma once

#include "tests/bench/support/mechanism.h"

enum contender {
    CONTENDER_CAPCHAN, /* our generated call, between entities */
    CONTENDER_RAW_ADAPTIVE,
    CONTENDER_RAW_FUTEX,
    CONTENDER_RAW_MANY,
    CONTENDER_UNIX_EPOLL,
    CONTENDER_SOCKET_PROTOBUF,
    CONTENDER_UNIX_CONNECT,
    CONTENDER_SCM_RIGHTS,
};

#define CONTENDERS 8

/* @mechanism: as run_once() wants it */
struct contender_info {
    const char *name;
    const struct mechanism *mechanism;
};

extern const struct contender_info contenders[CONTENDERS];

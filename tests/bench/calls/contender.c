/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/contender.h"

#include <stddef.h>

#include "tests/bench/calls/mechanisms.h"

const struct contender_info contenders[CONTENDERS] = {
    [CONTENDER_CAPCHAN] = {"capchan", NULL},
    [CONTENDER_RAW_ADAPTIVE] = {"raw adaptive", &mechanism_raw_adaptive},
    [CONTENDER_RAW_FUTEX] = {"raw futex", &mechanism_raw_futex},
    [CONTENDER_RAW_MANY] = {"raw many", &mechanism_raw_many},
    [CONTENDER_UNIX_EPOLL] = {"AF_UNIX+epoll", &mechanism_unix_epoll},
    [CONTENDER_SOCKET_PROTOBUF] = {"SEQPACKET+protobuf-c", &mechanism_socket_protobuf},
    [CONTENDER_UNIX_CONNECT] = {"connect()+accept()", &mechanism_unix_connect},
    [CONTENDER_SCM_RIGHTS] = {"SCM_RIGHTS", &mechanism_scm_rights},
};

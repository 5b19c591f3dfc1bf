/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the benchmark compares: each mechanism is in a file of its own.
 */
#pragma once

#include "tests/bench/support/mechanism.h"

extern const struct mechanism mechanism_raw_adaptive;
extern const struct mechanism mechanism_raw_futex;
extern const struct mechanism mechanism_raw_many;
extern const struct mechanism mechanism_unix_epoll;
extern const struct mechanism mechanism_socket_protobuf;
extern const struct mechanism mechanism_unix_connect;
extern const struct mechanism mechanism_scm_rights;

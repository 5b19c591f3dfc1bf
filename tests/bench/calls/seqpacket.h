/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AF_UNIX sockets that keep messages apart, and a server that waits for all of its clients in
 * epoll.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/bench/support/mechanism.h"

#define SEQPACKET_BYTES_MAX 65536

/* Makes the reply, in place, of a request of @size bytes. Return: its size; -1. */
typedef ssize_t seqpacket_answer_fn(uint8_t bytes[SEQPACKET_BYTES_MAX], size_t size);

int seqpacket_listen(const struct bench_case *bench_case);
int seqpacket_serve(const struct bench_case *bench_case, void (*ready)(void),
                    seqpacket_answer_fn *answer);
int seqpacket_connect(const struct bench_case *bench_case);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both halves of a channel's shared memory in one process, without a socket or threads of their
 * own; for one test program at a time.
 */
#pragma once

#include <check.h>
#include <sched.h>
#include <stdint.h>
#include <unistd.h>

#include <types/IAll.idl.h>

#include "core/shared_client.h"
#include "core/shared_server.h"

extern const struct capchan_interface types_IAll_interface_stub_;

static struct shared_client front;
static struct shared_server back;

/* halves_offer() - memory as a client offers it */
static inline int halves_offer(struct shared_client *half)
{
    shared_client_init(half, 0);
    int memfd = shared_client_offer(half);
    ck_assert_int_ge(memfd, 0);
    return memfd;
}

static inline void halves_setup(void)
{
    int memfd = halves_offer(&front);

    ck_assert_int_eq(shared_server_accept(&back, memfd), 0);
    ck_assert(shared_client_accept(&front, dup(back.bell)));
}

static inline void halves_teardown(void)
{
    shared_client_deinit(&front);
    shared_server_deinit(&back);
}

/* halves_encode() - a request without content; @pool is to be ended with pool_deinit() */
static inline void halves_encode(struct pool *pool, struct encoded *ret_encoded)
{
    static const types_IAll_Quiet_req req;

    pool_init(pool, SIZE_MAX);
    ck_assert_int_eq(encode(types_IAll_interface_stub_.methods[types_IAll_Quiet_mid].req, &req,
                            NULL, pool, ret_encoded),
                     0);
}

/* halves_call() - a thread that makes a request in the first slot. Return: what
 * shared_client_call() returns. */
static inline void *halves_call(void *unused)
{
    struct incoming reply;
    struct encoded encoded;
    struct pool pool;

    (void)unused;
    halves_encode(&pool, &encoded);
    int slot = shared_client_take(&front, 0);
    int r = shared_client_call(&front, (unsigned)slot, &encoded, NULL, &reply);
    pool_deinit(&pool);
    return (void *)(intptr_t)r;
}

/* halves_await_request() - until it is in the first slot */
static inline void halves_await_request(void)
{
    while (shared_server_find(&back) < 0) {
        sched_yield();
    }
}

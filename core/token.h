/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has a request that went over the socket: it brings a descriptor that can be taken once. The
 * server takes it before it looks at the request, the client to take the request back.
 */
#pragma once

int token_new(int *ret_token);
int token_take(int token);

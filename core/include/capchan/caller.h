/* SPDX-License-Identifier: Apache-2.0 */
/**
 * capchan/caller.h - whom a server serves
 *
 * Ours: in KasperskyOS only the security policy knows.
 */
#ifndef CAPCHAN_CALLER_H_
#define CAPCHAN_CALLER_H_

#include <rtl/retcode.h>
#include <rtl/stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * capchan_caller_name() - which task has sent the request that the calling thread serves
 * @name: filled in on success: `task` of init.yaml, or else `name`, and a NUL
 * @size: bytes there are; kl_core_Types_UCoreStringSize of <kl/core/Types.idl.h> is always enough
 *
 * It is the request that this thread received last, from whichever listener, and has not answered:
 * between nk_transport_recv() or Recv() and the reply, as well as in a handler that dispatch calls.
 * Another thread that works on it has to be told.
 *
 * The broker names the client of each channel when it makes it, so nothing that the client sends
 * can change the answer. Static and dynamic channels have one client for good. Who was handed a
 * handle calls through a channel of its own, and is named itself. A process that calls its own
 * listener (KnHandleConnect()) is named as well. So is a client that has ended meanwhile; no other
 * one has its name as long as the broker runs. A client that sends what others have told it to, or
 * gives its descriptors away, answers for that itself.
 *
 * Context: any thread; does not wait, and does not need the broker to run any more.
 * Rights:  none.
 * Return:  rcOk; rcInvalidArgument: @name is NULL; rcInvalidOperation: this thread has no request
 * that it could answer; rcBufferTooSmall: @size is not more than the length of the name;
 * rcNotReady: the process has no broker, which also a child made by fork() has not.
 */
Retcode capchan_caller_name(char *name, rtl_size_t size);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/task/task_api.h - what a process can learn about itself
 *
 * Source of the semantics: KasperskyOS CE 1.2 to 1.4.
 */
#ifndef CORESRV_TASK_TASK_API_H_
#define CORESRV_TASK_TASK_API_H_

#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * KnTaskGetName() - how the calling process is called in its solution
 * @name: filled in on success: `task` of init.yaml, or else `name`, and a NUL
 * @size: bytes there are; kl_core_Types_UCoreStringSize of <kl/core/Types.idl.h> is always enough
 *
 * By that name others ask this process for channels.
 *
 * Context: any thread; does not wait.
 * Return:  rcOk; rcInvalidArgument: @name is NULL; rcBufferTooSmall; rcNotReady: the process has no
 * broker, which also a child made by fork() has not.
 */
Retcode KnTaskGetName(char *name, rtl_size_t size);

#ifdef __cplusplus
}
#endif

#endif

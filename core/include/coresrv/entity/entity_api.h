/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/entity/entity_api.h - starting processes and connecting them
 *
 * The broker alone does that, as init.yaml says, and no process can have it done otherwise: these
 * functions are there so that a KasperskyOS project's own starter compiles. Each says that it
 * cannot. Source of the names: KasperskyOS CE 1.1.
 */
#ifndef CORESRV_ENTITY_ENTITY_API_H_
#define CORESRV_ENTITY_ENTITY_API_H_

#include <rtl/retcode.h>
#include <services/handle/if_connection.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A process that is being set up. */
typedef struct Entity Entity;

/** EntityInit(), EntityInitEx() - make a process. Return: RTL_NULL. */
Entity *EntityInit(const EntityInfo *info);
Entity *EntityInitEx(const EntityInfo *info, const char *name, const char *path);

/** EntitySetArgs() - with arguments, RTL_NULL at the end. Return: rcUnimplemented. */
Retcode EntitySetArgs(Entity *entity, const char *const *args);

/** EntityConnect(), EntityConnectToService() - make a channel. Return: rcUnimplemented. */
Retcode EntityConnect(Entity *client, Entity *server);
Retcode EntityConnectToService(Entity *client, Entity *server, const char *name);

/** EntityRun() - start it. Return: rcUnimplemented. */
Retcode EntityRun(Entity *entity);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* There is nothing to start processes with: see the header. */
#include <coresrv/entity/entity_api.h>

Entity *EntityInit(const EntityInfo *info)
{
    return EntityInitEx(info, NULL, NULL);
}

Entity *EntityInitEx(const EntityInfo *info, const char *name, const char *path)
{
    (void)info;
    (void)name;
    (void)path;
    return NULL;
}

Retcode EntitySetArgs(Entity *entity, const char *const *args)
{
    (void)entity;
    (void)args;
    return rcUnimplemented;
}

Retcode EntityConnect(Entity *client, Entity *server)
{
    return EntityConnectToService(client, server, NULL);
}

Retcode EntityConnectToService(Entity *client, Entity *server, const char *name)
{
    (void)client;
    (void)server;
    (void)name;
    return rcUnimplemented;
}

Retcode EntityRun(Entity *entity)
{
    (void)entity;
    return rcUnimplemented;
}

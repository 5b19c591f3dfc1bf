/* SPDX-License-Identifier: Apache-2.0 */
/* Gets the document from its author, to read, and opens it once more by itself. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <nk/handle.h>

#include <vault/Guest.edl.h>
#include <vault/IVault.idl.h>

static struct vault_IVault_proxy vault;
static Handle given = INVALID_HANDLE;  /* made from the author's handle */
static Handle opened = INVALID_HANDLE; /* made from the vault's */

static const char *outcome(nk_err_t error)
{
    return error == NK_EOK        ? "done"
           : error == NK_EPERM    ? "no right"
           : error == NK_ENOTCONN ? "it was taken back"
                                  : "failed";
}

static void read_through(const char *which, Handle document)
{
    char room[vault_IVault_Read_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    vault_IVault_Read_req req = {.document = nk_handle_desc(document)};
    vault_IVault_Read_res res;
    nk_size_t size;

    nk_err_t error = vault_IVault_Read(&vault.base, &req, NULL, &res, &arena);
    fprintf(stderr, "read what was %s: %s\n", which,
            error == NK_EOK ? nk_arena_get(nk_char_t, &arena, &res.text, &size) : outcome(error));
}

static nk_err_t write_through(Handle document)
{
    char room[vault_IVault_Write_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    vault_IVault_Write_req req = {.document = nk_handle_desc(document)};
    vault_IVault_Write_res res;

    nk_err_t error = NkKosCopyStringToArena(&arena, &req.text, "meet at two");
    return error != NK_EOK ? error : vault_IVault_Write(&vault.base, &req, &arena, &res, NULL);
}

static nk_err_t guest_take(struct vault_IGuest *self, const vault_IGuest_Take_req *req,
                           const struct nk_arena *req_arena, vault_IGuest_Take_res *res,
                           struct nk_arena *res_arena)
{
    vault_IVault_Open_req open_req = {.rights = vault_IVault_MayRead};
    vault_IVault_Open_res open_res;

    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    if (given != INVALID_HANDLE) {
        (void)KnHandleClose(nk_get_handle(&req->document)); /* one is enough */
        return NK_ENOMEM;
    }
    given = nk_get_handle(&req->document);
    read_through("given", given);
    fprintf(stderr, "write what was given: %s\n", outcome(write_through(given)));
    nk_err_t error = vault_IVault_Open(&vault.base, &open_req, NULL, &open_res, NULL);
    fprintf(stderr, "open: %s\n", outcome(error));
    opened = error == NK_EOK ? nk_get_handle(&open_res.document) : INVALID_HANDLE;
    return error;
}

static nk_err_t guest_read_again(struct vault_IGuest *self, const vault_IGuest_ReadAgain_req *req,
                                 const struct nk_arena *req_arena, vault_IGuest_ReadAgain_res *res,
                                 struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    read_through("given", given);
    read_through("opened", opened);
    (void)KnHandleClose(given);
    (void)KnHandleClose(opened);
    return NK_EOK;
}

int main(void)
{
    static const struct vault_IGuest_ops ops = {.Take = guest_take, .ReadAgain = guest_read_again};
    static NkKosTransport to_vault;
    struct vault_IGuest guest = {&ops};
    vault_Guest_entity entity;
    ServiceId id;

    NkKosTransport_Init(&to_vault, ServiceLocatorConnect("vault"), NK_NULL, 0);
    vault_IVault_proxy_init(&vault, &to_vault.base,
                            ServiceLocatorGetRiid(to_vault.handle, "vault"));
    vault_Guest_entity_init(&entity, &guest);

    Handle handle = ServiceLocatorRegister("guest", NULL, 0, &id);
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(vault_Guest, entity);
    NkKosDoDispatch(handle, &info);
    return EXIT_FAILURE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the document to write, hands it on with fewer rights, and has it published. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <nk/handle.h>

#include <vault/IGuest.idl.h>
#include <vault/IVault.idl.h>

static struct vault_IVault_proxy vault;
static struct vault_IGuest_proxy guest;

static const char *outcome(nk_err_t error)
{
    return error == NK_EOK ? "done" : error == NK_ENOTCONN ? "it was taken back" : "failed";
}

static nk_err_t write_text(Handle document, const char *text)
{
    char room[vault_IVault_Write_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    vault_IVault_Write_req req = {.document = nk_handle_desc(document)};
    vault_IVault_Write_res res;

    nk_err_t error = NkKosCopyStringToArena(&arena, &req.text, text);
    return error != NK_EOK ? error : vault_IVault_Write(&vault.base, &req, &arena, &res, NULL);
}

/* hand_on() - the guest gets a handle of its own, which is made from ours */
static nk_err_t hand_on(Handle document)
{
    vault_IGuest_Take_req req = {
        .document = nk_handle_desc(document,
                                   OCAP_HANDLE_SPEC(vault_IVault_MayRead) | OCAP_HANDLE_TRANSFER)};
    vault_IGuest_Take_res res;

    return vault_IGuest_Take(&guest.base, &req, NULL, &res, NULL);
}

static nk_err_t publish(Handle document)
{
    vault_IVault_Publish_req req = {.document = nk_handle_desc(document)};
    vault_IVault_Publish_res res;

    return vault_IVault_Publish(&vault.base, &req, NULL, &res, NULL);
}

int main(void)
{
    static NkKosTransport to_vault;
    static NkKosTransport to_guest;
    vault_IVault_Open_req req = {.rights = vault_IVault_MayRead | vault_IVault_MayWrite};
    vault_IVault_Open_res res;
    vault_IGuest_ReadAgain_req again_req = {0};
    vault_IGuest_ReadAgain_res again_res;

    NkKosTransport_Init(&to_vault, ServiceLocatorConnect("vault"), NK_NULL, 0);
    vault_IVault_proxy_init(&vault, &to_vault.base,
                            ServiceLocatorGetRiid(to_vault.handle, "vault"));
    NkKosTransport_Init(&to_guest, ServiceLocatorConnect("guest"), NK_NULL, 0);
    vault_IGuest_proxy_init(&guest, &to_guest.base,
                            ServiceLocatorGetRiid(to_guest.handle, "guest"));

    if (vault_IVault_Open(&vault.base, &req, NULL, &res, NULL) != NK_EOK) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    Handle document = nk_get_handle(&res.document);
    fprintf(stderr, "write: %s\n", outcome(write_text(document, "meet at noon")));
    fprintf(stderr, "hand on, to read: %s\n", outcome(hand_on(document)));
    fprintf(stderr, "publish: %s\n", outcome(publish(document)));
    fprintf(stderr, "write: %s\n", outcome(write_text(document, "meet at one")));
    (void)vault_IGuest_ReadAgain(&guest.base, &again_req, NULL, &again_res, NULL);
    return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vault: a document, and two ways to have it. All handles of it are made from the vault's own,
 * with the badge of their way. One that comes back in a request tells by its badge which document
 * it is, and by its rights what it is good for. Ends when the last copy is closed.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/handle/notice_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <nk/handle.h>

#include <vault/Server.edl.h>

#define MAY_READ OCAP_HANDLE_SPEC(vault_IVault_MayRead)
#define MAY_WRITE OCAP_HANDLE_SPEC(vault_IVault_MayWrite)
#define HAND_ON (OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY)

struct way {
    const char *name;
    struct document *document;
    Handle badge; /* its context is this struct way */
};

static struct document {
    Handle handle; /* the root of the tree, which never leaves the vault */
    char text[vault_IVault_TextSize];
    struct way to_read;
    struct way to_write;
} plan = {.to_read = {"read", &plan, INVALID_HANDLE}, .to_write = {"write", &plan, INVALID_HANDLE}};

/* find_way() - which document came, and how it was opened, if it came with the right to @operation
 */
static nk_err_t find_way(const nk_handle_desc_t *desc, nk_rights_t operation, struct way **ret_way)
{
    nk_badge_t context;

    if (!nk_is_handle_dereferenced(desc)) {
        (void)KnHandleClose(nk_get_handle(desc)); /* none of ours: now it is ours to close */
        return NK_EINVAL;
    }
    nk_err_t error = nk_get_badge_op(desc, operation, &context);
    if (error == NK_EOK) {
        *ret_way = (struct way *)context;
    }
    return error;
}

static nk_err_t vault_open(struct vault_IVault *self, const vault_IVault_Open_req *req,
                           const struct nk_arena *req_arena, vault_IVault_Open_res *res,
                           struct nk_arena *res_arena)
{
    const bool is_to_write = (req->rights & vault_IVault_MayWrite) != 0;
    const struct way *way = is_to_write ? &plan.to_write : &plan.to_read;

    (void)self;
    (void)req_arena;
    (void)res_arena;
    fprintf(stderr, "opened to %s\n", way->name);
    res->document =
        nk_handle_desc(plan.handle, HAND_ON | MAY_READ | (is_to_write ? MAY_WRITE : 0), way->badge);
    return NK_EOK;
}

static nk_err_t vault_read(struct vault_IVault *self, const vault_IVault_Read_req *req,
                           const struct nk_arena *req_arena, vault_IVault_Read_res *res,
                           struct nk_arena *res_arena)
{
    struct way *way;

    (void)self;
    (void)req_arena;
    nk_err_t error = find_way(&req->document, MAY_READ, &way);
    return error != NK_EOK ? error
                           : NkKosCopyStringToArena(res_arena, &res->text, way->document->text);
}

static nk_err_t vault_write(struct vault_IVault *self, const vault_IVault_Write_req *req,
                            const struct nk_arena *req_arena, vault_IVault_Write_res *res,
                            struct nk_arena *res_arena)
{
    nk_size_t size;
    const char *text = nk_arena_get(nk_char_t, req_arena, &req->text, &size);
    struct way *way;

    (void)self;
    (void)res;
    (void)res_arena;
    nk_err_t error = find_way(&req->document, MAY_WRITE, &way);
    if (error != NK_EOK) {
        fprintf(stderr, "not written: it came without the right\n");
        return error;
    }
    fprintf(stderr, "written through what was opened to %s\n", way->name);
    snprintf(way->document->text, sizeof(way->document->text), "%s", text);
    return NK_EOK;
}

static nk_err_t vault_publish(struct vault_IVault *self, const vault_IVault_Publish_req *req,
                              const struct nk_arena *req_arena, vault_IVault_Publish_res *res,
                              struct nk_arena *res_arena)
{
    struct way *way;

    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    nk_err_t error = find_way(&req->document, MAY_WRITE, &way);
    if (error != NK_EOK) {
        return error;
    }
    fprintf(stderr, "published: what was opened to write is taken back\n");
    Retcode rc = KnHandleRevokeSubtree(way->document->handle, way->document->to_write.badge);
    return rc == rcOk ? NK_EOK : NK_ENOMEM;
}

static void *serve(void *unused)
{
    static const struct vault_IVault_ops ops = {
        .Open = vault_open, .Read = vault_read, .Write = vault_write, .Publish = vault_publish};
    struct vault_IVault vault = {&ops};
    vault_Server_entity entity;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(vault_Server, entity);
    ServiceId id;

    vault_Server_entity_init(&entity, &vault);
    NkKosDoDispatch(ServiceLocatorRegister("vault", NULL, 0, &id), &info);
    return unused;
}

/* make() - the document, and a badge for each way, which @notice hears of */
static Retcode make(Notice notice)
{
    struct way *const ways[] = {&plan.to_read, &plan.to_write};
    Retcode rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, HAND_ON | MAY_READ | MAY_WRITE,
                                          &plan, &plan.handle);

    for (size_t i = 0; i < 2 && rc == rcOk; i++) {
        rc = KnHandleCreateBadge(notice, (rtl_uintptr_t)ways[i], ways[i], &ways[i]->badge);
    }
    return rc;
}

int main(void)
{
    Notice notice;
    EventDesc event;
    rtl_size_t count;
    pthread_t thread;

    if (KnNoticeCreate(&notice) != rcOk || make(notice) != rcOk ||
        pthread_create(&thread, NULL, serve, NULL) != 0) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    for (int n_closed = 0; n_closed < 2; n_closed++) {
        if (KnNoticeGetEvent(notice, INFINITE_TIMEOUT, 1, &event, &count) != rcOk) {
            return EXIT_FAILURE;
        }
        fprintf(stderr, "the last copy to %s is gone\n", ((struct way *)event.eventId)->name);
    }
    return EXIT_SUCCESS;
}

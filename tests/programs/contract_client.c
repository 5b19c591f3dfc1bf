/* SPDX-License-Identifier: Apache-2.0 */
/* A client as public programs are; one line for each thing that it relies on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <contract/IBox.idl.h>
#include <contract/ILikeBox.idl.h>

static NkKosTransport transport;
static struct contract_IBox_proxy proxy;

/* nested() - chunks inside a sequence of bytes, and a string behind it */
static void nested(void)
{
    char buffer[contract_IBox_Nested_req_arena_size + 64];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    contract_IBox_Nested_req req;
    contract_IBox_Nested_res res;

    nk_ptr_t *chunks = nk_arena_alloc(nk_ptr_t, &arena, &req.message, 2);
    NkKosCopyStringToArena(&arena, &chunks[0], "first");
    NkKosCopyStringToArena(&arena, &chunks[1], "behind");
    nk_err_t err = contract_IBox_Nested(&proxy.base, &req, &arena, &res, RTL_NULL);
    printf("nested: error %d, length %u\n", err, res.length);
}

/* stale() - the error is looked at without asking whether there is one */
static void stale(nk_uint16_t refuse)
{
    contract_IBox_Stale_req req = {.refuse = refuse};
    contract_IBox_Stale_res res;

    memset(&res, 0x5A, sizeof(res));
    nk_err_t err = contract_IBox_Stale(&proxy.base, &req, RTL_NULL, &res, RTL_NULL);
    printf("stale %u: error %d, status %u, value %x\n", refuse, err, res.err_.status,
           res.res_.value);
}

static void edited(struct contract_IBox *self, const char *who)
{
    contract_IBox_Edited_req req = {.value = 5};
    contract_IBox_Edited_res res;
    nk_err_t err = contract_IBox_Edited(self, &req, RTL_NULL, &res, RTL_NULL);

    printf("edited by %s: error %d, result %u\n", who, err, res.result);
}

/* name() - room for the NUL, which nobody writes */
static void name(void)
{
    char buffer[contract_IBox_Name_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    contract_IBox_Name_req req;
    contract_IBox_Name_res res;
    size_t length = strlen("unterminated");

    memset(buffer, 'x', sizeof(buffer));
    nk_char_t *text = nk_arena_alloc(nk_char_t, &arena, &req.name, length + 1);
    memcpy(text, "unterminated text", length);
    nk_err_t err = contract_IBox_Name(&proxy.base, &req, &arena, &res, RTL_NULL);
    printf("name: error %d, length %u\n", err, res.length);
}

static void back(nk_uint32_t count, struct nk_arena *arena, const char *which)
{
    contract_IBox_Back_req req = {.count = count};
    contract_IBox_Back_res res;
    nk_uint32_t n = 0;
    nk_err_t err = contract_IBox_Back(&proxy.base, &req, RTL_NULL, &res, arena);
    nk_uint8_t *data = err == NK_EOK ? nk_arena_get(nk_uint8_t, arena, &res.data, &n) : RTL_NULL;

    printf("back %u into %s: error %d, %u bytes\n", count, which, err, data == RTL_NULL ? 0 : n);
}

/* A buffer's address, of which the compiler knows no more what it leads to. */
static char *hide(char *buffer)
{
    char *volatile hidden = buffer;

    return hidden;
}

/* dead_arena() - over a buffer that is not there any more */
static struct nk_arena dead_arena(void)
{
    char buffer[64];
    char *start = hide(buffer);
    struct nk_arena arena = NK_ARENA_INITIALIZER(start, start + sizeof(buffer));

    return arena;
}

int main(void)
{
    char buffer[64];
    struct contract_ILikeBox_proxy like;
    struct nk_arena far = NK_ARENA_INITIALIZER(buffer, hide(buffer) + 64 * sizeof(buffer));
    struct nk_arena dead = dead_arena();
    struct nk_arena none = {0};

    setvbuf(stdout, NULL, _IOLBF, 0);
    Handle handle = ServiceLocatorConnect("box_connection");
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    contract_IBox_proxy_init(&proxy, &transport.base, ServiceLocatorGetRiid(handle, "box.box"));
    contract_ILikeBox_proxy_init(&like, &transport.base, proxy.iid);
    nested();
    stale(0);
    stale(17);
    stale(0);
    edited(&proxy.base, "its own proxy");
    edited((struct contract_IBox *)&like.base, "another one");
    name();
    back(0, &dead, "a dead arena");
    back(0, &none, "an arena of zeros");
    back(5, &none, "an arena of zeros");
    back(64, &far, "an arena with a bogus end");
    back(0, &far, "an arena with a bogus end");
    printf("done\n");
    return EXIT_SUCCESS;
}

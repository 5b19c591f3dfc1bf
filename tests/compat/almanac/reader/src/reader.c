/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an almanac, with and without the name of the package. */
#define NK_USE_UNQUALIFIED_NAMES
#include "Reader.edl.h"
#include <almanac/Almanac.idl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#define NK_USE_UNQUALIFIED_NAMES
#include <almanac/Almanac.cdl.h>
#include <almanac/Almanac.idl.h>
#include <almanac/Keeper.edl.h>
#include <almanac/Words.idl.h>
#include <math.h>
#include <rtl/assert.h>

enum {
    LETTER = almanac_Words_Letter
};

static char name_buffer[almanac_Almanac_look_req_name_size + almanac_Almanac_look_req_salt_size];
static char month_buffer[almanac_Almanac_look_res_month_first_name_size];
static char words_buffer[Almanac_many_req_arena_size + Almanac_many_req_words_elem_size];

static NkKosTransport transport;

/* an endpoint has two names */
static nk_iid_t find_endpoint(Handle handle)
{
    nk_iid_t riid = ServiceLocatorGetRiid(handle, "book.Almanac");

    rtl_assert(riid == Keeper_book_Almanac_iid && riid != INVALID_RIID);
    rtl_assert(riid == ServiceLocatorGetRiid(handle, "almanac.Almanac.Almanac"));
    rtl_assert(ServiceLocatorGetRiid(handle, "book.almanac") == INVALID_RIID);
    return riid;
}

static void ask_for_values(struct almanac_Almanac_proxy *proxy)
{
    Almanac_Almanac_req req = {.value = 40};
    struct almanac_Almanac_Almanac_res res;

    for (int i = 0; i < 2; i++) {
        rtl_assert(Almanac_Almanac(&proxy->base, &req, NULL, &res, RTL_NULL) == rcOk);
    }
    rtl_assert(res.result == 42 && res.res_.result == res.result);
    fprintf(stderr, "%u\n", res.result);
    rtl_assert(sqrt((double)res.result * res.result) > 41.5);
}

static bool look(almanac_Almanac_proxy *proxy, const char *name)
{
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(name_buffer, name_buffer + sizeof name_buffer);
    struct nk_arena res_arena =
        NK_ARENA_INITIALIZER(month_buffer, month_buffer + sizeof(month_buffer));
    almanac_Almanac_look_req req = {.salt = {0, 0}};
    almanac_Almanac_look_res res;
    nk_uint32_t size;

    rtl_assert(NkKosCopyStringToArena(&req_arena, &req.name, name) == NK_EOK);
    rtl_assert(almanac_Almanac_look(&proxy->base, &req, &req_arena, &res, &res_arena) == NK_EOK);
    if (res.err_.status == rcResourceNotFound) {
        fprintf(stderr, "there is no %s\n", name);
        return false;
    }
    struct Almanac_Month month = res.month;
    fprintf(stderr, "%s is %u, with %lu days\n",
            nk_arena_get(nk_char_t, &res_arena, &month.first.name, &size), month.number,
            (unsigned long)month.first.when);
    return true;
}

static void send_many(struct almanac_Almanac *almanac)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(words_buffer, words_buffer + sizeof(words_buffer));
    static const almanac_Almanac_Day day = {1, 2, {0, 0}};
    Almanac_many_req req = {.days = {0, 0}};
    Almanac_many_res res;
    almanac_Almanac_Triple triple;

    Almanac_Day *days = nk_arena_alloc(Almanac_Day, &arena, &req.days, 2);
    days[0] = days[1] = day;
    nk_ptr_t *words = nk_arena_alloc(nk_ptr_t, &arena, &req.words, Words_WordsMax);
    for (rtl_size_t i = 0; i < Words_WordsMax; i++) {
        NkKosCopyStringToArena(&arena, &words[i], "word");
    }
    nk_arena_store(nk_uint8_t, &arena, &req.message[1], "12345", 5);
    rtl_assert(almanac_Almanac_many(almanac, &req, &arena, &res, NULL) == NK_EOK);
    memcpy(triple, res.triple, sizeof(triple));
    rtl_assert(triple[2] == LETTER + 2);
}

/* a method that the server has not, one that has no parameters, and a class with two endpoints */
static void ask_for_little(struct almanac_Almanac *almanac)
{
    Almanac_odd_req odd = {.result = -1};
    Almanac_odd_res answer;
    Almanac_close_req req;
    Almanac_close_res res;
    union Reader_entity_req both;

    rtl_assert(almanac_Almanac_odd(almanac, &odd, NULL, &answer, NULL) != NK_EOK);
    rtl_assert(almanac_Almanac_close(almanac, &req, NULL, &res, NULL) == NK_EOK);
    nk_req_reset(&both);
    nk_msg_set_method_id(&both, Reader_shelf_iid, Shelf_Write_mid);
    nk_msg_set_ncaps(&both, Shelf_Write_req_handles);
    both.interface.Write.line.size = 0;
    rtl_assert(Reader_interface_iid != Reader_shelf_iid && both.base_.ncaps == 0);
}

int main(int argc, const char *argv[])
{
    Handle handle = ServiceLocatorConnect("keeper_channel");
    struct almanac_Almanac_proxy proxy;

    (void)argc;
    (void)argv;
    rtl_assert(handle != INVALID_HANDLE && handle == ServiceLocatorConnect("keeper_channel"));
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    almanac_Almanac_proxy_init(&proxy, &transport.base, find_endpoint(handle));
    ask_for_values(&proxy);
    rtl_assert(look(&proxy, "May") && !look(&proxy, "Mai"));
    send_many(&proxy.base);
    ask_for_little(&proxy.base);
    return 0;
}

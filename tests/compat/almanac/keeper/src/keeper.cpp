/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps an almanac: a class that is its own table of methods, and a loop from a template. */
#include <Keeper.edl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <algorithm>
#include <cstring>
#include <iostream>

class Book : private almanac_Almanac_ops, public almanac_Almanac
{
    nk_uint32_t m_calls = 0;
    bool m_is_open = true;

  public:
    Book() : almanac_Almanac_ops{}, almanac_Almanac{}
    {
        almanac_Almanac_ops::Almanac = &Book::Value;
        look = &Book::Look;
        many = &Book::Many;
        close = [](struct almanac_Almanac *self, const almanac_Almanac_close_req *,
                   const nk_arena *, almanac_Almanac_close_res *, nk_arena *) -> nk_err_t {
            Of(self)->m_is_open = false;
            return NK_EOK;
        };
        this->ops = this;
    }
    bool IsOpen() const
    {
        return m_is_open;
    }

  private:
    static Book *Of(struct almanac_Almanac *self)
    {
        return static_cast<Book *>(self);
    }
    static nk_err_t Value(struct almanac_Almanac *self, const almanac_Almanac_Almanac_req *req,
                          const struct nk_arena *, almanac_Almanac_Almanac_res *res,
                          struct nk_arena *)
    {
        res->result = req->value + ++Of(self)->m_calls;
        return NK_EOK;
    }
    static nk_err_t Look(struct almanac_Almanac *, const struct almanac_Almanac_look_req *req,
                         const struct nk_arena *req_arena, struct almanac_Almanac_look_res *res,
                         struct nk_arena *res_arena)
    {
        uint64_t size = 0;
        auto name = nk_arena_get(nk_char_t, req_arena, &req->name, &size);

        if (name == nullptr) {
            return NK_EBADMSG;
        }
        if (std::strcmp(name, "May") != 0) {
            nk_err_reset(res);
            res->err_.status = rcResourceNotFound;
            return NK_EOK;
        }
        almanac_Almanac_Month month = {5, {31, 1, {}}};
        NkKosCopyStringToArena(res_arena, &month.first.name, name);
        res->month = month;
        return NK_EOK;
    }
    static nk_err_t Many(struct almanac_Almanac *, const almanac_Almanac_many_req *req,
                         const nk_arena *req_arena, almanac_Almanac_many_res *res, nk_arena *)
    {
        rtl_size_t n_words = 0;
        nk_uint32_t n_days = 0, n_bytes = 0;
        auto words = nk_arena_get(nk_ptr_t, req_arena, &req->words, &n_words);
        auto days = nk_arena_get(almanac_Almanac_Day, req_arena, &req->days, &n_days);
        auto bytes = nk_arena_get(nk_uint8_t, req_arena, &req->message[1], &n_bytes);

        if (words == nullptr || days == nullptr || bytes == nullptr) {
            return NK_EINVAL;
        }
        std::cerr << n_words << " words, last of " << words[n_words - 1].size << ", " << n_days
                  << " days, " << n_bytes << " bytes\n";
        res->triple[2] = static_cast<nk_uint16_t>(std::min(n_days, almanac_Words_BytesMax) +
                                                  almanac_Words_Letter);
        return NK_EOK;
    }
};

template <class Entity, class Request, class Response, int REQ_SIZE, int RES_SIZE, auto Dispatch>
static void Serve(Handle handle, Entity &entity, const Book &book)
{
    NkKosTransport transport{};
    Request req{};
    Response res{};
    char req_buffer[static_cast<size_t>(REQ_SIZE)];
    char res_buffer[static_cast<size_t>(RES_SIZE)];
    nk_arena req_arena = NK_ARENA_INITIALIZER(req_buffer, req_buffer + sizeof(req_buffer));
    nk_arena res_arena = NK_ARENA_INITIALIZER(res_buffer, res_buffer + sizeof(res_buffer));

    NkKosTransport_Init(&transport, handle, nullptr, 0);
    while (book.IsOpen()) {
        nk_req_reset(&req);
        nk_arena_reset(&req_arena);
        nk_arena_reset(&res_arena);
        if (nk_transport_recv(&transport.base, &req.base_, &req_arena) != NK_EOK) {
            std::cerr << "nk_transport_recv() failed\n";
        }
        Dispatch(&entity, &req.base_, &req_arena, &res.base_, &res_arena);
        if (nk_transport_reply(&transport.base, &res.base_, &res_arena) != NK_EOK) {
            std::cerr << "nk_transport_reply() failed\n";
        }
    }
}

#define SERVE(prefix, handle, entity, book)                                                        \
    Serve<prefix##_entity, prefix##_entity##_req, prefix##_entity##_res,                           \
          prefix##_entity##_req_arena_size, prefix##_entity##_res_arena_size,                      \
          &prefix##_entity##_dispatch>(handle, entity, book)

int main()
{
    static Book book;
    static almanac_Almanac_component component{.Almanac = &book};
    static almanac_Keeper_entity entity;
    nk_iid_t id = 0;
    Handle handle = ServiceLocatorRegister("keeper_channel", nullptr, 0, &id);

    rtl_assert(handle != INVALID_HANDLE);
    almanac_Keeper_entity_init(&entity, &component);
    SERVE(almanac_Keeper, handle, entity, book);
}

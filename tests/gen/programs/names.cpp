// SPDX-License-Identifier: Apache-2.0
// What only C++ does; see names.h.
#include "names.h"

#include <algorithm>
#include <string>

namespace
{

/* a table derived privately, an object that derives from the interface */
class Writer : public tower_Write, private tower_Write_ops
{
  public:
    Writer() : tower_Write{}, tower_Write_ops{}
    {
        tower_Write_ops::Write = &Writer::handle;
        tower_Write::ops = static_cast<tower_Write_ops *>(this);
    }

  private:
    static nk_err_t handle(struct tower_Write *self, const struct tower_Write_Write_req *req,
                           const struct nk_arena *req_arena, struct tower_Write_Write_res *res,
                           struct nk_arena *)
    {
        nk_uint32_t size = 0;
        auto *text = nk_arena_get(nk_char_t, req_arena, &req->text, &size);

        static_cast<Writer *>(self)->last.assign(text != nullptr ? text : "");
        res->result = size;
        return NK_EOK;
    }

    std::string last;
};

/* names as arguments of a template */
template <typename Entity, typename Request, typename Response, auto init, auto dispatch,
          nk_size_t req_size, nk_size_t res_size>
class Server
{
  public:
    template <typename... Parts>
    explicit Server(NkKosTransport transport, Parts... parts)
        : transport_(transport),
          req_arena_(NK_ARENA_INITIALIZER(req_bytes_, req_bytes_ + req_size)),
          res_arena_(NK_ARENA_INITIALIZER(res_bytes_, res_bytes_ + res_size))
    {
        init(&entity_, parts...);
    }

    nk_err_t once()
    {
        Request req{};
        Response res = {};

        nk_req_reset(&req);
        nk_arena_reset(&req_arena_);
        nk_arena_reset(&res_arena_);
        nk_transport_recv(&transport_.base, &req.base_, &req_arena_);
        dispatch(&entity_, &req.base_, &req_arena_, &res.base_, &res_arena_);
        return nk_transport_reply(&transport_.base, &res.base_, &res_arena_);
    }

  private:
    Entity entity_{};
    NkKosTransport transport_{};
    char req_bytes_[req_size + 1];
    char res_bytes_[res_size + 1];
    nk_arena req_arena_;
    nk_arena res_arena_;
};

using TowerServer = Server<tower_Tower_entity, tower_Tower_entity_req, tower_Tower_entity_res,
                           tower_Tower_entity_init, tower_Tower_entity_dispatch,
                           tower_Tower_entity_req_arena_size, tower_Tower_entity_res_arena_size>;

/* constants have exactly the type of the IDL, and initialise without narrowing */
std::uint32_t shorter(std::uint32_t n)
{
    constexpr tower_IToken_Status busy{tower_IToken_Busy};

    return std::min(n, tower_Write_MaxTextLength) + std::max<tower_IToken_Status>(busy, 1);
}

/* requests as aggregates: by position, by name where the standard has that */
nk_uint32_t aggregates()
{
    tower_Initialization_WaitForInit_req wait{{}, 1, {}, 2};
    tower_Initialization_set_req set = {{}, 3};
    tower_IToken_Issue_res res{};
    tower_Write_component desk{nullptr};
#if __cplusplus >= 202002L
    tower_Logger_component logger{.write = nullptr, .interface = nullptr, .log = nullptr};
    tower_Write_ops ops{.Write = write_text};
    tower_Initialization_ops init{
        .Initialization = nullptr, .WaitForInit = wait_for_init, .report = nullptr, .set = nullptr};
    desk.write = logger.write != nullptr || ops.Write == nullptr || init.set != nullptr
                     ? nullptr
                     : desk.write;
#endif
    return wait.problem + set.mode + res.number + (desk.write == nullptr);
}

} // namespace

int main()
{
    Writer writer;
    tower_Initialization_ops init_ops{};
    tower_IToken_ops token_ops{};
    tower_Initialization init{&init_ops};
    tower_IToken token{&token_ops};
    tower_Write_component desk{&writer};
    tower_CStair_component stair{&init, nullptr};
    NkKosTransport transport{};
    tower_Tower_entity_req requests{};
    tower_Tower_entity_res responses = {};
    tower_Logger_entity_req log_requests{};
    tower_Logger_entity_res log_responses{};

    init_ops.WaitForInit = wait_for_init;
    token_ops.Issue = issue;
    TowerServer server(transport, &stair, &desk);
    return server.once() + edit(&requests, &responses) + edit_log(&log_requests, &log_responses) +
           assemble(&writer, &init, &token, INVALID_HANDLE) + dispatch_by_hand(nullptr, &writer) +
           call(nullptr, 0) + endpoint(0) + method(0) + static_cast<int>(shorter(1)) +
           static_cast<int>(aggregates() + all_sizes());
}

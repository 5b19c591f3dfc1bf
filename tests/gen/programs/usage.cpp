/* SPDX-License-Identifier: Apache-2.0 */
/* What only C++ does; see usage.h. */
#include <algorithm>
#include <cstdint>

#include "usage.h"

namespace
{

/* an interface as base class, a table as base class */
class Ping : public echo_IPing
{
  public:
    Ping()
    {
        static Ops table;
        ops = &table;
    }

  private:
    struct Ops : echo_IPing_ops {
        Ops() : echo_IPing_ops{}
        {
            FPing = [](struct echo_IPing *self, const struct echo_IPing_FPing_req *req,
                       const struct nk_arena *, struct echo_IPing_FPing_res *res,
                       struct nk_arena *) -> nk_err_t {
                static_cast<Ping *>(self)->calls++;
                res->result = req->value;
                return NK_EOK;
            };
        }
    };

    int calls = 0;
};

/* a dispatcher and a size as template arguments */
template <typename Entity, auto dispatch, unsigned size> class Server
{
  public:
    nk_err_t once(struct nk_transport *transport)
    {
        echo_Server_entity_req req{};
        echo_Server_entity_res res = {};

        nk_req_reset(&req);
        nk_err_t r = nk_transport_recv(transport, &req.base_, nullptr);
        return r + dispatch(&entity, &req.base_, nullptr, &res.base_, nullptr);
    }

    Entity entity{};
    char buffer[size]{};
};

/* the constant has exactly the type that IDL gives it */
std::uint16_t shorter(std::uint16_t length)
{
    return std::min(length, text_IText_LineLength);
}

} // namespace

int main()
{
    Ping ping;
    echo_CPing_component component{&ping};
    Server<echo_Server_entity, echo_Server_entity_dispatch, text_IText_req_arena_size> server;
    bank_IBank_ops bank_ops{};
    echo_IPing_FPing_req req = {{}, 5};
    echo_IPing_FPing_res res{};
    nk_uint32_t result = 0;

    bank_ops.Pay = pay;
    echo_Server_entity_init(&server.entity, &component);
    return server.once(nullptr) + call(nullptr, &result) + serve_once(nullptr, &server.entity) +
           classify(shorter(1)) + static_cast<int>(req.value + res.result) +
           (bank_ops.Pay != nullptr);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for who sells, waits until somebody does, and buys what its arguments name. */
#define NK_USE_UNQUALIFIED_NAMES
#include <market/Seller.edl.h>

#include <cassert>
#include <cstdlib>
#include <iostream>
#include <string>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>

#include <market/names.h>

namespace {

constexpr rtl_uint32_t WaitMs = 10;
constexpr nk_uint16_t Count = 2;

std::string findSeller(NsHandle ns)
{
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Retcode rc;

    do {
        for (unsigned i = 0; (rc = NsEnumServices(ns, GOODS_TYPE, i, server, sizeof(server), service,
                                                  sizeof(service))) == rcOk;
             ++i) {
            if (std::string(service) == GOODS_SERVICE) {
                return server;
            }
        }
        KnSleep(WaitMs);
    } while (rc == rcResourceNotFound);
    return {};
}

class Goods
{
  public:
    Goods(Handle handle, nk_iid_t riid)
    {
        NkKosTransport_Init(&m_transport, handle, nullptr, 0);
        IGoods_proxy_init(&m_proxy, &m_transport.base, riid);
    }
    std::string buy(const char *name)
    {
        nk_uint8_t bytes[IGoods_arena_size];
        nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
        IGoods_price_req ask{};
        IGoods_price_res price{};
        IGoods_buy_req req{{}, {}, Count};
        IGoods_buy_res res;

        if (NkKosCopyStringToArena(&arena, &ask.name, name) != NK_EOK ||
            IGoods_price(&m_proxy.base, &ask, &arena, &price, nullptr) != NK_EOK) {
            return "nobody knows";
        }
        nk_arena_reset(&arena);
        NkKosCopyStringToArena(&arena, &req.name, name);
        switch (IGoods_buy(&m_proxy.base, &req, &arena, &res, nullptr)) {
        case NK_EOK:
            return res.err_.status == rcOutOfMemory
                       ? "too few"
                       : std::to_string(res.result) + ", " + std::to_string(price.result) + " each";
        case NK_ENOTCONN:
            return "gone";
        default:
            return "failed";
        }
    }

  private:
    NkKosTransport m_transport{};
    IGoods_proxy m_proxy{};
};

} // namespace

int main(int argc, const char *argv[])
{
    NsHandle ns;
    Handle handle{INVALID_HANDLE};
    uint32_t rsid = 0;

    assert(NsCreate(nullptr, INFINITE_TIMEOUT, &ns) == rcOk);
    const auto seller = findSeller(ns);
    const Retcode rc =
        KnCmConnect(seller.c_str(), GOODS_SERVICE, INFINITE_TIMEOUT, &handle, &rsid);
    std::cerr << seller << " in " << std::getenv("MARKET") << ": " << rc << std::endl;
    assert(NK_IID_MAX >= rsid && rsid == Seller_goods_main_iid);
    Goods goods(handle, static_cast<nk_iid_t>(rsid));
    for (int i = 2; i < argc; ++i) {
        std::cerr << Count << " " << argv[i] << ": " << goods.buy(argv[i]) << "\n";
    }
    return KnHandleClose(handle);
}

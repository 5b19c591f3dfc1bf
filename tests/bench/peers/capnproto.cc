/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cap'n Proto's two-party RPC over AF_UNIX, as EzRpc sets it up. Messages are allocated in one
 * piece, since both sides know their size.
 */
#include <cstdio>
#include <cstring>
#include <string>

#include <capnp/ez-rpc.h>
#include <kj/debug.h>

#include <echo.capnp.h>
#include "tests/bench/peers/peers.h"

namespace
{

/* What a message holds beside its bytes, in words, generously. */
constexpr uint64_t overhead_words = 16;

capnp::MessageSize size_of(size_t n_bytes)
{
    return {n_bytes / sizeof(capnp::word) + overhead_words, 0};
}

class EchoServer final : public Echo::Server
{
    kj::Promise<void> number(NumberContext context) override
    {
        uint32_t value = context.getParams().getValue();

        context.getResults(size_of(0)).setResult(value);
        return kj::READY_NOW;
    }

    kj::Promise<void> blob(BlobContext context) override
    {
        capnp::Data::Reader data = context.getParams().getData();

        context.getResults(size_of(data.size())).setResult(data);
        return kj::READY_NOW;
    }
};

struct Connection {
    Connection(const std::string &address, size_t n_bytes)
        : rpc(address.c_str()), echo(rpc.getMain<Echo>()), payload(n_bytes)
    {
    }

    capnp::EzRpcClient rpc;
    Echo::Client echo;
    size_t payload;
};

std::string make_address(const struct bench_case *bench_case)
{
    return std::string("unix:") + bench_case->folder + "/capnproto";
}

int serve(const struct bench_case *bench_case, void (*ready)())
{
    capnp::EzRpcServer server(kj::heap<EchoServer>(), make_address(bench_case).c_str());

    (void)server.getPort().wait(server.getWaitScope());
    ready();
    kj::NEVER_DONE.wait(server.getWaitScope());
}

void *connect(const struct bench_case *bench_case)
{
    return new Connection(make_address(bench_case), bench_case->payload);
}

void echo_number(Connection &connection, const void *out, void *in)
{
    auto request = connection.echo.numberRequest(size_of(0));
    uint32_t value;

    memcpy(&value, out, sizeof(value));
    request.setValue(value);
    value = request.send().wait(connection.rpc.getWaitScope()).getResult();
    memcpy(in, &value, sizeof(value));
}

void echo_blob(Connection &connection, const void *out, void *in)
{
    auto request = connection.echo.blobRequest(size_of(connection.payload));

    request.setData(kj::arrayPtr(static_cast<const kj::byte *>(out), connection.payload));
    auto response = request.send().wait(connection.rpc.getWaitScope());
    KJ_REQUIRE(response.getResult().size() == connection.payload);
    memcpy(in, response.getResult().begin(), connection.payload);
}

int echo(void *state, const void *out, void *in)
{
    Connection &connection = *static_cast<Connection *>(state);

    try {
        connection.payload == PEER_NUMBER_BYTES ? echo_number(connection, out, in)
                                                : echo_blob(connection, out, in);
    } catch (const kj::Exception &exception) {
        (void)fprintf(stderr, "bench: Cap'n Proto: %s\n", exception.getDescription().cStr());
        return -1;
    }
    return 0;
}

} // namespace

extern "C" const struct mechanism mechanism_capnproto = {
    .name = "Cap'n Proto", .serve = serve, .connect = connect, .echo = echo, .meet = nullptr};

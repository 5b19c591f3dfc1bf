/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gRPC, synchronous on both sides, over AF_UNIX and without TLS. Messages are kept and used again
 * where that is possible.
 */
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include <echo.grpc.pb.h>
#include "tests/bench/peers/peers.h"

namespace
{

class EchoService final : public bench::Echo::Service
{
    grpc::Status Number(grpc::ServerContext *, const bench::Value *request,
                        bench::Value *response) override
    {
        response->set_value(request->value());
        return grpc::Status::OK;
    }

    grpc::Status Blob(grpc::ServerContext *, const bench::Bytes *request,
                      bench::Bytes *response) override
    {
        response->set_data(request->data());
        return grpc::Status::OK;
    }
};

struct Connection {
    std::unique_ptr<bench::Echo::Stub> stub;
    size_t payload;
    bench::Value value;
    bench::Value result;
    bench::Bytes bytes;
    bench::Bytes result_bytes;
};

std::string make_address(const struct bench_case *bench_case)
{
    return std::string("unix:") + bench_case->folder + "/grpc";
}

int serve(const struct bench_case *bench_case, void (*ready)())
{
    EchoService service;
    grpc::ServerBuilder builder;

    builder.AddListeningPort(make_address(bench_case), grpc::InsecureServerCredentials());
    builder.RegisterService(&service);
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (server == nullptr) {
        return -1;
    }
    ready();
    server->Wait();
    return -1;
}

void *connect(const struct bench_case *bench_case)
{
    auto channel =
        grpc::CreateChannel(make_address(bench_case), grpc::InsecureChannelCredentials());
    Connection *connection = new Connection;

    connection->stub = bench::Echo::NewStub(channel);
    connection->payload = bench_case->payload;
    return connection;
}

grpc::Status echo_number(Connection &connection, const void *out, void *in)
{
    grpc::ClientContext context;
    uint32_t value;

    memcpy(&value, out, sizeof(value));
    connection.value.set_value(value);
    grpc::Status status = connection.stub->Number(&context, connection.value, &connection.result);
    value = connection.result.value();
    memcpy(in, &value, sizeof(value));
    return status;
}

grpc::Status echo_blob(Connection &connection, const void *out, void *in)
{
    grpc::ClientContext context;

    connection.bytes.set_data(out, connection.payload);
    grpc::Status status =
        connection.stub->Blob(&context, connection.bytes, &connection.result_bytes);
    if (!status.ok() || connection.result_bytes.data().size() != connection.payload) {
        return status.ok() ? grpc::Status(grpc::StatusCode::DATA_LOSS, "wrong size") : status;
    }
    memcpy(in, connection.result_bytes.data().data(), connection.payload);
    return status;
}

int echo(void *state, const void *out, void *in)
{
    Connection &connection = *static_cast<Connection *>(state);
    grpc::Status status = connection.payload == PEER_NUMBER_BYTES ? echo_number(connection, out, in)
                                                                  : echo_blob(connection, out, in);

    if (!status.ok()) {
        (void)fprintf(stderr, "bench: gRPC: %s\n", status.error_message().c_str());
        return -1;
    }
    return 0;
}

} // namespace

extern "C" const struct mechanism mechanism_grpc = {
    .name = "gRPC", .serve = serve, .connect = connect, .echo = echo, .meet = nullptr};

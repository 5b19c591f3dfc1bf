/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/sd_bus_echo.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/bench/peers/peers.h"

#define OBJECT "/bench"
#define INTERFACE "capchan.Bench"

/* @destination: NULL peer to peer */
struct client {
    sd_bus *bus;
    const char *destination;
    size_t payload;
};

/* sd_bus_echo_address() - where somebody listens */
struct sockaddr_un sd_bus_echo_address(const struct bench_case *bench_case)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/bus", bench_case->folder);
    return address;
}

static int serve_number(sd_bus_message *request, void *data, sd_bus_error *ret_error)
{
    uint32_t value;
    int r = sd_bus_message_read_basic(request, 'u', &value);

    (void)data;
    (void)ret_error;
    return r < 0 ? r : sd_bus_reply_method_return(request, "u", value);
}

static int serve_blob(sd_bus_message *request, void *data, sd_bus_error *ret_error)
{
    sd_bus_message *reply = NULL;
    const void *bytes;
    size_t n;
    int r = sd_bus_message_read_array(request, 'y', &bytes, &n);

    (void)data;
    (void)ret_error;
    if (r >= 0) {
        r = sd_bus_message_new_method_return(request, &reply);
    }
    if (r >= 0) {
        r = sd_bus_message_append_array(reply, 'y', bytes, n);
    }
    if (r >= 0) {
        r = sd_bus_send(NULL, reply, NULL);
    }
    sd_bus_message_unref(reply);
    return r;
}

/* sd_bus_echo_serve() - Return: on failure only, negative errno. */
int sd_bus_echo_serve(sd_bus *bus)
{
    static const sd_bus_vtable methods[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Number", "u", "u", serve_number, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("Blob", "ay", "ay", serve_blob, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
    };
    int r = sd_bus_add_object_vtable(bus, NULL, OBJECT, INTERFACE, methods, NULL);

    while (r >= 0) {
        r = sd_bus_process(bus, NULL);
        if (r == 0) {
            r = sd_bus_wait(bus, UINT64_MAX);
            r = r == -EINTR ? 0 : r;
        }
    }
    return r;
}

static int echo_number(const struct client *client, const void *out, void *in)
{
    sd_bus_message *reply = NULL;
    uint32_t value;

    memcpy(&value, out, sizeof(value));
    int r = sd_bus_call_method(client->bus, client->destination, OBJECT, INTERFACE, "Number", NULL,
                               &reply, "u", value);
    if (r >= 0) {
        r = sd_bus_message_read_basic(reply, 'u', &value);
    }
    if (r >= 0) {
        memcpy(in, &value, sizeof(value));
    }
    sd_bus_message_unref(reply);
    return r < 0 ? -1 : 0;
}

static int echo_blob(const struct client *client, const void *out, void *in)
{
    sd_bus_message *request = NULL;
    sd_bus_message *reply = NULL;
    const void *bytes;
    size_t n = 0;
    int r = sd_bus_message_new_method_call(client->bus, &request, client->destination, OBJECT,
                                           INTERFACE, "Blob");

    if (r >= 0) {
        r = sd_bus_message_append_array(request, 'y', out, client->payload);
    }
    if (r >= 0) {
        r = sd_bus_call(client->bus, request, 0, NULL, &reply);
    }
    if (r >= 0) {
        r = sd_bus_message_read_array(reply, 'y', &bytes, &n);
    }
    const bool is_whole = r >= 0 && n == client->payload;
    if (is_whole) {
        memcpy(in, bytes, n);
    }
    sd_bus_message_unref(request);
    sd_bus_message_unref(reply);
    return is_whole ? 0 : -1;
}

/* sd_bus_echo_connect() - a connection for sd_bus_echo(), for good; NULL if @bus is */
void *sd_bus_echo_connect(sd_bus *bus, const char *destination, size_t payload)
{
    static struct client client;

    client = (struct client){.bus = bus, .destination = destination, .payload = payload};
    return bus == NULL ? NULL : &client;
}

/* sd_bus_echo() - as struct mechanism wants it */
int sd_bus_echo(void *connection, const void *out, void *in)
{
    const struct client *client = connection;

    return client->payload == PEER_NUMBER_BYTES ? echo_number(client, out, in)
                                                : echo_blob(client, out, in);
}

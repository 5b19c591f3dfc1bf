/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/sd_bus_echo.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#define OBJECT "/bench"
#define INTERFACE "capchan.Bench"

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

/* sd_bus_echo_number() - one call; @destination is NULL peer to peer. Return: 0; negative errno. */
int sd_bus_echo_number(sd_bus *bus, const char *destination, const void *out, void *in)
{
    sd_bus_message *reply = NULL;
    uint32_t value;

    memcpy(&value, out, sizeof(value));
    int r =
        sd_bus_call_method(bus, destination, OBJECT, INTERFACE, "Number", NULL, &reply, "u", value);
    if (r >= 0) {
        r = sd_bus_message_read_basic(reply, 'u', &value);
    }
    if (r >= 0) {
        memcpy(in, &value, sizeof(value));
    }
    sd_bus_message_unref(reply);
    return r < 0 ? r : 0;
}

/* sd_bus_echo_blob() - the same with an array of @n_bytes bytes */
int sd_bus_echo_blob(sd_bus *bus, const char *destination, const void *out, void *in,
                     size_t n_bytes)
{
    sd_bus_message *request = NULL;
    sd_bus_message *reply = NULL;
    const void *bytes;
    size_t n = 0;
    int r = sd_bus_message_new_method_call(bus, &request, destination, OBJECT, INTERFACE, "Blob");

    if (r >= 0) {
        r = sd_bus_message_append_array(request, 'y', out, n_bytes);
    }
    if (r >= 0) {
        r = sd_bus_call(bus, request, 0, NULL, &reply);
    }
    if (r >= 0) {
        r = sd_bus_message_read_array(reply, 'y', &bytes, &n);
    }
    if (r >= 0 && n == n_bytes) {
        memcpy(in, bytes, n);
    }
    sd_bus_message_unref(request);
    sd_bus_message_unref(reply);
    return r < 0 ? r : n == n_bytes ? 0 : -EBADMSG;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a received request to the function that handles it.
 */
#include <capchan/stub.h>
#include <stdbool.h>
#include <string.h>

#include "core/announced.h"
#include "core/every_call.h"
#include "core/record.h"

/*
 * prepare_response() - what a handler may rely on
 *
 * Programs hand in the same object again and again, or uninitialised memory, and handlers set what
 * they have to say: a chunk, union or handle that they leave alone must be empty and not whatever
 * was there.
 */
static void prepare_response(const struct capchan_method *method, struct nk_message *res)
{
    nk_message_init_(res, method->res->size);
    record_clear(method->err, res);
    record_clear(method->res, res);
}

EVERY_CALL nk_err_t capchan_interface_dispatch(const struct capchan_interface *interface,
                                               void *implementation, const struct nk_message *req,
                                               const struct nk_arena *req_arena,
                                               struct nk_message *res, struct nk_arena *res_arena)
{
    if (interface == NULL || req == NULL || res == NULL) {
        return NK_EINVAL;
    }
    if (req->mid >= interface->n_methods) {
        return NK_ENOENT;
    }
    const struct capchan_method *method = &interface->methods[req->mid];
    prepare_response(method, res);
    nk_err_t r = NK_ENOENT;
    if (implementation != NULL) {
        r = method->invoke(implementation, req, req_arena, res, res_arena);
    }

    /* handlers may clear the whole response or leave an error mark in it */
    bool is_error = res->mark_ == NK_MESSAGE_MARK_ && nk_message_is_error_(res);
    nk_message_init_(res, method->res->size);
    nk_message_set_method_(res, req->iid, req->mid);
    if (r != NK_EOK) {
        res->flags_ = NK_MESSAGE_FAILED_;
        res->stub_word_ = (nk_uint64_t)(nk_uint32_t)r;
    } else if (is_error) {
        res->flags_ = NK_MESSAGE_ERROR_;
    }
    return r;
}

/* endpoint_implementation() - follow the pointers from an object to the implementation of an
 * endpoint; or NULL */
static void *endpoint_implementation(const struct capchan_endpoint *endpoint, void *object)
{
    for (uint32_t i = 0; i < endpoint->n_hops && object != NULL; i++) {
        memcpy(&object, (char *)object + endpoint->hops[i], sizeof(object));
    }
    return object;
}

EVERY_CALL nk_err_t capchan_component_dispatch(const struct capchan_component *component,
                                               void *object, nk_iid_t iid_offset,
                                               const struct nk_message *req,
                                               const struct nk_arena *req_arena,
                                               struct nk_message *res, struct nk_arena *res_arena)
{
    if (component == NULL || object == NULL || req == NULL) {
        return NK_EINVAL;
    }
    if (req->iid < iid_offset) {
        return NK_ENOENT;
    }
    const struct capchan_endpoint *endpoint =
        component_endpoint(component, (nk_iid_t)(req->iid - iid_offset));
    if (endpoint == NULL) {
        return NK_ENOENT;
    }
    return capchan_interface_dispatch(endpoint->interface,
                                      endpoint_implementation(endpoint, object), req, req_arena,
                                      res, res_arena);
}

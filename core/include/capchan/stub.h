/* SPDX-License-Identifier: Apache-2.0 */
/**
 * capchan/stub.h - the tables that idlc emits, and what generated code calls
 *
 * For generated code only; programs do not include it. idlc writes descriptions of types, methods,
 * interfaces and components as constant tables; everything that happens with them (checking limits,
 * converting to and from protobuf, looking up methods) is written once, in the library.
 */
#ifndef CAPCHAN_STUB_H_
#define CAPCHAN_STUB_H_

#include <nk/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ProtobufCMessageDescriptor;
struct capchan_record;

/**
 * enum capchan_kind - what a value is
 *
 * The C type of a value is its nk_ scalar; nk_ptr_t for STRING, BYTES and SEQUENCE; a C array for
 * ARRAY; the struct itself for STRUCT and UNION; nk_handle_desc_t for HANDLE. On the wire a
 * SEQUENCE or ARRAY of 8-bit scalars is `bytes`, every other one `repeated`; a `repeated` inside a
 * `repeated` or a `oneof` is wrapped in a message whose only field, 1, is the inner one. A UNION is
 * a message with one `oneof`, a HANDLE the number of the handle among those of the message, from 1.
 */
enum capchan_kind {
    CAPCHAN_UINT8,
    CAPCHAN_UINT16,
    CAPCHAN_UINT32,
    CAPCHAN_UINT64,
    CAPCHAN_SINT8,
    CAPCHAN_SINT16,
    CAPCHAN_SINT32,
    CAPCHAN_SINT64,
    CAPCHAN_STRING,   /* up to `bound` bytes of UTF-8, and a NUL behind them */
    CAPCHAN_BYTES,    /* up to `bound` bytes */
    CAPCHAN_SEQUENCE, /* up to `bound` values of `element` */
    CAPCHAN_ARRAY,    /* `bound` values of `element`, in place */
    CAPCHAN_STRUCT,   /* the fields of `record`, in place */
    CAPCHAN_UNION,    /* an nk_uint32_t n, then field n - 1 of `record`, or nothing if n is 0 */
    CAPCHAN_HANDLE,
};

/**
 * struct capchan_type - a type
 * @kind:    an enum capchan_kind
 * @bound:   see there
 * @size:    bytes of one value in C: sizeof
 * @align:   alignment of one value in C
 * @element: of SEQUENCE and ARRAY
 * @record:  of STRUCT and UNION
 * @interface: of HANDLE: the interface that it leads to, "echo.IPing"; NULL: any or none
 */
struct capchan_type {
    nk_uint32_t kind;
    nk_uint32_t bound;
    nk_uint32_t size;
    nk_uint32_t align;
    const struct capchan_type *element;
    const struct capchan_record *record;
    const char *interface;
};

/** struct capchan_field - one member of a struct or union, or one parameter; borrowed throughout
 */
struct capchan_field {
    const char *name;
    nk_uint32_t offset;
    const struct capchan_type *type;
};

/**
 * struct capchan_record - a struct, a union, or the parameters of one direction of a method
 * @size:     sizeof the C struct: of the IDL struct or union, or of M_req, M_res, M_err
 * @n_fields: number of @fields
 * @fields:   in the order of the IDL; field i has number i + 1 in the protobuf message
 * @proto:    protoc-c's descriptor of the protobuf message
 */
struct capchan_record {
    nk_uint32_t size;
    nk_uint32_t n_fields;
    const struct capchan_field *fields;
    const struct ProtobufCMessageDescriptor *proto;
};

/** capchan_invoke_fn - calls one method of an implementation (a struct P_Iface *) with its typed
 * arguments */
typedef nk_err_t capchan_invoke_fn(void *implementation, const struct nk_message *req,
                                   const struct nk_arena *req_arena, struct nk_message *res,
                                   struct nk_arena *res_arena);

/**
 * struct capchan_method - a method; its index in the interface is its MID
 * @req, @res, @err: parameters of the request, the response and the error response
 * @invoke:          calls the implementation
 */
struct capchan_method {
    const char *name;
    const struct capchan_record *req;
    const struct capchan_record *res;
    const struct capchan_record *err;
    capchan_invoke_fn *invoke;
};

/** struct capchan_interface - an interface; @name is its package, "echo.IPing" */
struct capchan_interface {
    const char *name;
    nk_uint32_t n_methods;
    const struct capchan_method *methods;
};

/** The longest way from an entity object to an endpoint: components nest 16 deep. */
#define CAPCHAN_HOPS_MAX 17

/**
 * struct capchan_endpoint - one endpoint of a component or entity class
 * @iid:        its RIID
 * @name:       by instances: "cserver.ping", or just "log" where the class declares it itself
 * @class_name: by the class that declares it: "echo.CPing.ping"
 * @interface:  what it serves
 * @n_hops:     number of @hops, 1 to CAPCHAN_HOPS_MAX
 * @hops:       the way to its implementation: from the object, read the pointer at offset hops[0];
 * from what it points to, the one at hops[1]; the last one is the implementation
 */
struct capchan_endpoint {
    nk_iid_t iid;
    const char *name;
    const char *class_name;
    const struct capchan_interface *interface;
    nk_uint32_t n_hops;
    const nk_uint32_t *hops;
};

/**
 * struct capchan_component - a component or entity class; the constant C_component_stub_
 * @class_name:     "echo.Server"
 * @req_size:       bytes of the largest request, at least sizeof(struct nk_message)
 * @res_size:       bytes of the largest response
 * @req_arena_size: bytes of arena that the largest request takes
 * @res_arena_size: bytes of arena that the largest response takes
 * @endpoints:      all of them, flattened, by rising RIID from 0
 */
struct capchan_component {
    const char *class_name;
    nk_uint32_t req_size;
    nk_uint32_t res_size;
    nk_uint32_t req_arena_size;
    nk_uint32_t res_arena_size;
    nk_uint32_t n_endpoints;
    const struct capchan_endpoint *endpoints;
};

/**
 * capchan_announce_entity() - tell the library about an entity class that is linked in
 * @entity: borrowed for the life of the process
 *
 * Called by a constructor in the generated .edl.c, before main(). When it is the class that the
 * process was launched as, the broker is given the names of its endpoints.
 */
void capchan_announce_entity(const struct capchan_component *entity);

/**
 * capchan_announce_interface() - tell the library about an interface that is linked in
 * @interface: borrowed for the life of the process
 *
 * Called by a constructor in the generated .idl.c, before main(), for nk_transport_call() without a
 * proxy.
 */
void capchan_announce_interface(const struct capchan_interface *interface);

/**
 * capchan_proxy_call() - what a generated proxy does: set up both headers, then nk_transport_call()
 * @iid:       RIID of the endpoint
 * @interface: of the proxy
 * @mid:       index of the method
 *
 * Inline, as the compiler knows what is in the tables, and nothing is left to do when the call
 * returns.
 *
 * Return: as nk_transport_call(); NK_EINVAL: @transport is NULL.
 */
static inline nk_err_t capchan_proxy_call(struct nk_transport *transport, nk_iid_t iid,
                                          const struct capchan_interface *interface, nk_mid_t mid,
                                          struct nk_message *req, const struct nk_arena *req_arena,
                                          struct nk_message *res, struct nk_arena *res_arena)
{
    const struct capchan_method *method = &interface->methods[mid];

    if (transport == NK_NULL || req == NK_NULL || res == NK_NULL) {
        return NK_EINVAL;
    }
    nk_message_init_(req, method->req->size);
    nk_message_set_method_(req, iid, mid);
    req->stub_ = method;
    nk_message_init_(res, method->res->size);
    return nk_transport_call(transport, req, req_arena, res, res_arena);
}

/**
 * capchan_interface_dispatch() - call the method that @req names, and set up the header of @res
 * @interface:      tables of the interface
 * @implementation: struct P_Iface *; borrowed
 *
 * Return: what the handler returned; NK_ENOENT: no such method, and @res is untouched, or no
 * implementation, and @res says so; NK_EINVAL: an argument is NULL.
 */
nk_err_t capchan_interface_dispatch(const struct capchan_interface *interface, void *implementation,
                                    const struct nk_message *req, const struct nk_arena *req_arena,
                                    struct nk_message *res, struct nk_arena *res_arena);

/**
 * capchan_component_dispatch() - call the endpoint and method that @req names
 * @component:  tables of the class
 * @object:     struct C_component * or struct E_entity *, initialised; borrowed
 * @iid_offset: RIID of the component's first endpoint in its entity; 0 for an entity
 *
 * Return: what the handler returned; NK_ENOENT: no such endpoint or method, and @res is
 * untouched, or no implementation, and @res says so; NK_EINVAL: an argument is NULL.
 */
nk_err_t capchan_component_dispatch(const struct capchan_component *component, void *object,
                                    nk_iid_t iid_offset, const struct nk_message *req,
                                    const struct nk_arena *req_arena, struct nk_message *res,
                                    struct nk_arena *res_arena);

#ifdef __cplusplus
}
#endif

#endif

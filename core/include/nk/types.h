/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/types.h - scalars, message header and chunk descriptor of the nk layer
 *
 * Names and sizes as in KasperskyOS Community Edition 1.1 to 1.4. Fields that end in an underscore
 * are the library's own. The standard headers below are part of the contract: programs rely on
 * them.
 */
#ifndef NK_TYPES_H_
#define NK_TYPES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t nk_uint8_t;
typedef uint16_t nk_uint16_t;
typedef uint32_t nk_uint32_t;
typedef uint64_t nk_uint64_t;
typedef int8_t nk_sint8_t;
typedef int16_t nk_sint16_t;
typedef int32_t nk_sint32_t;
typedef int64_t nk_sint64_t;
typedef int8_t nk_int8_t;
typedef int16_t nk_int16_t;
typedef int32_t nk_int32_t;
typedef int64_t nk_int64_t;
typedef char nk_char_t;
typedef size_t nk_size_t;
typedef uintptr_t nk_uintptr_t;
typedef int nk_bool_t;

/** An NK_E... code of <nk/errno.h>; 0 is success. */
typedef int nk_err_t;

/** Number of an endpoint (RIID) among the endpoints of one server, from 0. */
typedef nk_uint16_t nk_iid_t;

/** Number of a method (MID) in its interface, from 0, in the order of the IDL file. */
typedef nk_uint16_t nk_mid_t;

#define NK_NULL NULL
#define NK_TRUE 1
#define NK_FALSE 0

#define NK_UINT8_C(value) UINT8_C(value)
#define NK_UINT16_C(value) UINT16_C(value)
#define NK_UINT32_C(value) UINT32_C(value)
#define NK_UINT64_C(value) UINT64_C(value)
#define NK_SINT8_C(value) INT8_C(value)
#define NK_SINT16_C(value) INT16_C(value)
#define NK_SINT32_C(value) INT32_C(value)
#define NK_SINT64_C(value) INT64_C(value)

/** The largest RIID that an endpoint can have. */
#define NK_IID_MAX ((nk_iid_t)0xFFFEU)

/** What a look-up of a RIID returns when there is no such endpoint. */
#define INVALID_RIID ((nk_iid_t)0xFFFFU)

#define nk_memset memset
#define nk_strcmp strcmp
#define nk_strncpy strncpy
#define nk_strnlen strnlen
#define nk_unused __attribute__((unused))
#define nk_offsetof(type, member) offsetof(type, member)
#define __nk_packed __attribute__((packed))
#define __nk_alignas(bytes) __attribute__((aligned(bytes)))
#ifdef __cplusplus
#define nk_static_assert(condition, message) static_assert(condition, message)
#define nk_alignof_(type) alignof(type)
#else
#define nk_static_assert(condition, message) _Static_assert(condition, message)
#define nk_alignof_(type) _Alignof(type)
#endif

/** A chunk of an arena: its offset from the start of the arena and its size, both in bytes. */
typedef struct nk_ptr {
    nk_uint32_t offset;
    nk_uint32_t size;
} nk_ptr_t;

/** A handle's number, its rights, and what its provider finds behind a handle that comes back. */
typedef nk_uint32_t nk_handle_t;
typedef nk_uint32_t nk_rights_t;
typedef nk_uintptr_t nk_badge_t;

/** A handle on its way in a message; see <nk/handle.h>. */
typedef struct nk_handle_desc_t {
    nk_handle_t handle;
    nk_rights_t rights;
    nk_badge_t badge;
} nk_handle_desc_t;

/**
 * struct nk_message - the header every request and response starts with, as its member base_
 * @size_:  bytes of the whole object, header included; set by nk_req_reset() and by dispatch
 * @iid:    endpoint that the message is for (RIID)
 * @mid:    method that the message belongs to (MID)
 * @ncaps:  number of handles in the message
 * @flags_: what kind of message this is
 * @mark_:  tells a header that was set up from memory that never was
 * @stub_:  the method's tables, set by generated client code
 */
typedef struct nk_message {
    nk_uint32_t size_;
    nk_iid_t iid;
    nk_mid_t mid;
    nk_uint16_t ncaps;
    nk_uint16_t flags_;
    nk_uint32_t mark_;
    union {
        const void *stub_;
        nk_uint64_t stub_word_;
    };
} nk_message;

nk_static_assert(sizeof(struct nk_message) == 24, "the published header has 24 bytes");
nk_static_assert(sizeof(nk_ptr_t) == 8, "the published chunk descriptor has 8 bytes");

#ifdef __cplusplus
}
#endif

#endif

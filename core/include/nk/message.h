/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/message.h - setting up the header of a message by hand
 *
 * Generated client code does all of this itself; programs call nk_req_reset() before they receive
 * and nk_err_reset() where they answer with an error. Source of the semantics: KasperskyOS CE 1.1
 * to 1.4.
 */
#ifndef NK_MESSAGE_H_
#define NK_MESSAGE_H_

#include <nk/errno.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Value of mark_ in a header that was set up. */
#define NK_MESSAGE_MARK_ UINT32_C(0x6b6e4d73)

/** Bits of flags_: the message is an error response; the handler failed and iid holds nothing
 * useful. */
#define NK_MESSAGE_ERROR_ 0x1U
#define NK_MESSAGE_FAILED_ 0x2U

/** nk_message_init_() - make @message the header of an object of @size bytes, with everything else
 * 0 */
static inline void nk_message_init_(struct nk_message *message, size_t size)
{
    memset(message, 0, sizeof(*message));
    message->size_ = (nk_uint32_t)size;
    message->iid = INVALID_RIID;
    message->mark_ = NK_MESSAGE_MARK_;
}

/** nk_message_set_error_() - turn the response @message into an error response */
static inline void nk_message_set_error_(struct nk_message *message, size_t size)
{
    if (message->mark_ != NK_MESSAGE_MARK_) {
        nk_message_init_(message, size);
    }
    message->flags_ = NK_MESSAGE_ERROR_;
}

/** nk_message_set_method_() - address @message to method @mid of endpoint @iid */
static inline void nk_message_set_method_(struct nk_message *message, nk_iid_t iid, nk_mid_t mid)
{
    message->iid = iid;
    message->mid = mid;
}

/**
 * nk_req_reset() - set up the header of a request or response object
 * @object: pointer to any object whose first member is `struct nk_message base_`: a request, a
 * response, or the union of all requests of an entity. The size of what it points to is recorded as
 * the room that nk_transport_recv() may fill. Nothing behind the header is touched.
 */
#define nk_req_reset(object) nk_message_init_(&(object)->base_, sizeof(*(object)))

/** nk_err_reset() - make the response @object an error response; fill in its err_ members after it
 */
#define nk_err_reset(object) nk_message_set_error_(&(object)->base_, sizeof(*(object)))

/** nk_msg_set_method_id() - address the request @object to method @mid of endpoint @iid */
#define nk_msg_set_method_id(object, iid_, mid_)                                                   \
    nk_message_set_method_(&(object)->base_, (nk_iid_t)(iid_), (nk_mid_t)(mid_))

/** nk_msg_set_ncaps() - state how many handles the request @object carries: its M_req_handles */
#define nk_msg_set_ncaps(object, count) ((void)((object)->base_.ncaps = (nk_uint16_t)(count)))

/** nk_msg_check_err() - whether the response @object, or the header itself, is an error response */
#define nk_msg_check_err(object) (nk_message_is_error_((const struct nk_message *)(object)))

/** nk_message_is_error_() - whether @message is an error response; borrowed */
static inline nk_bool_t nk_message_is_error_(const struct nk_message *message)
{
    return (message->flags_ & NK_MESSAGE_ERROR_) != 0;
}

/* The same on a bare header, as CE 1.0's generated code did it. */

/** nk_message_set_size() - record that @message heads an object of @size bytes */
static inline void nk_message_set_size(struct nk_message *message, size_t size)
{
    message->size_ = (nk_uint32_t)size;
}

/** nk_message_make_req() - make @message the header of a request; its size stays */
static inline void nk_message_make_req(struct nk_message *message)
{
    nk_message_init_(message, message->size_);
}

/** nk_message_set_iid() - address @message to an endpoint */
static inline void nk_message_set_iid(struct nk_message *message, nk_iid_t iid)
{
    message->iid = iid;
}

/** nk_message_set_mid() - address @message to a method of its endpoint */
static inline void nk_message_set_mid(struct nk_message *message, nk_mid_t mid)
{
    message->mid = mid;
}

/** nk_message_set_ncaps() - state how many handles the object carries */
static inline void nk_message_set_ncaps(struct nk_message *message, nk_uint32_t count)
{
    message->ncaps = (nk_uint16_t)count;
}

#ifdef __cplusplus
}
#endif

#endif

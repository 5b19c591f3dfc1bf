/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/handle/notice_api.h - hearing of what happens to resources
 *
 * A notice is what events are heard with. It is subscribed to resources, whose events
 * (<handle/event_descr.h>) are kept for it by the broker until somebody takes them. Nothing is lost
 * however long that takes, and nothing fills up: each subscription has one set of events, and what
 * happens twice before it is taken is in it once. What has happened before it was subscribed to,
 * and lasts, is reported at once: the end of a peer or of its task, a badge all of whose copies are
 * closed. Special events are heard by those who are subscribed when they are made.
 *
 * A subscription outlives the handle that it was made with, but then only hears of
 * EVENT_OBJECT_DESTROYED: who has given a handle back, or lost it, has no right to more.
 *
 * A process can have 64 notices, and 4,096 subscriptions, at a time; a solution 4,096 notices.
 * Every function may be called by any thread, and all of them may use one notice at a time. None
 * but KnNoticeGetEvent() waits for anything but the broker. A notice is not a pointer to memory:
 * one that is no notice of this process, was released, or was inherited through fork(), is an error
 * and does no harm.
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4. Of KnNoticeUnsubscribeFromObject(),
 * KnNoticeUnsubscribeFromEvent(), KnNoticeDropAndWake() and KnNoticeRelease() only the names are
 * from there.
 */
#ifndef CORESRV_HANDLE_NOTICE_API_H_
#define CORESRV_HANDLE_NOTICE_API_H_

#include <coresrv/handle/handle_api.h>
#include <coresrv/time/timeout.h>
#include <handle/event_descr.h>
#include <rtl/stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most events that one KnNoticeGetEvent() reports. */
#define NOTICE_EVENTS_MAX 64

/**
 * KnNoticeCreate() - something to hear of events with
 * @notice: set to it; to be given back with KnNoticeRelease()
 *
 * Rights:  none.
 * Return:  rcOk; rcInvalidArgument: @notice is NULL; rcQuotaExceeded: this process has 64 notices,
 *          the solution 4,096, or this process 65,536 handles, among which notices count;
 *          rcOutOfMemory; rcNotReady.
 */
Retcode KnNoticeCreate(Notice *notice);

/**
 * KnNoticeSubscribeToObject() - hear of events of a resource
 * @notice: that hears of them
 * @object: handle of the resource: one of a user's, a badge, the client's end of a channel, or a
 *          listener
 * @evMask: which events, at least one. Of those that the resource cannot have none comes.
 * @evId:   what they are reported with; any value, never looked at
 *
 * A subscription is known by @notice, @object and @evId: subscribing again adds to its events. With
 * another @evId it is another one, and both report. The same @evId may be used for many objects.
 *
 * Rights:  OCAP_HANDLE_GET_EVENT on @object.
 * Return:  rcOk; rcInvalidArgument: @notice is no notice of this process, or @evMask is 0 or has
 *          bits that are no event; rcNoCapability: @object is no handle of this process;
 *          rcHandleRevoked; rcSecurityDisallow: it lacks the right; rcResourceNotFound: @notice was
 *          dropped; rcQuotaExceeded: this process has 4,096 subscriptions; rcOutOfMemory;
 *          rcNotReady.
 */
Retcode KnNoticeSubscribeToObject(Notice notice, Handle object, rtl_uint32_t evMask,
                                  rtl_uintptr_t evId);

/**
 * KnNoticeUnsubscribeFromObject() - hear nothing of a resource any more
 * @notice: that was subscribed
 * @object: a handle of the resource; any one will do
 *
 * What has happened and was not taken yet is forgotten.
 *
 * Rights:  none.
 * Return:  rcOk; rcInvalidArgument: @notice is no notice of this process; rcNoCapability: @object
 *          is no handle of this process; rcHandleRevoked; rcResourceNotFound: @notice is not
 *          subscribed to it, or was dropped; rcOutOfMemory; rcNotReady.
 */
Retcode KnNoticeUnsubscribeFromObject(Notice notice, Handle object);

/**
 * KnNoticeUnsubscribeFromEvent() - the same, for the subscriptions with one @evId
 * @notice, @object: as above
 * @evId:            as it was subscribed with
 *
 * Rights:  none.
 * Return:  as above; rcResourceNotFound also if there is none with @evId.
 */
Retcode KnNoticeUnsubscribeFromEvent(Notice notice, Handle object, rtl_uintptr_t evId);

/**
 * KnNoticeGetEvent() - take what has happened, or wait until something does
 * @notice:   that was subscribed
 * @msec:     how long to wait, milliseconds; 0 does not wait; INFINITE_TIMEOUT and more never ends
 * @countMax: how many events there is room for, at least 1. Of more than NOTICE_EVENTS_MAX the rest
 *            is not used.
 * @events:   filled in; one for each subscription that something has happened to, the one that has
 *            waited longest first
 * @count:    set to how many they are, at least 1
 *
 * Each event is reported once, to one of the threads that wait.
 *
 * Rights:  none.
 * Context: any thread; blocks for @msec at most.
 * Return:  rcOk; rcTimeout: nothing has happened; rcInvalidArgument: @notice is no notice of this
 *          process, @countMax is 0, or @events or @count is NULL; rcResourceNotFound: @notice was
 *          dropped, or was released meanwhile; rcQuotaExceeded: 1,024 threads of this process ask
 *          the broker something; rcOutOfMemory; rcNotReady: there is no broker, or it has ended
 *          meanwhile. @events and @count are set on success only.
 */
Retcode KnNoticeGetEvent(Notice notice, rtl_uint64_t msec, rtl_size_t countMax, EventDesc *events,
                         rtl_size_t *count);

/**
 * KnNoticeSetObjectEvent() - make an event of a resource
 * @object: handle of the resource
 * @evMask: special events, at least one
 *
 * It is heard by all who are subscribed to the resource, in all processes.
 *
 * Rights:  OCAP_HANDLE_SET_EVENT on @object.
 * Return:  rcOk, also if nobody is subscribed; rcInvalidArgument: @evMask is 0, or has bits that
 *          are no special event; rcNoCapability: @object is no handle of this process;
 *          rcHandleRevoked; rcSecurityDisallow: it lacks the right; rcOutOfMemory; rcNotReady.
 */
Retcode KnNoticeSetObjectEvent(Handle object, rtl_uint32_t evMask);

/**
 * KnNoticeDropAndWake() - be done with a notice, and tell all threads that wait with it
 * @notice: that hears nothing any more; still to be released
 *
 * Its subscriptions are given back, and what has happened and was not taken is forgotten. All
 * waiting KnNoticeGetEvent() return rcResourceNotFound, and so does every later one.
 *
 * Rights:  none.
 * Return:  rcOk, also if it was dropped before; rcInvalidArgument: @notice is no notice of this
 *          process; rcNotReady.
 */
Retcode KnNoticeDropAndWake(Notice notice);

/**
 * KnNoticeRelease() - give a notice back
 * @notice: stale from here on
 *
 * There is one reference to it, that of KnNoticeCreate(); functions hold their own while they use
 * it. Threads that wait with it are told rcResourceNotFound.
 *
 * Rights:  none.
 * Return:  rcOk, also without a broker; rcInvalidArgument: @notice is no notice of this process.
 */
Retcode KnNoticeRelease(Notice notice);

#ifdef __cplusplus
}
#endif

#endif

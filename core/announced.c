/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constructors of generated code fill this in before main(), and dlopen() may add to it later.
 * Every generated object of a solution may be linked into every program, so only the class that the
 * process was launched as counts.
 */
#include "core/announced.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/every_call.h"
#include "core/session.h"

struct announced_interface {
    const struct capchan_interface *interface;
    struct announced_interface *next;
};

/* @entity is set once, and read without the lock. */
EVERY_CALL_DATA static struct {
    pthread_mutex_t lock;
    const struct capchan_component *_Atomic entity;
    struct announced_interface *interfaces;
} announced = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* tell_broker() - what look-ups of RIIDs are answered from */
static void tell_broker(const struct capchan_component *entity)
{
    for (uint32_t i = 0; i < entity->n_endpoints; i++) {
        const struct capchan_endpoint *endpoint = &entity->endpoints[i];
        const char *strings[SESSION_STRINGS] = {endpoint->name, endpoint->class_name,
                                                endpoint->interface->name};
        session_announce(SESSION_ENDPOINT, INVALID_HANDLE, endpoint->iid, strings);
    }
    session_announce(SESSION_ANNOUNCED, INVALID_HANDLE, 0, NULL);
}

void capchan_announce_entity(const struct capchan_component *entity)
{
    bool ours = strcmp(entity->class_name, session_class_name()) == 0;

    pthread_mutex_lock(&announced.lock);
    ours = ours && announced.entity == NULL;
    if (ours) {
        announced.entity = entity;
    }
    pthread_mutex_unlock(&announced.lock);
    if (ours) {
        tell_broker(entity);
    }
}

/* is_known() - whether the table was announced before, which every object of a program does that
 * includes a header with the code in it; the caller holds the lock */
static bool is_known(const struct capchan_interface *interface)
{
    const struct announced_interface *entry = announced.interfaces;

    while (entry != NULL && entry->interface != interface) {
        entry = entry->next;
    }
    return entry != NULL;
}

void capchan_announce_interface(const struct capchan_interface *interface)
{
    struct announced_interface *entry = NULL;

    pthread_mutex_lock(&announced.lock);
    if (!is_known(interface)) {
        entry = malloc(sizeof(*entry));
    }
    if (entry !=
        NULL) { /* without memory only nk_transport_call() without a proxy says NK_ENOENT */
        entry->interface = interface;
        entry->next = announced.interfaces;
        announced.interfaces = entry;
    }
    pthread_mutex_unlock(&announced.lock);
}

/* announced_entity() - the class that this process was launched as, if its tables are linked in;
 * else NULL */
const struct capchan_component *announced_entity(void)
{
    return atomic_load_explicit(&announced.entity, memory_order_acquire);
}

/* component_endpoint() - the endpoint with RIID @iid, or NULL; RIIDs rise from 0 without gaps */
const struct capchan_endpoint *component_endpoint(const struct capchan_component *component,
                                                  nk_iid_t iid)
{
    return iid < component->n_endpoints ? &component->endpoints[iid] : NULL;
}

/* announced_method() - method @mid of the interface called @interface, or NULL */
const struct capchan_method *announced_method(const char *interface, nk_mid_t mid)
{
    const struct capchan_method *method = NULL;

    pthread_mutex_lock(&announced.lock);
    for (struct announced_interface *i = announced.interfaces; i != NULL; i = i->next) {
        if (strcmp(i->interface->name, interface) == 0 && mid < i->interface->n_methods) {
            method = &i->interface->methods[mid];
            break;
        }
    }
    pthread_mutex_unlock(&announced.lock);
    return method;
}

/* announced_is_method() - whether @method is number @mid of an interface called @interface, of
 * which there may be several tables in a process */
bool announced_is_method(const char *interface, nk_mid_t mid, const struct capchan_method *method)
{
    bool is_method = false;

    pthread_mutex_lock(&announced.lock);
    for (struct announced_interface *i = announced.interfaces; i != NULL && !is_method;
         i = i->next) {
        is_method = mid < i->interface->n_methods && &i->interface->methods[mid] == method &&
                    strcmp(i->interface->name, interface) == 0;
    }
    pthread_mutex_unlock(&announced.lock);
    return is_method;
}

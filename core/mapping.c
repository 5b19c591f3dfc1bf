/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mapping.h"

#include <coresrv/vmm/vmm_api.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/queue.h>

#include "core/adopt.h"
#include "core/container.h"
#include "core/object.h"
#include "core/process.h"

/* @address: NULL: its pages are nobody's, or somebody else's, by now */
struct mapping {
    struct object object;
    char *address;
    size_t length;
    LIST_ENTRY(mapping) in_all;
};

/* Whoever unmaps pages that were mapped here does so with the lock held, and each only once.
 * @is_used: there was a mapping */
static struct {
    pthread_mutex_t lock;
    LIST_HEAD(mappings, mapping) mappings;
    atomic_bool is_used;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER, .mappings = LIST_HEAD_INITIALIZER(all.mappings)};

/* mapping_protection() - what mmap() calls the VMM_FLAG_... */
int mapping_protection(int vmm_flags)
{
    return ((vmm_flags & VMM_FLAG_READ) != 0 ? PROT_READ : 0) |
           ((vmm_flags & VMM_FLAG_WRITE) != 0 ? PROT_WRITE : 0) |
           ((vmm_flags & VMM_FLAG_EXECUTE) != 0 ? PROT_EXEC : 0);
}

/* forget() - that the pages of @mapping are there; with the lock held */
static void forget(struct mapping *mapping)
{
    LIST_REMOVE(mapping, in_all);
    mapping->address = NULL;
}

/* shut() - unmap, unless somebody has */
static void shut(struct object *object)
{
    struct mapping *mapping = CONTAINER_OF(object, struct mapping, object);

    pthread_mutex_lock(&all.lock);
    if (mapping->address != NULL) {
        (void)munmap(mapping->address, mapping->length);
        forget(mapping);
    }
    pthread_mutex_unlock(&all.lock);
}

static void mapping_free(struct object *object)
{
    shut(object);
    free(CONTAINER_OF(object, struct mapping, object));
}

static const struct object_class mapping_class = {
    .kind = OBJECT_RESOURCE, .shut = shut, .free = mapping_free};

/*
 * mapping_adopt() - let @handle stand for pages that are mapped now
 *
 * Return: 0; -ENOMEM: they are not any more, and the broker has the handle back.
 */
int mapping_adopt(Handle handle, void *address, size_t length)
{
    struct mapping *mapping = malloc(sizeof(*mapping));

    if (mapping == NULL) {
        (void)munmap(address, length);
        return adopt_object(handle, NULL);
    }
    object_init(&mapping->object, &mapping_class);
    mapping->address = address;
    mapping->length = length;
    atomic_store_explicit(&all.is_used, true, memory_order_relaxed);
    pthread_mutex_lock(&all.lock);
    LIST_INSERT_HEAD(&all.mappings, mapping, in_all);
    pthread_mutex_unlock(&all.lock);
    return adopt_object(handle, &mapping->object);
}

/* forget_between() - mappings some pages of which are in [@start, @end); with the lock held */
static void forget_between(const char *start, const char *end)
{
    struct mapping *next;

    for (struct mapping *mapping = LIST_FIRST(&all.mappings); mapping != NULL; mapping = next) {
        next = LIST_NEXT(mapping, in_all);
        if (mapping->address < end && start < mapping->address + mapping->length) {
            forget(mapping);
        }
    }
}

/*
 * mapping_unmap() - munmap() that may concern mappings of memory objects
 *
 * A child made by fork() has no handles that could unmap anything later, and maybe a lock that
 * nobody will ever give back.
 */
int mapping_unmap(void *address, size_t size)
{
    if (process_is_forked() || !atomic_load_explicit(&all.is_used, memory_order_relaxed)) {
        return munmap(address, size);
    }
    pthread_mutex_lock(&all.lock);
    int r = munmap(address, size);
    if (r == 0) {
        forget_between(address, (char *)address + size);
    }
    pthread_mutex_unlock(&all.lock);
    return r;
}

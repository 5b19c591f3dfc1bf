/* SPDX-License-Identifier: Apache-2.0 */
#include "core/own_memory.h"

#include <errno.h>
#include <pthread.h>
#include <services/ocap.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/adopt.h"
#include "core/cleanup.h"
#include "core/container.h"
#include "core/object.h"

/*
 * All pages of an object, to be written.
 * @lock: of @base, which is NULL once the mapping was given away
 * @size: bytes; the last page may be larger
 */
struct own_pages {
    atomic_int refs;
    pthread_mutex_t lock;
    char *base;
    size_t size;
};

/* A handle that may write. */
struct own_memory {
    struct object object;
    struct own_pages *pages;
};

/*
 * own_pages_new() - map an object, and put memory behind all of it, which makes lack of memory an
 * error here and not the end of whoever reads it
 * @fd: that came with its first handle; borrowed
 *
 * Return: 0; negative errno.
 */
int own_pages_new(int fd, size_t size, struct own_pages **ret_pages)
{
    CLEANUP(free_p) struct own_pages *pages = malloc(sizeof(*pages));

    if (pages == NULL) {
        return -ENOMEM;
    }
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        return -errno;
    }
    if (madvise(base, size, MADV_POPULATE_WRITE) < 0) {
        int r = -errno;
        (void)munmap(base, size);
        return r;
    }
    *pages = (struct own_pages){.base = base, .size = size};
    atomic_init(&pages->refs, 1);
    pthread_mutex_init(&pages->lock, NULL);
    *ret_pages = STEAL(pages);
    return 0;
}

static struct own_pages *pages_ref(struct own_pages *pages)
{
    atomic_fetch_add_explicit(&pages->refs, 1, memory_order_relaxed);
    return pages;
}

/* own_pages_unref() - NULL is fine. Return: NULL. */
struct own_pages *own_pages_unref(struct own_pages *pages)
{
    if (pages != NULL && atomic_fetch_sub_explicit(&pages->refs, 1, memory_order_acq_rel) == 1) {
        if (pages->base != NULL) {
            (void)munmap(pages->base, pages->size);
        }
        pthread_mutex_destroy(&pages->lock);
        free(pages);
    }
    return NULL;
}

void own_pages_unref_p(struct own_pages **pages)
{
    own_pages_unref(*pages);
}

/* own_pages_size() - in bytes, as it was asked for */
size_t own_pages_size(const struct own_pages *pages)
{
    return pages->size;
}

/* own_pages_fill() - with as many bytes as there are, before anybody maps them */
void own_pages_fill(struct own_pages *pages, const void *bytes)
{
    memcpy(pages->base, bytes, pages->size);
}

/* give_away() - what is left to do where a mapping cannot be multiplied, as under valgrind: part
 * with the one that there is, but for the rest of its pages; with the lock held */
static void *give_away(struct own_pages *pages, size_t offset, size_t length)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t end = (offset + length + page - 1) / page * page;
    char *base = pages->base;

    if (offset > 0) {
        (void)munmap(base, offset);
    }
    if (end < pages->size) {
        (void)munmap(base + end, pages->size - end);
    }
    pages->base = NULL;
    return base + offset;
}

/*
 * own_pages_map() - one more mapping of some of the pages
 * @offset, @length: within the object's pages; the former of whole pages
 * @protection:      of mmap()
 *
 * Return: 0; negative errno.
 */
int own_pages_map(struct own_pages *pages, size_t offset, size_t length, int protection,
                  void **ret_address)
{
    void *address = MAP_FAILED;

    pthread_mutex_lock(&pages->lock);
    if (pages->base != NULL) {
        address = mremap(pages->base + offset, 0, length, MREMAP_MAYMOVE);
        address = address != MAP_FAILED ? address : give_away(pages, offset, length);
    }
    pthread_mutex_unlock(&pages->lock);
    if (address == MAP_FAILED) {
        return -ENOMEM;
    }
    if (mprotect(address, length, protection) < 0) {
        int r = -errno;
        (void)munmap(address, length);
        return r;
    }
    *ret_address = address;
    return 0;
}

static void memory_shut(struct object *object)
{
    (void)object; /* what is mapped stays */
}

static void memory_free(struct object *object)
{
    struct own_memory *memory = CONTAINER_OF(object, struct own_memory, object);

    own_pages_unref(memory->pages);
    free(memory);
}

static const struct object_class memory_class = {
    .kind = OBJECT_RESOURCE, .shut = memory_shut, .free = memory_free};

/*
 * own_memory_adopt() - let @handle stand for @pages
 * @pages: consumed, on failure too
 *
 * Return: 0; -ENOMEM: the broker has the handle back.
 */
int own_memory_adopt(Handle handle, struct own_pages *pages)
{
    struct own_memory *memory = malloc(sizeof(*memory));

    if (memory == NULL) {
        own_pages_unref(pages);
        return adopt_object(handle, NULL);
    }
    object_init(&memory->object, &memory_class);
    memory->pages = pages;
    return adopt_object(handle, &memory->object);
}

/* own_memory_copy() - take over @copy, a handle with @rights that was made from @from, whether
 * those are of memory or not. Return: as own_memory_adopt(). */
int own_memory_copy(Handle from, uint32_t rights, Handle copy)
{
    struct own_pages *pages = (rights & OCAP_MDL_WRITE) != 0 ? own_memory_pages(from) : NULL;

    return pages != NULL ? own_memory_adopt(copy, pages) : adopt_resource(copy);
}

/* own_memory_pages() - a new reference to what @handle may write; NULL if it is no such handle */
struct own_pages *own_memory_pages(Handle handle)
{
    CLEANUP(object_unref_p) struct object *object = object_table_find(handle, OBJECT_RESOURCE);

    return object != NULL && object->class == &memory_class
               ? pages_ref(CONTAINER_OF(object, struct own_memory, object)->pages)
               : NULL;
}

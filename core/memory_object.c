/* SPDX-License-Identifier: Apache-2.0 */
#include "core/memory_object.h"

#include <errno.h>
#include <fcntl.h>
#include <services/ocap.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/container.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/holder.h"
#include "core/limits.h"

#define SEALS_FIRST (F_SEAL_SHRINK | F_SEAL_GROW)
#define SEALS (SEALS_FIRST | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

#define BLOCK_BYTES 512 /* of stat(), whatever the file system */

/* whole_pages() - that @size bytes take; it is far from the largest size */
static size_t whole_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    return (size + page - 1) / page * page;
}

/* has_room() - for an object more, of @bytes */
static bool has_room(const struct memory_account *account, size_t bytes, size_t n_objects_max,
                     size_t bytes_max)
{
    return account->n_objects < n_objects_max && bytes <= bytes_max - account->bytes;
}

static void charge(struct memory_account *account, size_t bytes)
{
    account->n_objects++;
    account->bytes += bytes;
}

static void refund(struct memory_account *account, size_t bytes)
{
    account->n_objects--;
    account->bytes -= bytes;
}

static void dead(struct resource *resource)
{
    struct memory_object *object = CONTAINER_OF(resource, struct memory_object, resource);
    size_t bytes = whole_pages(object->size);

    refund(object->total, bytes);
    refund(&object->maker->memory, bytes);
    fd_close(object->fd);
    free(object);
}

static const struct resource_class memory_class = {.dead = dead};

/* make_descriptor() - of memory without pages so far. Return: 0; negative errno. */
static int make_descriptor(size_t bytes, int *ret_fd)
{
    int fd = memfd_create("capchan-memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0) {
        return -errno;
    }
    if (ftruncate(fd, (off_t)bytes) < 0 || fcntl(fd, F_ADD_SEALS, SEALS_FIRST) < 0) {
        int r = -errno;
        fd_close(fd);
        return r;
    }
    *ret_fd = fd;
    return 0;
}

/*
 * memory_object_new() - memory of @size bytes, made by @maker
 * @total, @maker: borrowed, and charged until the object is dead
 *
 * Return: 0; ERROR_BAD_MESSAGE: @size is 0; ERROR_QUOTA; negative errno.
 */
int memory_object_new(struct memory_account *total, struct holder *maker, uint64_t size,
                      struct memory_object **ret_object)
{
    if (size == 0) {
        return ERROR_BAD_MESSAGE;
    }
    if (size > MEMORY_BYTES_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    size_t bytes = whole_pages((size_t)size);
    if (!has_room(total, bytes, MEMORY_OBJECTS_MAX, MEMORY_BYTES_MAX) ||
        !has_room(&maker->memory, bytes, MEMORY_OBJECTS_PER_ENTITY_MAX,
                  MEMORY_BYTES_PER_ENTITY_MAX)) {
        return ERROR_QUOTA;
    }
    CLEANUP(free_p) struct memory_object *object = malloc(sizeof(*object));
    if (object == NULL) {
        return -ENOMEM;
    }
    *object = (struct memory_object){
        .resource.class = &memory_class, .total = total, .maker = maker, .size = (size_t)size};
    int r = make_descriptor(bytes, &object->fd);
    if (r != 0) {
        return r;
    }
    charge(total, bytes);
    charge(&maker->memory, bytes);
    *ret_object = STEAL(object);
    return 0;
}

/* memory_object_of() - what @resource is, borrowed; NULL if it is something else */
struct memory_object *memory_object_of(struct resource *resource)
{
    return resource != NULL && resource->class == &memory_class
               ? CONTAINER_OF(resource, struct memory_object, resource)
               : NULL;
}

/*
 * memory_object_share() - see to it that whoever gets the descriptor now can but read, and that
 * reading never fails
 *
 * The maker has had the descriptor, and may have put on seals of its own, or left pages away. Once
 * there can be no more holes, those that stat() counts are there for good.
 *
 * Return: 0; ERROR_DENIED: the maker has made that impossible.
 */
int memory_object_share(const struct memory_object *object)
{
    struct stat status;

    (void)fcntl(object->fd, F_ADD_SEALS, SEALS); /* fails if they are all there already */
    int seals = fcntl(object->fd, F_GET_SEALS);
    if (seals < 0 || (seals & SEALS) != SEALS || fstat(object->fd, &status) < 0) {
        return ERROR_DENIED;
    }
    return (uint64_t)status.st_blocks * BLOCK_BYTES >= whole_pages(object->size) ? 0 : ERROR_DENIED;
}

/* memory_object_rights() - what is left of @rights on @resource, of any kind, when @to gets them:
 * only the maker writes */
uint32_t memory_object_rights(struct resource *resource, const struct holder *to, uint32_t rights)
{
    const struct memory_object *object = memory_object_of(resource);

    return object == NULL || object->maker == to ? rights : rights & ~OCAP_MDL_WRITE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/capability_space.h"

#include <errno.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/handle_number.h"
#include "core/limits.h"

#define GENERATION_MAX                                                                             \
    0xfffeu /* so that no handle equals INVALID_HANDLE; the first is 1, so none is 0 */

_Static_assert(HANDLES_PER_ENTITY_MAX <= HANDLE_INDEXES, "an index must fit into its bits");

/* @next_free: of a free slot */
struct capability_slot {
    struct capability capability;
    uint32_t generation;
    size_t next_free;
};

void capability_space_init(struct capability_space *space)
{
    *space = (struct capability_space){0};
}

void capability_space_deinit(struct capability_space *space)
{
    free(space->slots);
    capability_space_init(space);
}

/* space_grow() - room for one more handle. Return: 0; ERROR_QUOTA; -ENOMEM. */
static int space_grow(struct capability_space *space)
{
    size_t n_slots = space->n_slots == 0 ? 16 : 2 * space->n_slots;

    if (space->n_slots == HANDLES_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    if (n_slots > HANDLES_PER_ENTITY_MAX) {
        n_slots = HANDLES_PER_ENTITY_MAX;
    }
    struct capability_slot *slots = realloc(space->slots, n_slots * sizeof(*slots));
    if (slots == NULL) {
        return -ENOMEM;
    }
    for (size_t i = space->n_slots; i < n_slots; i++) {
        slots[i] = (struct capability_slot){.generation = 1, .next_free = i + 1};
    }
    space->first_free = space->n_slots;
    space->slots = slots;
    space->n_slots = n_slots;
    return 0;
}

/*
 * capability_space_add() - name an object
 *
 * Return: 0; ERROR_QUOTA: HANDLES_PER_ENTITY_MAX handles are in use; -ENOMEM.
 */
int capability_space_add(struct capability_space *space, struct capability capability,
                         Handle *ret_handle)
{
    if (space->first_free == space->n_slots) {
        int r = space_grow(space);
        if (r != 0) {
            return r;
        }
    }
    size_t index = space->first_free;
    struct capability_slot *slot = &space->slots[index];
    space->first_free = slot->next_free;
    slot->capability = capability;
    *ret_handle = handle_number(slot->generation, index);
    return 0;
}

/* capability_space_find() - what @handle names, borrowed; NULL if it names nothing */
const struct capability *capability_space_find(const struct capability_space *space, Handle handle)
{
    size_t index = handle_index(handle);

    if (index >= space->n_slots || space->slots[index].generation != handle_generation(handle) ||
        space->slots[index].capability.kind == 0) {
        return NULL;
    }
    return &space->slots[index].capability;
}

/* capability_space_attach() - give a handle that is there its node */
void capability_space_attach(struct capability_space *space, Handle handle, struct derivation *node)
{
    space->slots[handle_index(handle)].capability.node = node;
}

/* capability_space_turn() - let a handle that is there name something else; its node stays */
void capability_space_turn(struct capability_space *space, Handle handle, uint32_t kind,
                           void *object)
{
    struct capability *capability = &space->slots[handle_index(handle)].capability;

    capability->kind = kind;
    capability->object = object;
}

/* capability_space_remove() - make @handle stale; fine if it is already */
void capability_space_remove(struct capability_space *space, Handle handle)
{
    if (capability_space_find(space, handle) == NULL) {
        return;
    }
    size_t index = handle_index(handle);
    struct capability_slot *slot = &space->slots[index];
    slot->capability = (struct capability){0};
    if (slot->generation++ < GENERATION_MAX) {
        slot->next_free = space->first_free;
        space->first_free = index;
    }
}

/* capability_space_at() - the handle in slot @index, less than space->n_slots; 0 if there is none
 */
Handle capability_space_at(const struct capability_space *space, size_t index)
{
    const struct capability_slot *slot = &space->slots[index];

    return slot->capability.kind == 0 ? 0 : handle_number(slot->generation, index);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publications of one interface are an array in the order in which they were made, so that
 * finding one by its number takes no time, however many there are; interfaces are a tree.
 */
#include "cm/names.h"

#include <errno.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/limits.h"

/* @service: owned */
struct publication {
    size_t entity;
    char *service;
};

/* One interface that somebody publishes. @type: owned */
struct names_type {
    char *type;
    struct publication *publications;
    size_t n;
    size_t n_max;
    TAILQ_ENTRY(names_type) in_types;
};

TAILQ_HEAD(names_types, names_type);

/*
 * How far somebody who may not see everything has looked.
 * @type:       through this; only to be compared
 * @n_removals: since nothing was taken back
 * @index:      how many that it may see lie before @at
 */
struct cursor {
    const struct names_type *type;
    uint64_t n_removals;
    size_t index;
    size_t at;
};

/*
 * @root:       of the tree of tsearch(), which compares names
 * @types:      the same as a list
 * @n_of:       how many publications each entity has
 * @cursors:    of each entity
 * @n_removals: how often something was taken back
 */
struct names {
    void *root;
    struct names_types types;
    size_t *n_of;
    struct cursor *cursors;
    uint64_t n_removals;
};

static void names_freep(struct names **names)
{
    names_free(*names);
}

/* names_new() - nobody publishes anything. Return: 0; -ENOMEM. */
int names_new(size_t n_entities, struct names **ret_names)
{
    CLEANUP(names_freep) struct names *names = calloc(1, sizeof(*names));

    if (names == NULL) {
        return -ENOMEM;
    }
    TAILQ_INIT(&names->types);
    names->n_of = calloc(n_entities, sizeof(*names->n_of));
    names->cursors = calloc(n_entities, sizeof(*names->cursors));
    if (names->n_of == NULL || names->cursors == NULL) {
        return -ENOMEM;
    }
    *ret_names = STEAL(names);
    return 0;
}

static int compare_types(const void *a, const void *b)
{
    return strcmp(((const struct names_type *)a)->type, ((const struct names_type *)b)->type);
}

/* type_find() - NULL if nobody publishes it */
static struct names_type *type_find(const struct names *names, const char *type)
{
    const struct names_type key = {.type = (char *)type};
    struct names_type **node = tfind(&key, &names->root, compare_types);

    return node != NULL ? *node : NULL;
}

/* type_drop_if_unused() - forget an interface that nobody publishes */
static void type_drop_if_unused(struct names *names, struct names_type *type)
{
    if (type->n == 0) {
        (void)tdelete(type, &names->root, compare_types);
        TAILQ_REMOVE(&names->types, type, in_types);
        free(type->publications);
        free(type->type);
        free(type);
    }
}

/* type_need() - the same as type_find(), made if it is not there; NULL without memory */
static struct names_type *type_need(struct names *names, const char *name)
{
    struct names_type *type = type_find(names, name);

    if (type != NULL) {
        return type;
    }
    type = calloc(1, sizeof(*type));
    if (type == NULL) {
        return NULL;
    }
    type->type = strdup(name);
    if (type->type == NULL || tsearch(type, &names->root, compare_types) == NULL) {
        free(type->type);
        free(type);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&names->types, type, in_types);
    return type;
}

/* type_index() - where the publication is; type->n if there is none */
static size_t type_index(const struct names_type *type, size_t entity, const char *service)
{
    size_t i = 0;

    while (i < type->n && (type->publications[i].entity != entity ||
                           strcmp(type->publications[i].service, service) != 0)) {
        i++;
    }
    return i;
}

/* type_add() - one more publication. Return: 0; -ENOMEM. */
static int type_add(struct names_type *type, size_t entity, const char *service)
{
    if (type->n == type->n_max) {
        size_t n_max = type->n_max == 0 ? 4 : 2 * type->n_max;
        struct publication *grown = realloc(type->publications, n_max * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        type->publications = grown;
        type->n_max = n_max;
    }
    char *copy = strdup(service);
    if (copy == NULL) {
        return -ENOMEM;
    }
    type->publications[type->n++] = (struct publication){.entity = entity, .service = copy};
    return 0;
}

/* names_free() - forget everything. Return: NULL. */
struct names *names_free(struct names *names)
{
    struct names_type *type;

    if (names == NULL) {
        return NULL;
    }
    while ((type = TAILQ_FIRST(&names->types)) != NULL) {
        while (type->n > 0) {
            free(type->publications[--type->n].service);
        }
        type_drop_if_unused(names, type);
    }
    free(names->n_of);
    free(names->cursors);
    free(names);
    return NULL;
}

/*
 * names_publish() - @entity says that its @service has the interface @type
 * @type, @service: borrowed
 *
 * Return: 0; ERROR_EXISTS: it said so before; ERROR_QUOTA: NS_NAMES_PER_ENTITY_MAX; -ENOMEM.
 */
int names_publish(struct names *names, size_t entity, const char *type, const char *service)
{
    struct names_type *found = type_find(names, type);

    if (found != NULL && type_index(found, entity, service) < found->n) {
        return ERROR_EXISTS;
    }
    if (names->n_of[entity] == NS_NAMES_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    found = type_need(names, type);
    if (found == NULL) {
        return -ENOMEM;
    }
    int r = type_add(found, entity, service);
    if (r == 0) {
        names->n_of[entity]++;
    }
    type_drop_if_unused(names, found);
    return r;
}

/* names_unpublish() - @entity takes it back. Return: 0; ERROR_NOT_FOUND. */
int names_unpublish(struct names *names, size_t entity, const char *type, const char *service)
{
    struct names_type *found = type_find(names, type);
    size_t index = found != NULL ? type_index(found, entity, service) : 0;

    if (found == NULL || index == found->n) {
        return ERROR_NOT_FOUND;
    }
    free(found->publications[index].service);
    found->n--;
    memmove(found->publications + index, found->publications + index + 1,
            (found->n - index) * sizeof(*found->publications));
    names->n_of[entity]--;
    names->n_removals++;
    type_drop_if_unused(names, found);
    return 0;
}

/* type_forget() - what @entity published; the others stay in their order */
static void type_forget(struct names_type *type, size_t entity)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < type->n; i++) {
        if (type->publications[i].entity == entity) {
            free(type->publications[i].service);
        } else {
            type->publications[n_kept++] = type->publications[i];
        }
    }
    type->n = n_kept;
}

/* names_gone() - forget everything that @entity published */
void names_gone(struct names *names, size_t entity)
{
    if (names->n_of[entity] == 0) {
        return;
    }
    struct names_type *next;
    for (struct names_type *type = TAILQ_FIRST(&names->types); type != NULL; type = next) {
        next = TAILQ_NEXT(type, in_types);
        type_forget(type, entity);
        type_drop_if_unused(names, type);
    }
    names->n_of[entity] = 0;
    names->n_removals++;
}

/*
 * visible_at() - where the publication number @index among those that @view shows is
 *
 * Who looks through all of them one after the other continues where it was, so that looking through
 * many is no work for others to wait for.
 *
 * Return: type->n if there are not so many.
 */
static size_t visible_at(struct names *names, const struct names_view *view,
                         const struct names_type *type, size_t index)
{
    struct cursor *cursor = &names->cursors[view->entity];

    if (cursor->type != type || cursor->n_removals != names->n_removals || index < cursor->index) {
        *cursor = (struct cursor){.type = type, .n_removals = names->n_removals};
    }
    for (; cursor->at < type->n; cursor->at++) {
        const struct publication *publication = &type->publications[cursor->at];
        if (!view->is_visible(view->data, publication->entity, publication->service)) {
            continue;
        }
        if (cursor->index == index) {
            break;
        }
        cursor->index++;
    }
    return cursor->at;
}

/*
 * names_at() - the publication number @index, from 0, of the interface @type
 * @ret_service: borrowed until the next change
 *
 * Return: 0; ERROR_NOT_FOUND: there are not so many that @view shows.
 */
int names_at(struct names *names, const struct names_view *view, const char *type, size_t index,
             size_t *ret_entity, const char **ret_service)
{
    const struct names_type *found = type_find(names, type);

    if (found != NULL && view->is_visible != NULL) {
        index = visible_at(names, view, found, index);
    }
    if (found == NULL || index >= found->n) {
        return ERROR_NOT_FOUND;
    }
    *ret_entity = found->publications[index].entity;
    *ret_service = found->publications[index].service;
    return 0;
}

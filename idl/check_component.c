/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "idl/arena.h"
#include "idl/c_names.h"
#include "idl/checker.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"
#include "idl/table.h"

/* One check of a component; the tables hold paths from it down, "a.b", by their names in C, "a_b".
 */
struct walk {
    struct idl_arena *arena;
    struct idl_diagnostics *diagnostics;
    struct idl_table endpoints;
    struct idl_table instances;
    const struct idl_member *top; /* the member of the checked file whose subtree is walked */
};

/* declare_members() - refuse two members of one name; endpoints and instances share the names */
static int declare_members(struct walk *walk, struct idl_table *names, struct idl_member *members)
{
    int result = 0;

    for (struct idl_member *member = members; member != NULL; member = member->next) {
        void *existing;
        int r = idl_table_add(names, walk->arena, member->name, member, &existing);
        if (r == 0 && existing != NULL) {
            const struct idl_member *earlier = existing;
            r = idl_diagnose(walk->diagnostics, member->position,
                             "there is another '%s' in this file; rename one of them",
                             member->name);
            r = r < 0 ? r
                      : idl_diagnose_note(walk->diagnostics, earlier->position,
                                          "the earlier one is here");
            result = r;
        }
        if (r < 0) {
            return r;
        }
    }
    return result;
}

/* check_reserved() - refuse the name that stands beside endpoints in the generated code */
static int check_reserved(struct idl_diagnostics *diagnostics, const struct idl_member *endpoints)
{
    for (const struct idl_member *member = endpoints; member != NULL; member = member->next) {
        if (strcmp(member->name, "base_") == 0) {
            return idl_diagnose(diagnostics, member->position,
                                "the generated code needs the name 'base_'; choose another one");
        }
    }
    return 0;
}

/* check_targets() - every endpoint needs an interface behind it */
static int check_targets(struct idl_diagnostics *diagnostics, const struct idl_member *endpoints)
{
    int result = 0;

    for (const struct idl_member *member = endpoints; member != NULL; member = member->next) {
        if (member->file->interface == NULL) {
            result = idl_diagnose(
                diagnostics, member->target_position,
                "package '%s' has no interface, so there can be no endpoint of it", member->target);
        }
        if (result < 0) {
            return result;
        }
    }
    return result;
}

/* check_security() - nobody answers to the security module: its methods only have in parameters */
static int check_security(struct idl_diagnostics *diagnostics, const struct idl_member *security)
{
    if (security == NULL) {
        return 0;
    }
    if (security->file->interface == NULL) {
        return idl_diagnose(diagnostics, security->target_position,
                            "package '%s' has no interface, so it cannot be a security interface",
                            security->target);
    }
    for (const struct idl_method *method = security->file->interface->methods; method != NULL;
         method = method->next) {
        if (method->out != NULL || method->error != NULL) {
            int r = idl_diagnose(diagnostics, security->target_position,
                                 "the methods of a security interface have no out and no error "
                                 "parameters");
            return r < 0 ? r
                         : idl_diagnose_note(diagnostics, method->position, "method '%s' has some",
                                             method->name);
        }
    }
    return 0;
}

/* count() - endpoints, instances and depth, nested ones included; refuses too many at once */
static int count(struct idl_diagnostics *diagnostics, struct idl_component *component)
{
    uint64_t n_endpoints = 0;
    uint64_t n_instances = 0;
    struct idl_position position = component->position;

    component->depth = 1;
    for (const struct idl_member *member = component->endpoints; member != NULL;
         member = member->next) {
        n_endpoints++;
    }
    for (const struct idl_member *member = component->components; member != NULL;
         member = member->next) {
        const struct idl_component *nested = member->file->component;
        n_endpoints += nested->n_endpoints;
        n_instances += 1 + (uint64_t)nested->n_instances;
        if (nested->depth >= component->depth) {
            component->depth = nested->depth + 1;
            position = member->position;
        }
    }
    /* A task class is not a component itself. */
    if (component->depth > IDL_COMPONENT_DEPTH_MAX + (component->is_entity ? 1 : 0)) {
        return idl_diagnose(diagnostics, position, "components nest deeper than %d levels",
                            IDL_COMPONENT_DEPTH_MAX);
    }
    if (n_endpoints > IDL_ENDPOINTS_MAX) {
        return idl_diagnose(diagnostics, component->position,
                            "%" PRIu64 " endpoints, those of nested components counted; at most %d "
                            "are allowed",
                            n_endpoints, IDL_ENDPOINTS_MAX);
    }
    if (n_instances > IDL_INSTANCES_MAX) {
        return idl_diagnose(diagnostics, component->position,
                            "%" PRIu64 " instances, nested ones counted; at most %d are allowed",
                            n_instances, IDL_INSTANCES_MAX);
    }
    component->n_endpoints = (uint32_t)n_endpoints;
    component->n_instances = (uint32_t)n_instances;
    return 0;
}

/* join() - "parent.name" or, at the top, just "name"; NULL without memory */
static char *join(struct walk *walk, const char *parent, const char *name)
{
    return *parent == '\0' ? idl_arena_copy(walk->arena, name, strlen(name))
                           : idl_arena_printf(walk->arena, "%s.%s", parent, name);
}

/* add_path() - refuse a path that is too long, or that is another one's in C */
static int add_path(struct walk *walk, struct idl_table *paths, const char *what, char *path)
{
    void *existing;
    const char *c_name = path == NULL ? NULL : idl_c_name(walk->arena, path);

    if (c_name == NULL) {
        return -ENOMEM;
    }
    if (strlen(path) > IDL_QUALIFIED_BYTES_MAX) {
        return idl_diagnose(walk->diagnostics, walk->top->position,
                            "the full name of an %s in here has more than %d characters, which is "
                            "the most allowed",
                            what, IDL_QUALIFIED_BYTES_MAX);
    }
    int r = idl_table_add(paths, walk->arena, c_name, path, &existing);
    if (r == 0 && existing != NULL) {
        r = idl_diagnose(walk->diagnostics, walk->top->position,
                         "the %ss '%s' and '%s' are both '%s' in C; rename one of them", what,
                         (const char *)existing, path, c_name);
    }
    return r;
}

static int walk_component(struct walk *walk, const char *parent,
                          const struct idl_component *component);

/* walk_instance() - an instance and all that is in it */
static int walk_instance(struct walk *walk, const char *parent, const struct idl_member *instance)
{
    char *path = join(walk, parent, instance->name);
    int r = add_path(walk, &walk->instances, "instance", path);

    return r == 0 ? walk_component(walk, path, instance->file->component) : r;
}

/* walk_component() - all paths from here down; the depth is within its limit already */
static int walk_component(struct walk *walk, const char *parent,
                          const struct idl_component *component)
{
    bool is_top = *parent == '\0';
    int r = 0;

    for (const struct idl_member *member = component->endpoints; member != NULL && r == 0;
         member = member->next) {
        walk->top = is_top ? member : walk->top;
        r = add_path(walk, &walk->endpoints, "endpoint", join(walk, parent, member->name));
    }
    for (const struct idl_member *member = component->components; member != NULL && r == 0;
         member = member->next) {
        walk->top = is_top ? member : walk->top;
        r = walk_instance(walk, parent, member);
    }
    return r;
}

/* check() - all that there is to check, with @walk for what is of use only meanwhile */
static int check(struct walk *walk, struct idl_component *component)
{
    struct idl_table names = {0};
    int r = declare_members(walk, &names, component->endpoints);

    if (r == 0) {
        r = declare_members(walk, &names, component->components);
    }
    if (r == 0) {
        r = check_reserved(walk->diagnostics, component->endpoints);
    }
    if (r == 0) {
        r = check_targets(walk->diagnostics, component->endpoints);
    }
    if (r == 0) {
        r = check_security(walk->diagnostics, component->security);
    }
    if (r == 0) {
        r = count(walk->diagnostics, component);
    }
    return r == 0 ? walk_component(walk, "", component) : r;
}

/* idl_check_component() - names, interfaces, numbers and depth of a CDL or EDL file; a small file
 * can have many paths, so their memory is given back */
int idl_check_component(struct idl_diagnostics *diagnostics, struct idl_file *file)
{
    struct idl_arena arena = IDL_ARENA_NULL;
    struct walk walk = {.arena = &arena, .diagnostics = diagnostics};
    int r = check(&walk, file->component);

    idl_arena_deinit(&arena);
    return r;
}

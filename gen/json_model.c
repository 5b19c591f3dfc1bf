/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/json_model.h"

#include <errno.h>

#include "gen/endpoints.h"
#include "gen/json_parts.h"
#include "gen/names.h"
#include "gen/scratch.h"
#include "gen/sizes.h"
#include "idl/context.h"

/* imports_of() - the packages that an IDL file imports */
static json_t *imports_of(const struct idl_file *file)
{
    json_t *array = json_array();

    for (const struct idl_import *import = file->imports; import != NULL; import = import->next) {
        json_part_add(array, json_part_named(import->name, import->position));
    }
    return array;
}

/* put_limits() - bytes of arena and handles that messages take at most */
static void put_limits(json_t *object, struct size_limits limits)
{
    json_part_put(object, "req_arena_size", json_integer((json_int_t)limits.req_arena));
    json_part_put(object, "res_arena_size", json_integer((json_int_t)limits.res_arena));
    json_part_put(object, "req_handles", json_integer((json_int_t)limits.req_handles));
    json_part_put(object, "res_handles", json_integer((json_int_t)limits.res_handles));
    json_part_put(object, "err_handles", json_integer((json_int_t)limits.err_handles));
}

/* interface_of() - the methods, numbered; null for a package without an interface */
static json_t *interface_of(const struct idl_interface *interface)
{
    json_int_t mid = 0;

    if (interface == NULL) {
        return json_null();
    }
    json_t *object = json_object();
    json_t *methods = json_array();
    json_part_put(object, "line", json_integer(interface->position.line));
    json_part_put(object, "column", json_integer(interface->position.column));
    for (const struct idl_method *method = interface->methods; method != NULL;
         method = method->next) {
        json_t *entry = json_part_named(method->name, method->position);
        json_part_put(entry, "mid", json_integer(mid++));
        json_part_put(entry, "in", json_part_fields(method->in));
        json_part_put(entry, "out", json_part_fields(method->out));
        json_part_put(entry, "error", json_part_fields(method->error));
        put_limits(entry, size_method_limits(method));
        json_part_add(methods, entry);
    }
    json_part_put(object, "methods", methods);
    return object;
}

/* members_of() - the entries of a block, as they are written */
static json_t *members_of(const struct idl_member *members, const char *key)
{
    json_t *array = json_array();

    for (const struct idl_member *member = members; member != NULL; member = member->next) {
        json_t *entry = json_part_named(member->name, member->position);
        json_part_put(entry, key, json_string(member->target));
        json_part_add(array, entry);
    }
    return array;
}

/* riids_of() - every endpoint of a class, those of its instances too, with its number */
static json_t *riids_of(struct scratch *scratch, const struct idl_file *file)
{
    struct endpoint_tree tree = endpoint_tree(scratch, file);
    json_t *array = json_array();

    for (const struct endpoint *endpoint = tree.endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        const struct endpoint_hop *hop = &endpoint->hop;
        json_t *entry = json_object();
        json_part_put(entry, "riid", json_integer(endpoint->iid));
        json_part_put(entry, "path", json_string(endpoint->path));
        json_part_put(entry, "class_path",
                      json_sprintf("%s.%s", hop->owner->name, hop->member->name));
        json_part_put(entry, "interface", json_string(hop->member->file->name));
        json_part_add(array, entry);
    }
    return array;
}

/* put_idl() - what only an IDL file has */
static void put_idl(json_t *object, const struct idl_file *file)
{
    json_part_put(object, "imports", imports_of(file));
    json_part_put(object, "constants", json_part_declarations(file, IDL_CONST));
    json_part_put(object, "typedefs", json_part_declarations(file, IDL_TYPEDEF));
    json_part_put(object, "structs", json_part_declarations(file, IDL_STRUCT));
    json_part_put(object, "unions", json_part_declarations(file, IDL_UNION));
    json_part_put(object, "interface", interface_of(file->interface));
}

/* put_component() - what only a CDL or EDL file has */
static void put_component(json_t *object, const struct idl_file *file)
{
    const struct idl_component *component = file->component;
    struct scratch scratch;

    scratch_init(&scratch);
    json_part_put(
        object, "security",
        component->security == NULL
            ? json_null()
            : json_part_named(component->security->target, component->security->target_position));
    json_part_put(object, "endpoints", members_of(component->endpoints, "interface"));
    json_part_put(object, "components", members_of(component->components, "class"));
    json_part_put(object, "riids", riids_of(&scratch, file));
    put_limits(object, size_component_limits(&scratch, component));
    json_part_check(scratch.error == 0);
    scratch_deinit(&scratch);
}

/* model_of() - one file */
static json_t *model_of(const struct idl_file *file)
{
    json_t *object = json_object();

    json_part_put(object, "format", json_integer(JSON_MODEL_FORMAT));
    json_part_put(object, "kind", json_string(name_extension(file)));
    json_part_put(object, "name", json_string(file->name));
    json_part_put(object, "line", json_integer(file->position.line));
    json_part_put(object, "column", json_integer(file->position.column));
    json_part_put(object, "path", json_string(idl_file_path(file)));
    json_part_put(object, "c_prefix", json_string(file->prefix));
    if (file->kind == IDL_FILE_IDL) {
        put_idl(object, file);
    } else {
        put_component(object, file);
    }
    return object;
}

int json_model_print(FILE *out, const struct idl_file *const files[], size_t n_files)
{
    json_t *array = json_array();
    int r = 0;

    for (size_t i = 0; i < n_files; i++) {
        json_part_add(array, model_of(files[i]));
    }
    if (json_part_failed()) {
        r = -ENOMEM;
    } else if (json_dumpf(array, out, JSON_INDENT(2)) != 0 || fputc('\n', out) == EOF ||
               fflush(out) != 0) {
        r = -EIO;
    }
    json_decref(array);
    return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/json_model.h"

#include <errno.h>
#include <stdlib.h>

#include "gen/endpoints.h"
#include "gen/json_parts.h"
#include "gen/names.h"
#include "gen/scratch.h"
#include "gen/sizes.h"
#include "idl/context.h"

/* imports_of() - the packages that an IDL file imports */
static json_t *imports_of(struct scratch *scratch, const struct idl_file *file)
{
    json_t *array = json_array();

    for (const struct idl_import *import = file->imports; import != NULL; import = import->next) {
        json_part_add(scratch, array, json_part_named(scratch, import->name, import->position));
    }
    return array;
}

/* put_limits() - bytes of arena and handles that messages take at most */
static void put_limits(struct scratch *scratch, json_t *object, struct size_limits limits)
{
    json_part_put(scratch, object, "req_arena_size", json_integer((json_int_t)limits.req_arena));
    json_part_put(scratch, object, "res_arena_size", json_integer((json_int_t)limits.res_arena));
    json_part_put(scratch, object, "req_handles", json_integer((json_int_t)limits.req_handles));
    json_part_put(scratch, object, "res_handles", json_integer((json_int_t)limits.res_handles));
    json_part_put(scratch, object, "err_handles", json_integer((json_int_t)limits.err_handles));
}

/* interface_of() - the methods, numbered; null for a package without an interface */
static json_t *interface_of(struct scratch *scratch, const struct idl_interface *interface)
{
    json_int_t mid = 0;

    if (interface == NULL) {
        return json_null();
    }
    json_t *object = json_object();
    json_t *methods = json_array();
    json_part_put_position(scratch, object, interface->position);
    for (const struct idl_method *method = interface->methods; method != NULL;
         method = method->next) {
        json_t *entry = json_part_named(scratch, method->name, method->position);
        json_part_put(scratch, entry, "mid", json_integer(mid++));
        json_part_put(scratch, entry, "in", json_part_fields(scratch, method->in));
        json_part_put(scratch, entry, "out", json_part_fields(scratch, method->out));
        json_part_put(scratch, entry, "error", json_part_fields(scratch, method->error));
        put_limits(scratch, entry, size_method_limits(method));
        json_part_add(scratch, methods, entry);
    }
    json_part_put(scratch, object, "methods", methods);
    return object;
}

/* members_of() - the entries of a block, as they are written */
static json_t *members_of(struct scratch *scratch, const struct idl_member *members,
                          const char *key)
{
    json_t *array = json_array();

    for (const struct idl_member *member = members; member != NULL; member = member->next) {
        json_t *entry = json_part_named(scratch, member->name, member->position);
        json_part_put(scratch, entry, key, json_string(member->target));
        json_part_add(scratch, array, entry);
    }
    return array;
}

/* security_of() - the security interface; null for a class without one */
static json_t *security_of(struct scratch *scratch, const struct idl_member *security)
{
    return security == NULL ? json_null()
                            : json_part_named(scratch, security->target, security->target_position);
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
        json_part_put(scratch, entry, "riid", json_integer(endpoint->iid));
        json_part_put(scratch, entry, "path", json_string(endpoint->path));
        json_part_put(scratch, entry, "class_path",
                      json_sprintf("%s.%s", hop->owner->name, hop->member->name));
        json_part_put(scratch, entry, "interface", json_string(hop->member->file->name));
        json_part_add(scratch, array, entry);
    }
    return array;
}

/* put_idl() - what only an IDL file has */
static void put_idl(struct scratch *scratch, json_t *object, const struct idl_file *file)
{
    json_part_put(scratch, object, "imports", imports_of(scratch, file));
    json_part_put(scratch, object, "constants", json_part_declarations(scratch, file, IDL_CONST));
    json_part_put(scratch, object, "typedefs", json_part_declarations(scratch, file, IDL_TYPEDEF));
    json_part_put(scratch, object, "structs", json_part_declarations(scratch, file, IDL_STRUCT));
    json_part_put(scratch, object, "unions", json_part_declarations(scratch, file, IDL_UNION));
    json_part_put(scratch, object, "interface", interface_of(scratch, file->interface));
}

/* put_component() - what only a CDL or EDL file has */
static void put_component(struct scratch *scratch, json_t *object, const struct idl_file *file)
{
    const struct idl_component *component = file->component;

    json_part_put(scratch, object, "security", security_of(scratch, component->security));
    json_part_put(scratch, object, "endpoints",
                  members_of(scratch, component->endpoints, "interface"));
    json_part_put(scratch, object, "components",
                  members_of(scratch, component->components, "class"));
    json_part_put(scratch, object, "riids", riids_of(scratch, file));
    put_limits(scratch, object, size_component_limits(scratch, component));
}

/* model_of() - one file */
static json_t *model_of(struct scratch *scratch, const struct idl_file *file)
{
    json_t *object = json_object();

    json_part_put(scratch, object, "format", json_integer(JSON_MODEL_FORMAT));
    json_part_put(scratch, object, "kind", json_string(name_extension(file)));
    json_part_put(scratch, object, "name", json_string(file->name));
    json_part_put_position(scratch, object, file->position);
    json_part_put(scratch, object, "path", json_part_path(scratch, idl_file_path(file)));
    json_part_put(scratch, object, "c_prefix", json_string(file->prefix));
    if (file->kind == IDL_FILE_IDL) {
        put_idl(scratch, object, file);
    } else {
        put_component(scratch, object, file);
    }
    return object;
}

/* text_of() - a value as text; NULL without memory, else released with free(). Unlike the other
 * functions that dump, json_dumpb() needs no memory for the text, whose lack they overlook in keys.
 */
static char *text_of(const json_t *value)
{
    size_t size = json_dumpb(value, NULL, 0, JSON_INDENT(2));
    char *text = calloc(size + 1, 1);

    if (text != NULL && (size == 0 || json_dumpb(value, text, size, JSON_INDENT(2)) != size)) {
        free(text);
        return NULL;
    }
    return text;
}

/* build() - all files as text; NULL without memory, else released with free() */
static char *build(const struct idl_file *const files[], size_t n_files)
{
    json_t *array = json_array();
    struct scratch scratch;

    scratch_init(&scratch);
    for (size_t i = 0; i < n_files; i++) {
        json_part_add(&scratch, array, model_of(&scratch, files[i]));
    }
    char *text = scratch.error == 0 ? text_of(array) : NULL;
    scratch_deinit(&scratch);
    json_decref(array);
    return text;
}

int json_model_print(FILE *out, const struct idl_file *const files[], size_t n_files)
{
    char *text = build(files, n_files);
    int r = 0;

    if (text == NULL) {
        return -ENOMEM;
    }
    if (fputs(text, out) == EOF || fputc('\n', out) == EOF || fflush(out) != 0) {
        r = -errno;
    }
    free(text);
    return r;
}

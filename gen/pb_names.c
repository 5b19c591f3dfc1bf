/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/pb_names.h"

#include <ctype.h>
#include <string.h>

#include "gen/names.h"
#include "gen/scratch.h"

/* Lower-case names of fields that protoc-c uses itself, or does not know to be no identifiers. */
static const char *const reserved_fields[] = {"base",          "linux",  "restrict",
                                              "static_assert", "typeof", "unix"};

/* Names of functions that protoc-c generates for every service, and a member. */
static const char *const reserved_rpcs[] = {"base", "descriptor", "init"};

/* is_word_in() - whether @word is one of @words */
static bool is_word_in(const char *const words[], size_t n_words, const char *word)
{
    for (size_t i = 0; i < n_words; i++) {
        if (strcmp(words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* lower() - a copy in lower case, without underscores if they do not matter */
static const char *lower(struct scratch *scratch, const char *name, bool keep_underscores)
{
    char *copy = scratch_alloc(scratch, strlen(name) + 1);
    char *end = copy;

    for (; copy != NULL && *name != '\0'; name++) {
        if (*name != '_' || keep_underscores) {
            *end++ = (char)tolower((unsigned char)*name);
        }
    }
    return copy == NULL ? "" : copy;
}

/* next_variant() - a variant of @name that nobody asked for yet: name_2, name_3 ... */
static const char *next_variant(struct scratch *scratch, struct pb_scope *scope, const char *name)
{
    const char *key = lower(scratch, name, false);
    unsigned *number = idl_table_find(&scope->numbers, key);

    if (number == NULL) {
        number = scratch_alloc(scratch, sizeof(*number));
        if (number == NULL) {
            return name;
        }
        *number = 2;
        scratch_keep(scratch, &scope->numbers, key, number);
    }
    return scratch_format(scratch, "%s_%u", name, (*number)++);
}

/* pb_name_message() - of a message or the service of a package */
const char *pb_name_message(struct scratch *scratch, struct pb_scope *scope, const char *name)
{
    const char *variant = name;

    while (!scratch_claim(scratch, &scope->keys, lower(scratch, variant, false))) {
        variant = next_variant(scratch, scope, name);
    }
    return variant;
}

/* pb_name_rpc() - of a method; protoc-c makes a lower-case member and a function of it */
const char *pb_name_rpc(struct scratch *scratch, struct pb_scope *scope, const char *name)
{
    const char *key = lower(scratch, name, true);
    bool is_reserved =
        name_is_keyword(key) ||
        is_word_in(reserved_rpcs, sizeof(reserved_rpcs) / sizeof(reserved_rpcs[0]), key);

    return pb_name_message(scratch, scope,
                           is_reserved ? scratch_format(scratch, "%s_rpc", name) : name);
}

/* claim_field() - try one name for a field; a repeated one also needs a member for the count */
static bool claim_field(struct scratch *scratch, struct pb_scope *scope, const char *name,
                        bool is_repeated)
{
    const char *member = lower(scratch, name, true);
    const char *count = scratch_format(scratch, "n_%s", member);

    return !is_word_in(reserved_fields, sizeof(reserved_fields) / sizeof(reserved_fields[0]),
                       member) &&
           scratch_claim(scratch, &scope->members, member) &&
           (!is_repeated || scratch_claim(scratch, &scope->members, count)) &&
           scratch_claim(scratch, &scope->keys, lower(scratch, name, false));
}

/* pb_name_field() - of a field of a message */
const char *pb_name_field(struct scratch *scratch, struct pb_scope *scope, const char *name,
                          bool is_repeated)
{
    const char *variant = name;

    while (!claim_field(scratch, scope, variant, is_repeated) && scratch->error == 0) {
        variant = next_variant(scratch, scope, name);
    }
    return variant;
}

/* pb_name_oneof() - protoc-c makes a member of it that says which field is set */
const char *pb_name_oneof(struct scratch *scratch, struct pb_scope *scope, const char *name)
{
    const char *variant = name;

    while ((!scratch_claim(scratch, &scope->members, scratch_format(scratch, "%s_case", variant)) ||
            !claim_field(scratch, scope, variant, false)) &&
           scratch->error == 0) {
        variant = next_variant(scratch, scope, name);
    }
    return variant;
}

/* append_lower() - protoc-c's way from CamelCase to lower_case for one part of a name */
static char *append_lower(char *end, const char *part, size_t size)
{
    bool was_upper = true;

    for (size_t i = 0; i < size; i++) {
        bool is_upper = isupper((unsigned char)part[i]);
        if (is_upper && !was_upper) {
            *end++ = '_';
        }
        *end++ = (char)tolower((unsigned char)part[i]);
        was_upper = is_upper;
    }
    return end;
}

/**
 * pb_name_symbol() - the C name of what belongs to a message, service or RPC
 * @scratch: for the name
 * @package: with dots
 * @path:    in the package; "Service.Rpc" for an RPC
 *
 * Return: the parts in lower case, an underscore before every capital that follows a character that
 * is none, two underscores between the parts.
 */
const char *pb_name_symbol(struct scratch *scratch, const char *package, const char *path)
{
    const char *name = scratch_format(scratch, "%s.%s", package, path);
    char *lowered = scratch_alloc(scratch, 2 * strlen(name) + 1);
    char *end = lowered;

    if (lowered == NULL) {
        return "";
    }
    for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(name, '.')) {
        end = append_lower(end, name, (size_t)(dot - name));
        end = stpcpy(end, "__");
        name = dot + 1;
    }
    *append_lower(end, name, strlen(name)) = '\0';
    return lowered;
}

const char *pb_name_descriptor(struct scratch *scratch, const char *package, const char *message)
{
    return scratch_format(scratch, "%s__descriptor", pb_name_symbol(scratch, package, message));
}

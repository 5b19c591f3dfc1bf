/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gen/scratch.h"

/* Keywords of C17 and C++20, and what gcc and clang define in their GNU modes; sorted. */
static const char *const keywords[] = {
    "EOF",         "NULL",         "_Atomic",   "_Bool",
    "alignas",     "alignof",      "and",       "and_eq",
    "asm",         "auto",         "bitand",    "bitor",
    "bool",        "break",        "case",      "catch",
    "char",        "char16_t",     "char32_t",  "char8_t",
    "class",       "co_await",     "co_return", "co_yield",
    "compl",       "concept",      "const",     "const_cast",
    "consteval",   "constexpr",    "constinit", "continue",
    "decltype",    "default",      "delete",    "do",
    "double",      "dynamic_cast", "else",      "enum",
    "explicit",    "export",       "extern",    "false",
    "float",       "for",          "friend",    "goto",
    "if",          "inline",       "int",       "linux",
    "long",        "mutable",      "namespace", "new",
    "noexcept",    "not",          "not_eq",    "nullptr",
    "operator",    "or",           "or_eq",     "private",
    "protected",   "public",       "register",  "reinterpret_cast",
    "requires",    "restrict",     "return",    "short",
    "signed",      "sizeof",       "static",    "static_assert",
    "static_cast", "struct",       "switch",    "template",
    "this",        "thread_local", "throw",     "true",
    "try",         "typedef",      "typeid",    "typename",
    "typeof",      "union",        "unix",      "unsigned",
    "using",       "virtual",      "void",      "volatile",
    "wchar_t",     "while",        "xor",       "xor_eq",
};

#define N_KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

static const char *const extensions[] = {
    [IDL_FILE_IDL] = "idl",
    [IDL_FILE_CDL] = "cdl",
    [IDL_FILE_EDL] = "edl",
};

static const char *const scalars[] = {
    [IDL_UINT8] = "nk_uint8_t",   [IDL_UINT16] = "nk_uint16_t",  [IDL_UINT32] = "nk_uint32_t",
    [IDL_UINT64] = "nk_uint64_t", [IDL_UINT_SIZE] = "nk_size_t", [IDL_UINT_PTR] = "nk_uintptr_t",
    [IDL_SINT8] = "nk_sint8_t",   [IDL_SINT16] = "nk_sint16_t",  [IDL_SINT32] = "nk_sint32_t",
    [IDL_SINT64] = "nk_sint64_t",
};

/* name_path() - the file's name with slashes for dots, and @suffix: "echo/IPing.proto" */
const char *name_path(struct scratch *scratch, const struct idl_file *file, const char *suffix)
{
    const char *path = "";
    const char *rest = file->name;

    for (const char *dot = strchr(rest, '.'); dot != NULL; dot = strchr(rest, '.')) {
        path = scratch_format(scratch, "%s%.*s/", path, (int)(dot - rest), rest);
        rest = dot + 1;
    }
    return scratch_format(scratch, "%s%s%s", path, rest, suffix);
}

/* name_underscored() - a dotted name as a part of one in C: "echo_IPing" */
const char *name_underscored(struct scratch *scratch, const char *dotted)
{
    char *name = (char *)scratch_format(scratch, "%s", dotted);

    for (char *c = name; *c != '\0'; c++) {
        if (*c == '.') {
            *c = '_';
        }
    }
    return name;
}

/* name_extension() - "idl", "cdl" or "edl" */
const char *name_extension(const struct idl_file *file)
{
    return extensions[file->kind];
}

/* name_source() - where an import of the file looks for it: "echo/IPing.idl" */
const char *name_source(struct scratch *scratch, const struct idl_file *file)
{
    return name_path(scratch, file, scratch_format(scratch, ".%s", name_extension(file)));
}

/* compare_words() - for bsearch() */
static int compare_words(const void *word, const void *keyword)
{
    return strcmp(word, *(const char *const *)keyword);
}

bool name_is_keyword(const char *word)
{
    return bsearch(word, keywords, N_KEYWORDS, sizeof(keywords[0]), compare_words) != NULL;
}

const char *name_member(struct scratch *scratch, const char *word)
{
    return name_is_keyword(word) ? scratch_format(scratch, "%s_", word) : word;
}

/* is_in() - whether a field in @list is called @name */
static bool is_in(const struct idl_field *list, const char *name)
{
    while (list != NULL && strcmp(list->name, name) != 0) {
        list = list->next;
    }
    return list != NULL;
}

/**
 * name_field() - the C member of a field or parameter
 * @scratch: for the name
 * @list:    the struct's fields, or the parameters of one direction
 * @field:   one of @list
 *
 * Return: its own name; with underscores behind it where it is a keyword.
 */
const char *name_field(struct scratch *scratch, const struct idl_field *list,
                       const struct idl_field *field)
{
    const char *name = name_member(scratch, field->name);

    while (name != field->name && is_in(list, name) && scratch->error == 0) {
        name = scratch_format(scratch, "%s_", name);
    }
    return name;
}

/* base_type() - the C type of one value that is not an array */
static const char *base_type(struct scratch *scratch, const struct idl_type *type)
{
    if (type->kind == IDL_HANDLE) {
        return "nk_handle_desc_t";
    }
    if (type->kind != IDL_NAMED) {
        return type->kind < IDL_STRING ? scalars[type->kind] : "nk_ptr_t";
    }
    const struct idl_declaration *declaration = type->declaration;
    return scratch_format(scratch, "%s%s_%s",
                          idl_declaration_is_record(declaration) ? "struct " : "",
                          declaration->file->prefix, declaration->name);
}

/**
 * name_declaration() - the C declaration of a variable
 * @scratch: for the text
 * @type:    its type
 * @name:    its name; empty for the type alone
 *
 * Return: "struct p_I_S name", "nk_uint8_t name[2][3]", "nk_uint8_t[2][3]".
 */
const char *name_declaration(struct scratch *scratch, const struct idl_type *type, const char *name)
{
    const char *dimensions = "";

    while (type->kind == IDL_ARRAY) {
        dimensions = scratch_format(scratch, "%s[%" PRIu64 "]", dimensions, type->bound);
        type = type->element;
    }
    return scratch_format(scratch, "%s%s%s%s", base_type(scratch, type), *name == '\0' ? "" : " ",
                          name, dimensions);
}

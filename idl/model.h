/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checked model of IDL, CDL and EDL files: what the parser builds, the checker completes and
 * the back ends read. Plain structs, all in the memory of one idl_context, lists linked through
 * `next` in source order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idl_context; /* context.h: owns the memory, the import path, the loaded files and the
                       diagnostics */

/* Where something stands in a source file; lines and columns (in bytes) count from 1. */
struct idl_position {
    const struct idl_source *source;
    uint32_t line;
    uint32_t column;
};

enum idl_type_kind {
    IDL_UINT8,
    IDL_UINT16,
    IDL_UINT32,
    IDL_UINT64,
    IDL_UINT_SIZE, /* 64 bits, as all platforms that we build for have it */
    IDL_UINT_PTR,  /* the same */
    IDL_SINT8,
    IDL_SINT16,
    IDL_SINT32,
    IDL_SINT64,
    IDL_STRING,   /* string<bound> */
    IDL_BYTES,    /* bytes<bound> */
    IDL_SEQUENCE, /* sequence<element, bound> */
    IDL_ARRAY,    /* array<element, bound> */
    IDL_HANDLE,   /* Handle, handle<interface_name> */
    IDL_NAMED,    /* a typedef, struct or union, by name */
};

/* What one value of a type amounts to; the checker keeps it within the bounds of limits.h. */
struct idl_measure {
    uint32_t depth;    /* how deep the type nests; a scalar has 1; 0 is "not checked yet" */
    uint64_t n_values; /* fields, those of nested structs counted */
    uint64_t bytes;    /* in memory at most, without padding */
};

/* A use of a type. The checker fills in bound and declaration. Nothing needs what a handle leads
 * to, so that two interfaces can have handles of each other. */
struct idl_type {
    enum idl_type_kind kind;
    struct idl_position position;
    const struct idl_expression *bound_expression;
    uint64_t bound;
    struct idl_type *element;
    const char *name; /* of NAMED, as written */
    const struct idl_declaration *declaration;
    const char *interface_name; /* of HANDLE: "echo.IPing"; NULL for a handle of anything */
    struct idl_position interface_position;
    struct idl_type *next_handle; /* in the file's list of those that name an interface */
};

/* A member of a struct or union, or a parameter of a method. */
struct idl_field {
    struct idl_position position;
    const char *name;
    struct idl_type *type;
    struct idl_field *next;
};

enum idl_declaration_kind {
    IDL_CONST,
    IDL_TYPEDEF,
    IDL_STRUCT,
    IDL_UNION,
};

/* A constant, typedef, struct or union. `file` is where it is declared: its C name has that file's
 * prefix.
 */
struct idl_declaration {
    enum idl_declaration_kind kind;
    struct idl_position position;
    const struct idl_file *file;
    const char *name;
    struct idl_type *type;                   /* of CONST and TYPEDEF */
    const struct idl_expression *expression; /* of CONST */
    uint64_t value;                          /* of CONST: two's complement if the type is signed */
    struct idl_field *fields;                /* of STRUCT and UNION */
    struct idl_measure measure;
    struct idl_declaration *next;
};

/* A method: its parameters by direction, each list in the order of the IDL. */
struct idl_method {
    struct idl_position position;
    const char *name;
    struct idl_field *in;
    struct idl_field *out;
    struct idl_field *error;
    uint64_t max_bytes; /* of its largest message in memory, without padding */
    struct idl_method *next;
};

struct idl_interface {
    struct idl_position position;
    uint32_t n_methods;
    struct idl_method *methods;
};

/* `name : pkg.Name` in a block of a component: an endpoint (file->interface) or an instance
 * (file->component). */
struct idl_member {
    struct idl_position position;
    const char *name;
    struct idl_position target_position;
    const char *target; /* as written: "echo.IPing" */
    const struct idl_file *file;
    struct idl_member *next;
};

/* What a CDL or EDL file declares. RIIDs: own endpoints first, then those of each instance, in
 * source order. */
struct idl_component {
    struct idl_position position;
    bool is_entity;
    struct idl_member *endpoints;
    struct idl_position interfaces; /* the old word before the endpoints; no source if not used */
    struct idl_member *components;
    struct idl_member *security; /* the security interface, without a name of its own; or NULL */
    uint32_t n_endpoints;        /* all of them, those of instances included */
    uint32_t n_instances;        /* nested ones included */
    uint32_t depth; /* 1 without instances, otherwise one more than the deepest of them */
};

struct idl_import {
    struct idl_position position;
    const char *name;
    const struct idl_file *file;
    bool is_used; /* a type or constant of that file is */
    struct idl_import *next;
};

enum idl_file_kind {
    IDL_FILE_IDL,
    IDL_FILE_CDL,
    IDL_FILE_EDL,
};

/* One parsed and checked file. */
struct idl_file {
    enum idl_file_kind kind;
    const struct idl_source *source;
    struct idl_position position; /* of the name */
    const char *name;             /* qualified: "echo.IPing" */
    const char *prefix;           /* the same for C: "echo_IPing" */
    struct idl_table *names;      /* the declarations by name; NULL but in an IDL file */
    struct idl_import *imports;
    struct idl_import *repeated_imports; /* of what is among the imports already; not loaded */
    struct idl_declaration *declarations;
    struct idl_type *handles;        /* the types that name an interface */
    struct idl_interface *interface; /* of an IDL file, or NULL */
    struct idl_component *component; /* of a CDL or EDL file */
    struct idl_file *next;
};

/* idl_type_resolve() - follow typedefs to the type behind them; a NAMED that is left is a struct or
 * union */
static inline const struct idl_type *idl_type_resolve(const struct idl_type *type)
{
    while (type->kind == IDL_NAMED && type->declaration->kind == IDL_TYPEDEF) {
        type = type->declaration->type;
    }
    return type;
}

/* idl_declaration_is_record() - a struct or union: a C struct and a message of its own */
static inline bool idl_declaration_is_record(const struct idl_declaration *declaration)
{
    return declaration->kind == IDL_STRUCT || declaration->kind == IDL_UNION;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protobuf side of an IDL file: which messages there are and how everything is called. Both the
 * .proto and the C tables are written from it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gen/pb_names.h"
#include "idl/model.h"

struct scratch;

enum proto_direction {
    PROTO_REQ,
    PROTO_RES,
    PROTO_ERR,
    PROTO_N_DIRECTIONS,
};

/* A field; its number is its position, from 1. */
struct proto_field {
    const char *name;
    const char *type; /* a scalar, or a message by its full name with a leading dot */
    bool is_repeated;
    struct proto_field *next;
};

struct proto_message {
    const char *name;
    const struct idl_declaration *record; /* that it stands for; NULL for parameters and wrappers */
    const char *oneof;                    /* that all fields are in, for a union; else NULL */
    struct proto_field *fields;
    struct proto_message *next;
};

struct proto_method {
    const struct idl_method *method;
    const char *rpc;
    struct proto_message *messages[PROTO_N_DIRECTIONS];
    struct proto_method *next;
};

/* Another file whose messages are used. */
struct proto_import {
    const struct proto_file *file;
    struct proto_import *next;
};

struct proto_file {
    const struct idl_file *file;
    struct proto_import *imports;
    struct proto_import **imports_tail;
    struct idl_table imported;      /* names of the files among imports */
    struct idl_table records;       /* messages of structs by name in IDL */
    struct proto_message *messages; /* all, in the order in which they are written */
    struct proto_message **messages_tail;
    struct proto_method *methods; /* in the order of the IDL */
    const char *service;          /* NULL without methods */
    struct pb_scope scope;
    struct proto_file *next;
};

/* All files that were asked for so far, the last one first; starts zeroed but for @scratch. */
struct proto_set {
    struct scratch *scratch;
    struct proto_file *files;
    struct idl_table by_name;
};

/* The model of an IDL file; NULL without memory. */
const struct proto_file *proto_set_get(struct proto_set *set, const struct idl_file *file);

/* The message that a struct or union of the file became. */
const struct proto_message *proto_file_record(const struct proto_file *proto,
                                              const struct idl_declaration *record);

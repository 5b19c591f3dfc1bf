/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in protobuf, which has fewer of them than IDL: protoc refuses what differs only in case and
 * underscores, and protoc-c turns several names into one C identifier, or into a keyword.
 */
#pragma once

#include <stdbool.h>

#include "idl/table.h"

struct scratch;

/* The names in use in one scope: a package, a message or a service. */
struct pb_scope {
    struct idl_table keys;    /* as protoc tells them apart */
    struct idl_table members; /* C members of the structure that protoc-c makes of a message */
    struct idl_table numbers; /* by key, which name_2, name_3 ... was not tried yet */
};

/* @name, or the first of name_2, name_3 ... that is free; it is taken then. */
const char *pb_name_message(struct scratch *scratch, struct pb_scope *scope, const char *name);
const char *pb_name_rpc(struct scratch *scratch, struct pb_scope *scope, const char *name);
const char *pb_name_field(struct scratch *scratch, struct pb_scope *scope, const char *name,
                          bool is_repeated);
/* The same for a oneof; the fields in it have their names already. */
const char *pb_name_oneof(struct scratch *scratch, struct pb_scope *scope, const char *name);

/* "echo__iping__fping_req": what protoc-c's names of functions and tables begin with. */
const char *pb_name_symbol(struct scratch *scratch, const char *package, const char *path);
/* "echo__iping__fping_req__descriptor": what protoc-c calls the descriptor of a message. */
const char *pb_name_descriptor(struct scratch *scratch, const char *package, const char *message);

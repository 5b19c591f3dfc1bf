/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The published header of an IDL file, <pkg/Name.idl.h>, and its parts in the order in which they
 * stand in it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gen/sizes.h"
#include "idl/model.h"

struct emit;
struct proto_file;

/* @code: NULL, or the header holds the code too, see c_inline.h. */
void c_header_emit(struct emit *emit, const struct idl_file *file, const struct proto_file *code);

void c_types_emit(struct emit *emit, const struct idl_file *file);
void c_limits_emit(struct emit *emit, const struct idl_file *file);
void c_messages_emit(struct emit *emit, const struct idl_file *file);
void c_interface_emit(struct emit *emit, const struct idl_file *file);

/* What every generated header and C file begins and every header ends with. */
void c_file_open(struct emit *emit, const struct idl_file *file);
void c_guard_open(struct emit *emit, const struct idl_file *file);
void c_guard_close(struct emit *emit, const struct idl_file *file);
void c_includes_emit(struct emit *emit, const char *const code[], size_t n_code);
const char *c_declarations(struct emit *emit, const struct idl_file *file,
                           void (*declare)(struct emit *emit, const struct idl_file *file));
void c_interface_alias_emit(struct emit *emit, const struct idl_file *file);
void c_aliases_emit(struct emit *emit, const struct idl_file *file, const char *declarations);
void c_linkage_open(struct emit *emit);
void c_linkage_close(struct emit *emit);

/* The declarations that a C file repeats; @tail is ");" here and ")" there. */
void c_dispatch_emit(struct emit *emit, const char *prefix, const char *tail);
void c_call_emit(struct emit *emit, const char *prefix, const char *method, const char *tail);
void c_proxy_init_emit(struct emit *emit, const char *prefix, const char *tail);

/* One constant of an enum body, or a macro when the value is too large for an enumerator. */
void c_enumerator_emit(struct emit *emit, const char *name, uint64_t value);
/* The constants that an interface, a component and an entity have for all their methods. */
void c_common_limits_emit(struct emit *emit, const char *prefix, struct size_limits limits);

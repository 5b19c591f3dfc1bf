/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C file of an IDL file: tables for the library, and functions that hand over to it.
 */
#pragma once

struct emit;
struct idl_file;
struct proto_file;

void c_tables_emit(struct emit *emit, const struct proto_file *proto);
void c_code_emit(struct emit *emit, const struct proto_file *proto);
void c_invoke_emit(struct emit *emit, const char *prefix, const char *method);
void c_wrappers_emit(struct emit *emit, const struct idl_file *file);

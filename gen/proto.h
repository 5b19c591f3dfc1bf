/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .proto of an IDL file.
 */
#pragma once

struct emit;
struct proto_file;

void proto_emit(struct emit *emit, const struct proto_file *proto);

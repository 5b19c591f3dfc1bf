/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The published C structures, walked by their tables.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>
#include <stddef.h>

/* How a type travels: as a chunk descriptor in C; as `bytes` in protobuf. */
bool type_is_chunk(const struct capchan_type *type);
bool type_is_bytes(const struct capchan_type *type);

/* Called with a chunk descriptor, handle or union, which need not be aligned. */
typedef void record_visitor(const struct capchan_type *type, void *value, void *data);

void record_visit(const struct capchan_record *record, void *object, record_visitor *visit,
                  void *data);
size_t record_count_chunks(const struct capchan_record *record, const void *object);
void record_clear(const struct capchan_record *record, void *object);

/* The tag of the union at @value, 0 for nothing; it may be beyond the members. */
uint32_t union_tag(const void *value);

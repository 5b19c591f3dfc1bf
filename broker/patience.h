/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much asking for nothing the broker puts up with: an entity that keeps on asking for what it
 * does not get has to wait before it is heard again, so that others do not have to. Its channels
 * are not affected.
 */
#pragma once

#include <stdint.h>

struct broker;
struct entity_run;

void patience_use(struct entity_run *entity);
void patience_resume(struct broker *broker);
int64_t patience_deadline_ns(const struct broker *broker);
void patience_forget(struct entity_run *entity);

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/scratch.h"

#include <errno.h>
#include <stdarg.h>

/* scratch_init() - nothing yet */
void scratch_init(struct scratch *scratch)
{
    *scratch = (struct scratch){.arena = IDL_ARENA_NULL};
}

/* scratch_deinit() - release every string and object */
void scratch_deinit(struct scratch *scratch)
{
    idl_arena_deinit(&scratch->arena);
    scratch_init(scratch);
}

const char *scratch_format(struct scratch *scratch, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const char *text = idl_arena_vprintf(&scratch->arena, format, arguments);
    va_end(arguments);
    if (text == NULL) {
        scratch->error = -ENOMEM;
        return "";
    }
    return text;
}

void *scratch_alloc(struct scratch *scratch, size_t size)
{
    void *memory = idl_arena_alloc(&scratch->arena, size);

    if (memory == NULL) {
        scratch->error = -ENOMEM;
    }
    return memory;
}

void *scratch_keep(struct scratch *scratch, struct idl_table *table, const char *name, void *value)
{
    void *existing = NULL;

    if (scratch->error == 0) {
        scratch->error = idl_table_add(table, &scratch->arena, name, value, &existing);
    }
    return scratch->error == 0 ? existing : NULL;
}

/* scratch_claim() - true also without memory, so that nobody tries for ever */
bool scratch_claim(struct scratch *scratch, struct idl_table *names, const char *name)
{
    return scratch_keep(scratch, names, name, scratch) == NULL;
}

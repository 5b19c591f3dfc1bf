/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter: whatever parses takes a form that parses again, has the same tokens and comments,
 * and stays as it is. The first byte of the input says which language the rest is in.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gen/emit.h"
#include "gen/format.h"
#include "gen/format_pieces.h"
#include "gen/scratch.h"
#include "idl/diagnostics.h"
#include "idl/parser.h"
#include "idl/source.h"

#define FUZZ_ASSERT(condition) ((condition) ? (void)0 : abort())

static struct scratch scratch;
static struct idl_diagnostics diagnostics;

/* parse() - the source, if it follows the grammar; or NULL */
static const struct idl_source *parse(enum idl_file_kind kind, const char *text, size_t size)
{
    struct idl_source *source;
    struct idl_file *file;

    if (idl_source_from_memory(&scratch.arena, &diagnostics, "input", text, size, &source) != 0 ||
        idl_parse(&scratch.arena, &diagnostics, source, kind, &file) != 0) {
        return NULL;
    }
    return source;
}

static const struct idl_source *format(enum idl_file_kind kind, const struct idl_source *source)
{
    struct emit emit;

    FUZZ_ASSERT(emit_init(&emit, &scratch) == 0);
    FUZZ_ASSERT(format_emit(&emit, source) == 0 && emit_finish(&emit) == 0);
    const struct idl_source *formatted = parse(kind, emit.text, emit.size);
    emit_deinit(&emit);
    return formatted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scratch_init(&scratch);
    idl_diagnostics_init(&diagnostics, &scratch.arena);
    enum idl_file_kind kind = size == 0 ? IDL_FILE_IDL : (enum idl_file_kind)(data[0] % 3);
    const struct idl_source *source =
        size < 2 ? NULL : parse(kind, (const char *)data + 1, size - 1);
    if (source != NULL) {
        const struct idl_source *once = format(kind, source);
        FUZZ_ASSERT(once != NULL);
        const struct idl_source *twice = format(kind, once);
        FUZZ_ASSERT(twice != NULL && strcmp(once->text, twice->text) == 0);

        struct format_pieces before;
        struct format_pieces after;
        FUZZ_ASSERT(format_take_apart(&scratch, source, &before) == 0);
        FUZZ_ASSERT(format_take_apart(&scratch, once, &after) == 0);
        FUZZ_ASSERT(before.n_pieces == after.n_pieces);
    }
    scratch_deinit(&scratch);
    return 0;
}

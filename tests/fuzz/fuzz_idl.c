/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front end of idlc: any bytes are either a model whose every reference is set, or have a
 * diagnostic. The first byte of the input says which language the rest is in.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/context.h"

#define FUZZ_ASSERT(condition) ((condition) ? (void)0 : abort())

/* What the input may import; no file is read. */
static const struct {
    enum idl_file_kind kind;
    const char *text;
} library[] = {
    {IDL_FILE_IDL, "package a.T const UInt32 N = 4; typedef string<N> S; struct P { SInt8 x; }"},
    {IDL_FILE_IDL, "package a.U const UInt8 N = 5; typedef UInt16 H;"},
    {IDL_FILE_IDL, "package a.I interface { M(in UInt8 x, out UInt8 y); }"},
    {IDL_FILE_CDL, "component a.C endpoints { e : a.I e_f : a.I }"},
    {IDL_FILE_CDL, "component a.D components { c : a.C d : a.C }"},
};

/* walk_fields() - every type of an accepted file is complete */
static void walk_fields(const struct idl_field *field)
{
    for (; field != NULL; field = field->next) {
        const struct idl_type *type = idl_type_resolve(field->type);
        while (type->element != NULL) {
            type = idl_type_resolve(type->element);
        }
        FUZZ_ASSERT(type->kind != IDL_NAMED || type->declaration->fields != NULL);
    }
}

/* walk() - every reference of an accepted file is set */
static void walk(const struct idl_file *file)
{
    for (const struct idl_declaration *d = file->declarations; d != NULL; d = d->next) {
        FUZZ_ASSERT(d->measure.depth > 0 && d->measure.n_values > 0);
        walk_fields(d->fields);
    }
    for (const struct idl_import *import = file->imports; import != NULL; import = import->next) {
        FUZZ_ASSERT(import->file != NULL);
    }
    for (const struct idl_method *method = file->interface != NULL ? file->interface->methods
                                                                   : NULL;
         method != NULL; method = method->next) {
        walk_fields(method->in);
        walk_fields(method->out);
        walk_fields(method->error);
    }
    if (file->component != NULL) {
        for (const struct idl_member *m = file->component->endpoints; m != NULL; m = m->next) {
            FUZZ_ASSERT(m->file->interface != NULL);
        }
        for (const struct idl_member *m = file->component->components; m != NULL; m = m->next) {
            FUZZ_ASSERT(m->file->component != NULL);
        }
    }
}

/* print() - the diagnostics, nowhere */
static void print(const struct idl_context *context)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    FUZZ_ASSERT(out != NULL);
    idl_print_diagnostics(context, out);
    fclose(out);
    FUZZ_ASSERT(size > 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct idl_context *context = idl_context_new();
    const struct idl_file *file;

    FUZZ_ASSERT(context != NULL);
    for (size_t i = 0; i < sizeof(library) / sizeof(library[0]); i++) {
        FUZZ_ASSERT(idl_load_memory(context, library[i].kind, "library", library[i].text,
                                    strlen(library[i].text), &file) == 0);
    }
    if (size > 0) {
        enum idl_file_kind kind = (enum idl_file_kind)(data[0] % 3);
        int r = idl_load_memory(context, kind, "input", (const char *)data + 1, size - 1, &file);
        FUZZ_ASSERT((r == 0) == (idl_n_diagnostics(context) == 0));
        if (r == 0) {
            walk(file);
        } else {
            print(context);
        }
    }
    idl_context_free(context);
    return 0;
}

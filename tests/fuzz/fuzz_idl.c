/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc, all but its files: any bytes are either models whose every reference is set and that can be
 * written as C and protobuf, or have a diagnostic; and nothing takes long.
 *
 * The input is one or more files with SEPARATOR between them. The first byte of each says which
 * language it is in; the first file is f/A, the second f/B and so on, and they may need one
 * another.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gen/c_header.h"
#include "gen/c_tables.h"
#include "gen/component.h"
#include "gen/emit.h"
#include "gen/proto.h"
#include "gen/proto_model.h"
#include "gen/scratch.h"
#include "idl/context.h"

#define FUZZ_ASSERT(condition) ((condition) ? (void)0 : abort())
#define SEPARATOR 0x1E
#define FILES_MAX 8
#define CPU_SECONDS_MAX 1
#define PATH_BYTES 256

/* What the input may import besides its own files. */
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

static char root[PATH_BYTES - 16]; /* the files of the input are in its folder f */

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

/* walk_methods() - every parameter of an interface is complete */
static void walk_methods(const struct idl_interface *interface)
{
    for (const struct idl_method *method = interface->methods; method != NULL;
         method = method->next) {
        walk_fields(method->in);
        walk_fields(method->out);
        walk_fields(method->error);
    }
}

/* walk_component() - every member of a component has what it needs */
static void walk_component(const struct idl_component *component)
{
    for (const struct idl_member *m = component->endpoints; m != NULL; m = m->next) {
        FUZZ_ASSERT(m->file->interface != NULL);
    }
    for (const struct idl_member *m = component->components; m != NULL; m = m->next) {
        FUZZ_ASSERT(m->file->component != NULL);
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
    if (file->interface != NULL) {
        walk_methods(file->interface);
    }
    if (file->component != NULL) {
        walk_component(file->component);
    }
}

/* emit_all() - every text that is generated from a file */
static void emit_all(struct emit *emit, const struct idl_file *file)
{
    if (file->kind == IDL_FILE_IDL) {
        struct proto_set set = {.scratch = emit->scratch};
        const struct proto_file *proto = proto_set_get(&set, file);
        FUZZ_ASSERT(proto != NULL);
        proto_emit(emit, proto);
        c_header_emit(emit, file, NULL);
        c_tables_emit(emit, proto);
    } else {
        component_header_emit(emit, file, false);
        component_tables_emit(emit, file);
    }
}

/* generate() - an accepted file can be written */
static void generate(const struct idl_file *file)
{
    struct scratch scratch;
    struct emit emit;

    scratch_init(&scratch);
    FUZZ_ASSERT(emit_init(&emit, &scratch) == 0);
    emit_all(&emit, file);
    FUZZ_ASSERT(emit_finish(&emit) == 0 && emit.size > 0);
    emit_deinit(&emit);
    scratch_deinit(&scratch);
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

/* load_library() - a run that knows the files of the library, and where those of the input are */
static struct idl_context *load_library(void)
{
    struct idl_context *context = idl_context_new();
    const struct idl_file *file;

    FUZZ_ASSERT(context != NULL && idl_context_add_import_dir(context, root) == 0);
    for (size_t i = 0; i < sizeof(library) / sizeof(library[0]); i++) {
        FUZZ_ASSERT(idl_load_memory(context, library[i].kind, "library", library[i].text,
                                    strlen(library[i].text), &file) == 0);
    }
    return context;
}

/* write_part() - the @i-th file of the input, under its name */
static void write_part(size_t i, const uint8_t *part, size_t size, char path[static PATH_BYTES])
{
    static const char *const suffixes[] = {"idl", "cdl", "edl"};

    snprintf(path, PATH_BYTES, "%s/f/%c.%s", root, (char)('A' + i), suffixes[part[0] % 3]);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_ASSERT(fd >= 0 && write(fd, part + 1, size - 1) == (ssize_t)(size - 1));
    close(fd);
}

/* write_parts() - all files of the input; returns how many there are */
static size_t write_parts(const uint8_t *data, size_t size, char paths[][PATH_BYTES])
{
    size_t n = 0;

    for (const uint8_t *end = data + size; data < end && n < FILES_MAX;) {
        const uint8_t *stop = memchr(data, SEPARATOR, (size_t)(end - data));
        stop = stop == NULL ? end : stop;
        if (stop > data) {
            write_part(n, data, (size_t)(stop - data), paths[n]);
            n++;
        }
        data = stop + 1;
    }
    return n;
}

/* compile() - what idlc does with these files, but for writing */
static void compile(struct idl_context *context, size_t n, char paths[][PATH_BYTES])
{
    const struct idl_file *files[FILES_MAX] = {NULL};
    int result = 0;

    for (size_t i = 0; i < n; i++) {
        int r = idl_load(context, paths[i], &files[i]);
        FUZZ_ASSERT(r >= 0 && (r == 0) == (files[i] != NULL));
        result = r != 0 ? r : result;
    }
    FUZZ_ASSERT((result == 0) == (idl_n_errors(context) == 0));
    for (size_t i = 0; i < n; i++) {
        if (files[i] != NULL) {
            walk(files[i]);
        }
        if (result == 0) {
            generate(files[i]);
        }
    }
    if (result != 0) {
        print(context);
    }
}

/* remove_root() - leave nothing behind; what ends by abort() leaves it to whoever set TMPDIR */
static void remove_root(void)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof(path), "%s/f", root);
    rmdir(path);
    rmdir(root);
}

/* make_root() - a place for the files; one for each process, as a fuzzer may fork */
static void make_root(void)
{
    static pid_t owner;
    const char *parent = getenv("TMPDIR");
    char path[PATH_BYTES];

    if (owner == getpid()) {
        return;
    }
    FUZZ_ASSERT(owner != 0 || atexit(remove_root) == 0);
    owner = getpid();
    snprintf(root, sizeof(root), "%s/fuzz_idl.XXXXXX", parent == NULL ? "/tmp" : parent);
    FUZZ_ASSERT(mkdtemp(root) != NULL);
    snprintf(path, sizeof(path), "%s/f", root);
    FUZZ_ASSERT(mkdir(path, 0700) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char paths[FILES_MAX][PATH_BYTES];
    clock_t start = clock();

    make_root();
    struct idl_context *context = load_library();
    size_t n = write_parts(data, size, paths);

    compile(context, n, paths);
    idl_context_free(context);
    for (size_t i = 0; i < n; i++) {
        unlink(paths[i]);
    }
    FUZZ_ASSERT(clock() - start <= CPU_SECONDS_MAX * CLOCKS_PER_SEC);
    return 0;
}

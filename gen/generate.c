/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/generate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/c_header.h"
#include "gen/c_tables.h"
#include "gen/component.h"
#include "gen/emit.h"
#include "gen/names.h"
#include "gen/proto.h"
#include "gen/proto_model.h"
#include "gen/protoc.h"
#include "gen/scratch.h"
#include "gen/write_file.h"

/* One of the files that are made of one. */
struct output {
    const char *suffix; /* behind the name in the folders of the package */
    void (*emit)(struct emit *emit, const void *subject);
    const void *subject;
};

static void emit_proto(struct emit *emit, const void *subject)
{
    proto_emit(emit, subject);
}

static void emit_idl_header(struct emit *emit, const void *subject)
{
    c_header_emit(emit, subject);
}

static void emit_idl_tables(struct emit *emit, const void *subject)
{
    c_tables_emit(emit, subject);
}

static void emit_component_header(struct emit *emit, const void *subject)
{
    component_header_emit(emit, subject);
}

static void emit_component_tables(struct emit *emit, const void *subject)
{
    component_tables_emit(emit, subject);
}

/* fail() - remember what to tell the user; returns @error */
static int fail(struct generator *generator, int error, const char *what, const char *path)
{
    generator->problem = generator->scratch->error != 0
                             ? "out of memory"
                             : scratch_format(generator->scratch, "cannot %s '%s': %s", what, path,
                                              strerror(-error));
    return error;
}

/* out_path() - a file below the output directory */
static const char *out_path(struct generator *generator, const struct idl_file *file,
                            const char *suffix)
{
    return scratch_format(generator->scratch, "%s/%s", generator->out_dir,
                          name_path(generator->scratch, file, suffix));
}

/* write_output() - one generated file */
static int write_output(struct generator *generator, const struct idl_file *file,
                        const struct output *output)
{
    struct emit emit;
    const char *path = out_path(generator, file, output->suffix);
    int r = emit_init(&emit, generator->scratch);

    if (r == 0) {
        output->emit(&emit, output->subject);
        r = emit_finish(&emit);
    }
    if (r == 0) {
        r = write_file(path, emit.text, emit.size);
    }
    emit_deinit(&emit);
    return r == 0 ? 0 : fail(generator, r, "write", path);
}

/* write_protos() - the .proto of the file and of every other one that it needs */
static int write_protos(struct generator *generator, const struct proto_set *set)
{
    for (const struct proto_file *proto = set->files; proto != NULL; proto = proto->next) {
        int r = write_output(generator, proto->file, &(struct output){".proto", emit_proto, proto});
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

/* take_file() - move one result of protoc-c to its place, unless the same is there already */
static int take_file(struct generator *generator, const struct idl_file *file, const char *from_dir,
                     const char *suffix)
{
    const char *from = scratch_format(generator->scratch, "%s/%s", from_dir,
                                      name_path(generator->scratch, file, suffix));
    const char *to = out_path(generator, file, suffix);
    char *text;
    size_t size;
    int r = read_file(from, &text, &size);

    if (r != 0) {
        return fail(generator, r, "read", from);
    }
    r = write_file(to, text, size);
    free(text);
    return r == 0 ? 0 : fail(generator, r, "write", to);
}

/* remove_tree() - the results of protoc-c and the directories above them, up to @dir itself */
static void remove_tree(struct generator *generator, const struct idl_file *file, const char *dir)
{
    static const char *const suffixes[] = {".pb-c.h", ".pb-c.c"};

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        unlink(scratch_format(generator->scratch, "%s/%s", dir,
                              name_path(generator->scratch, file, suffixes[i])));
    }
    char *path = (char *)scratch_format(generator->scratch, "%s/%s", dir,
                                        name_path(generator->scratch, file, ""));
    for (size_t root = strlen(dir); strlen(path) > root; *strrchr(path, '/') = '\0') {
        rmdir(path);
    }
    rmdir(dir);
}

/* protoc_problem() - protoc-c in the user's words */
static int protoc_problem(struct generator *generator, const struct idl_file *file, int r)
{
    const char *path = out_path(generator, file, ".proto");

    if (r == PROTOC_E_MISSING) {
        generator->problem = "protoc-c is not installed; get it with: apt-get install "
                             "protobuf-c-compiler libprotobuf-c-dev";
    } else if (r == PROTOC_E_FAILED) {
        generator->problem = scratch_format(generator->scratch, "protoc-c refused '%s'", path);
    } else {
        fail(generator, r, "run protoc-c on", path);
    }
    return r;
}

/* run_protoc() - the .pb-c.h and .pb-c.c of an IDL file, through a directory of their own */
static int run_protoc(struct generator *generator, const struct idl_file *file)
{
    char dir[] = "/tmp/idlc.XXXXXX";

    if (mkdtemp(dir) == NULL) {
        return fail(generator, -errno, "create", dir);
    }
    int r = protoc_run(generator->out_dir, name_path(generator->scratch, file, ".proto"), dir);
    if (r != 0) {
        protoc_problem(generator, file, r);
    }
    if (r == 0) {
        r = take_file(generator, file, dir, ".pb-c.h");
    }
    if (r == 0) {
        r = take_file(generator, file, dir, ".pb-c.c");
    }
    remove_tree(generator, file, dir);
    return r;
}

/* generate_idl() - messages for protobuf, and the header and tables for C */
static int generate_idl(struct generator *generator, const struct idl_file *file)
{
    struct proto_set set = {.scratch = generator->scratch};
    const struct proto_file *proto = proto_set_get(&set, file);
    int r = proto == NULL ? fail(generator, -ENOMEM, "read", file->name)
                          : write_protos(generator, &set);

    if (r == 0) {
        r = run_protoc(generator, file);
    }
    if (r == 0) {
        r = write_output(generator, file, &(struct output){".idl.h", emit_idl_header, file});
    }
    if (r == 0) {
        r = write_output(generator, file, &(struct output){".idl.c", emit_idl_tables, proto});
    }
    return r;
}

/* generate_component() - the header and tables of a CDL or EDL file */
static int generate_component(struct generator *generator, const struct idl_file *file)
{
    const char *header = scratch_format(generator->scratch, ".%s.h", name_extension(file));
    const char *tables = scratch_format(generator->scratch, ".%s.c", name_extension(file));
    int r = write_output(generator, file, &(struct output){header, emit_component_header, file});

    if (r == 0) {
        r = write_output(generator, file, &(struct output){tables, emit_component_tables, file});
    }
    return r;
}

/**
 * generate() - write everything that belongs to one file
 * @generator: where to
 * @file:      checked
 *
 * Return: 0; anything else is a failure, and @generator->problem says which.
 */
int generate(struct generator *generator, const struct idl_file *file)
{
    return file->kind == IDL_FILE_IDL ? generate_idl(generator, file)
                                      : generate_component(generator, file);
}

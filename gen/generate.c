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
#include "gen/dependencies.h"
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
    c_header_emit(emit, subject, NULL);
}

static void emit_whole_idl_header(struct emit *emit, const void *subject)
{
    const struct proto_file *proto = subject;

    c_header_emit(emit, proto->file, proto);
}

static void emit_idl_tables(struct emit *emit, const void *subject)
{
    c_tables_emit(emit, subject);
}

static void emit_component_header(struct emit *emit, const void *subject)
{
    component_header_emit(emit, subject, false);
}

static void emit_whole_component_header(struct emit *emit, const void *subject)
{
    component_header_emit(emit, subject, true);
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

/* join() - a path below a directory; the working directory needs no name */
static const char *join(struct generator *generator, const char *dir, const char *path)
{
    return strcmp(dir, ".") == 0 ? path : scratch_format(generator->scratch, "%s/%s", dir, path);
}

/* out_path() - a file below the output directory */
static const char *out_path(struct generator *generator, const struct idl_file *file,
                            const char *suffix)
{
    return join(generator, generator->out_dir, name_path(generator->scratch, file, suffix));
}

/* add_output() - a file of the one that is generated has been written */
static int add_output(struct generator *generator, const char *path)
{
    struct generated **tail = &generator->outputs;
    struct generated *output = scratch_alloc(generator->scratch, sizeof(*output));

    if (output == NULL) {
        return fail(generator, -ENOMEM, "write", path);
    }
    while (*tail != NULL) {
        tail = &(*tail)->next;
    }
    output->path = path;
    *tail = output;
    return 0;
}

/* write_text() - what @output emits, as the file @path */
static int write_text(struct generator *generator, const char *path, const struct output *output)
{
    struct emit emit;
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

/* write_output() - one file that is generated from @file */
static int write_output(struct generator *generator, const struct idl_file *file,
                        const struct output *output)
{
    const char *path = out_path(generator, file, output->suffix);
    int r = write_text(generator, path, output);

    if (r == 0 && file == generator->file) {
        r = add_output(generator, path);
    }
    return r;
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
    return r == 0 ? add_output(generator, to) : fail(generator, r, "write", to);
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

/* generate_idl_c() - the header and tables for C */
static int generate_idl_c(struct generator *generator, const struct proto_file *proto)
{
    const struct idl_file *file = proto->file;

    if (generator->is_self_contained) {
        return write_output(generator, file,
                            &(struct output){".idl.h", emit_whole_idl_header, proto});
    }
    int r = write_output(generator, file, &(struct output){".idl.h", emit_idl_header, file});
    if (r == 0) {
        r = write_output(generator, file, &(struct output){".idl.c", emit_idl_tables, proto});
    }
    return r;
}

/* generate_idl() - messages for protobuf, and what C needs */
static int generate_idl(struct generator *generator, const struct idl_file *file)
{
    struct proto_set set = {.scratch = generator->scratch};
    const struct proto_file *proto = proto_set_get(&set, file);
    int r = proto == NULL ? fail(generator, -ENOMEM, "read", file->name)
                          : write_protos(generator, &set);

    if (r != 0 || generator->is_proto_only) {
        return r;
    }
    r = run_protoc(generator, file);
    return r == 0 ? generate_idl_c(generator, proto) : r;
}

/* generate_component() - the header and tables of a CDL or EDL file, which protobuf has no use for
 */
static int generate_component(struct generator *generator, const struct idl_file *file)
{
    const char *header = scratch_format(generator->scratch, ".%s.h", name_extension(file));
    const char *tables = scratch_format(generator->scratch, ".%s.c", name_extension(file));

    if (generator->is_proto_only) {
        return 0;
    }
    if (generator->is_self_contained) {
        return write_output(generator, file,
                            &(struct output){header, emit_whole_component_header, file});
    }
    int r = write_output(generator, file, &(struct output){header, emit_component_header, file});
    if (r == 0) {
        r = write_output(generator, file, &(struct output){tables, emit_component_tables, file});
    }
    return r;
}

/* beside_path() - a file that belongs to the header and goes where programs look for that */
static const char *beside_path(struct generator *generator, const char *suffix)
{
    const struct idl_file *file = generator->file;
    const char *dot = strrchr(file->name, '.');

    suffix = scratch_format(generator->scratch, ".%s%s", name_extension(file), suffix);
    if (generator->front_dir == NULL) {
        return out_path(generator, file, suffix);
    }
    return join(
        generator, generator->front_dir,
        scratch_format(generator->scratch, "%s%s", dot == NULL ? file->name : dot + 1, suffix));
}

static void emit_front(struct emit *emit, const void *subject)
{
    const struct idl_file *file = subject;

    c_file_open(emit, file);
    emit_line(emit, "#include \"%s.h\"", name_source(emit->scratch, file));
}

/* write_front() - the header that leads to the real one */
static int write_front(struct generator *generator)
{
    const char *path = beside_path(generator, ".h");
    int r = write_text(generator, path, &(struct output){"", emit_front, generator->file});

    return r == 0 ? add_output(generator, path) : r;
}

static void emit_dependencies(struct emit *emit, const void *subject)
{
    const struct generator *generator = subject;

    dependencies_emit(emit, generator->outputs, generator->file);
}

/* write_dependencies() - the dependency file, and time stamps that agree with it */
static int write_dependencies(struct generator *generator)
{
    const char *path = beside_path(generator, ".nk.d");
    int r = write_text(generator, path, &(struct output){"", emit_dependencies, generator});

    if (r != 0) {
        return r;
    }
    r = dependencies_refresh(generator->scratch, generator->outputs, generator->file);
    return r == 0 ? 0 : fail(generator, r, "set the time of what belongs to", path);
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
    generator->file = file;
    generator->outputs = NULL;
    int r = file->kind == IDL_FILE_IDL ? generate_idl(generator, file)
                                       : generate_component(generator, file);

    if (r == 0 && generator->front_dir != NULL && !generator->is_proto_only) {
        r = write_front(generator);
    }
    return r == 0 && generator->has_dependencies ? write_dependencies(generator) : r;
}

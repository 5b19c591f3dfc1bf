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

/* write_output() - one generated file below the output directory */
static int write_output(struct generator *generator, const struct idl_file *file,
                        const struct output *output)
{
    return write_text(generator, out_path(generator, file, output->suffix), output);
}

/* write_protos() - the .proto of every file that was needed since the last time */
static int write_protos(struct generator *generator)
{
    const struct proto_file *newest = generator->protos->files;

    for (const struct proto_file *proto = newest; proto != generator->written;
         proto = proto->next) {
        int r = write_output(generator, proto->file, &(struct output){".proto", emit_proto, proto});
        if (r != 0) {
            return r;
        }
    }
    generator->written = newest;
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

/* remove_results() - what protoc-c made of one file, and the directories above it, up to @dir */
static void remove_results(struct generator *generator, const struct idl_file *file,
                           const char *dir)
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
}

/* protoc_problem() - protoc-c in the user's words */
static int protoc_problem(struct generator *generator, const struct idl_file *file, int r)
{
    const char *path = out_path(generator, file, ".proto");

    if (r == PROTOC_E_MISSING) {
        generator->problem = "protoc-c is not installed; get it with: apt-get install "
                             "protobuf-c-compiler libprotobuf-c-dev";
    } else if (r == PROTOC_E_FAILED) {
        generator->problem = scratch_format(
            generator->scratch, "protoc-c refused '%s' or a file after it, as it says", path);
    } else {
        fail(generator, r, "run protoc-c on", path);
    }
    return r;
}

/* run_protoc() - protoc-c on @n files, with results below @dir */
static int run_protoc(struct generator *generator, const struct idl_file *const files[], size_t n,
                      const char *dir)
{
    const char *protos[PROTOC_FILES_MAX];

    for (size_t i = 0; i < n; i++) {
        protos[i] = name_path(generator->scratch, files[i], ".proto");
    }
    int r = protoc_run(generator->out_dir, protos, n, dir);
    return r == 0 ? 0 : protoc_problem(generator, files[0], r);
}

/* generate_batch() - what protoc-c makes of up to PROTOC_FILES_MAX files, through a directory of
 * their own */
static int generate_batch(struct generator *generator, const struct idl_file *const files[],
                          size_t n)
{
    char dir[] = "/tmp/idlc.XXXXXX";

    if (mkdtemp(dir) == NULL) {
        return fail(generator, -errno, "create", dir);
    }
    int r = run_protoc(generator, files, n, dir);
    for (size_t i = 0; i < n; i++) {
        if (r == 0) {
            r = take_file(generator, files[i], dir, ".pb-c.h");
        }
        if (r == 0) {
            r = take_file(generator, files[i], dir, ".pb-c.c");
        }
    }
    for (size_t i = 0; i < n; i++) {
        remove_results(generator, files[i], dir);
    }
    rmdir(dir);
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
    const struct proto_file *proto = proto_set_get(generator->protos, file);
    int r = proto == NULL ? fail(generator, -ENOMEM, "read", file->name) : write_protos(generator);

    if (r != 0 || generator->is_proto_only) {
        return r;
    }
    return generate_idl_c(generator, proto);
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
static const char *beside_path(struct generator *generator, const struct idl_file *file,
                               const char *suffix)
{
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

/**
 * generate() - write everything that belongs to one file, but what protoc-c makes of it
 * @generator: where to
 * @file:      checked
 *
 * Return: 0; anything else is a failure, and @generator->problem says which.
 */
int generate(struct generator *generator, const struct idl_file *file)
{
    int r = file->kind == IDL_FILE_IDL ? generate_idl(generator, file)
                                       : generate_component(generator, file);

    if (r == 0 && generator->front_dir != NULL && !generator->is_proto_only) {
        r = write_text(generator, beside_path(generator, file, ".h"),
                       &(struct output){"", emit_front, file});
    }
    return r;
}

/**
 * generate_protobuf() - let protoc-c write its part of files that generate() was called for
 * @generator: where to
 * @files:     checked; those that are no IDL are left out
 * @n_files:   how many
 *
 * Starting protoc-c takes longer than it needs for a file, hence one run for many.
 *
 * Return: 0; anything else is a failure, and @generator->problem says which.
 */
int generate_protobuf(struct generator *generator, const struct idl_file *const files[],
                      size_t n_files)
{
    const struct idl_file *batch[PROTOC_FILES_MAX];
    size_t n = 0;
    int r = 0;

    for (size_t i = 0; i < n_files && r == 0; i++) {
        if (files[i]->kind == IDL_FILE_IDL) {
            batch[n++] = files[i];
        }
        if (n == PROTOC_FILES_MAX || (n > 0 && i + 1 == n_files)) {
            r = generate_batch(generator, batch, n);
            n = 0;
        }
    }
    return r;
}

/* add_output() - one more file that was made */
static void add_output(struct generator *generator, struct generated ***tail, const char *path)
{
    struct generated *output = scratch_alloc(generator->scratch, sizeof(*output));

    if (output != NULL) {
        output->path = path;
        **tail = output;
        *tail = &output->next;
    }
}

/* list_outputs() - all that generate() and generate_protobuf() make of a file */
static struct generated *list_outputs(struct generator *generator, const struct idl_file *file)
{
    const char *extension = name_extension(file);
    struct generated *first = NULL;
    struct generated **tail = &first;
    bool is_idl = file->kind == IDL_FILE_IDL;
    const char *const suffixes[] = {
        scratch_format(generator->scratch, ".%s.h", extension),
        generator->is_self_contained ? NULL
                                     : scratch_format(generator->scratch, ".%s.c", extension),
        is_idl ? ".proto" : NULL,
        is_idl ? ".pb-c.h" : NULL,
        is_idl ? ".pb-c.c" : NULL,
    };

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (suffixes[i] != NULL) {
            add_output(generator, &tail, out_path(generator, file, suffixes[i]));
        }
    }
    if (generator->front_dir != NULL) {
        add_output(generator, &tail, beside_path(generator, file, ".h"));
    }
    return first;
}

/* What a dependency file is written from. */
struct rule {
    const struct idl_file *file;
    const struct generated *outputs;
};

static void emit_rule(struct emit *emit, const void *subject)
{
    const struct rule *rule = subject;

    dependencies_emit(emit, rule->outputs, rule->file);
}

/**
 * generate_dependencies() - the dependency file for make, and time stamps that agree with it
 * @generator: where to
 * @file:      generate() and generate_protobuf() were called for it
 *
 * Return: 0; anything else is a failure, and @generator->problem says which.
 */
int generate_dependencies(struct generator *generator, const struct idl_file *file)
{
    const struct rule rule = {.file = file, .outputs = list_outputs(generator, file)};
    const char *path = beside_path(generator, file, ".nk.d");
    int r = write_text(generator, path, &(struct output){"", emit_rule, &rule});

    if (r != 0) {
        return r;
    }
    r = dependencies_refresh(generator->scratch, rule.outputs, file);
    return r == 0 ? 0 : fail(generator, r, "set the time of what belongs to", path);
}

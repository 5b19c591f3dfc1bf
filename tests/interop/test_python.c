/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire format from outside: Python's protobuf, which has never heard of us, with nothing but
 * the .proto files, reads what C sends and writes what C reads. interop.py is its half.
 */
#include <ctype.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mirror/IMirror.idl.h>
#include <protobuf-c/protobuf-c.h>

#include "core/decode.h"
#include "core/encode.h"
#include "tests/support/check_main.h"
#include "tests/support/json_value.h"
#include "tests/support/random_value.h"
#include "tests/support/same_value.h"
#include "tests/support/solution.h"

#define PYTHON "/usr/bin/python3" /* Debian's, which its python3-protobuf belongs to */
#define N_PER_MESSAGE 40
#define BODY_BYTES_MAX (1u << 16)

extern char **environ;

/* What a message is made from; the same values every time. */
struct message {
    const struct capchan_record *record;
    struct random_source source;
    mirror_IMirror_res object; /* responses are not smaller than requests */
    char arena_bytes[mirror_IMirror_arena_size];
    struct nk_arena arena;
};

static uint64_t seed;
static char folder[64];
static struct message made;
static struct message received;

/* make() - the @i-th message. Return: false if there are no more. */
static bool make(size_t i)
{
    const struct capchan_method *method;
    size_t kind = i / N_PER_MESSAGE;

    if (kind / 3 >= mirror_IMirror_mid_max) {
        return false;
    }
    method = &mirror_IMirror_interface_stub_.methods[kind / 3];
    made.record = kind % 3 == 0 ? method->req : kind % 3 == 1 ? method->res : method->err;
    made.source = (struct random_source){.state = seed + i};
    nk_arena_init(&made.arena, made.arena_bytes, made.arena_bytes + sizeof(made.arena_bytes));
    random_fill(&made.source, made.record, &made.object, &made.arena);
    return true;
}

static FILE *open_in_folder(const char *name, const char *mode)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, mode);

    ck_assert_ptr_nonnull(file);
    return file;
}

/* name_of() - what a message is called in its .proto file */
static const char *name_of(const struct capchan_record *record)
{
    return strrchr(record->proto->name, '.') + 1;
}

/* print_body() - what C sends, but for arenas that go along as they are */
static void print_body(FILE *file)
{
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    ck_assert_int_eq(encode(made.record, &made.object, &made.arena, &pool, &encoded), 0);
    uint8_t *payload = malloc(frame_payload_bytes(&encoded.head) + 1);
    ck_assert_ptr_nonnull(payload);
    encoded_pack(&encoded, payload);
    for (size_t i = 0; i < encoded.head.body_bytes; i++) {
        fprintf(file, "%02x", payload[i]);
    }
    free(payload);
    pool_deinit(&pool);
}

static void write_messages(void)
{
    FILE *file = open_in_folder("sent", "we");

    for (size_t i = 0; make(i); i++) {
        fprintf(file, "{\"message\": \"%s\", \"body\": \"", name_of(made.record));
        print_body(file);
        fputs("\", \"value\": ", file);
        json_value_print(file, made.record, &made.object, &made.arena);
        fputs("}\n", file);
    }
    fclose(file);
}

/* run() - a program, its arguments up to NULL; it must succeed */
static void run(const char *const *arguments)
{
    pid_t pid;
    int status;

    ck_assert_int_eq(posix_spawnp(&pid, arguments[0], NULL, NULL, (char **)arguments, environ), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s %s failed", arguments[0],
                  arguments[1]);
}

static void run_python(const char *command)
{
    run((const char *const[]){PYTHON, "tests/interop/interop.py", command, folder, NULL});
}

static void setup(void)
{
    char protos[PATH_MAX + 32];
    char output[128];

    strcpy(folder, "/tmp/capchan-interop-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(protos, sizeof(protos), "%s/tests/generated", build_folder());
    snprintf(output, sizeof(output), "--python_out=%s", folder);
    run((const char *const[]){"protoc", "-I", protos, output, "mirror/IMirror.proto",
                              "mirror/Common.proto", NULL});
    write_messages();
}

static void teardown(void)
{
    run((const char *const[]){"rm", "-r", folder, NULL});
}

START_TEST(python_reads_what_c_sends)
{
    run_python("read");
}
END_TEST

/* read_body() - the next line of what Python wrote. Return: bytes. */
static size_t read_body(FILE *file, uint8_t *body)
{
    static char line[2 * BODY_BYTES_MAX];
    size_t n = 0;

    ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
    for (const char *at = line; isxdigit((unsigned char)*at); at += 2) {
        const char octet[] = {at[0], at[1], '\0'};
        body[n++] = (uint8_t)strtoul(octet, NULL, 16);
    }
    return n;
}

START_TEST(c_reads_what_python_writes)
{
    static uint8_t body[BODY_BYTES_MAX];
    char path[SAME_VALUE_PATH_MAX];

    run_python("write");
    FILE *file = open_in_folder("written", "re");
    for (size_t i = 0; make(i); i++) {
        const struct typed_object a = {made.record, &made.object, &made.arena};
        const struct typed_object b = {made.record, &received.object, &received.arena};
        const struct frame_head head = {.body_bytes = (uint32_t)read_body(file, body)};
        struct frame frame;
        frame_split(&head, body, &frame);
        nk_arena_init(&received.arena, received.arena_bytes,
                      received.arena_bytes + sizeof(received.arena_bytes));
        ck_assert_int_eq(decode(made.record, &frame, &received.object, &received.arena), 0);
        ck_assert_msg(same_value(&a, &b, path), "%s: %s differs", name_of(made.record), path);
    }
    ck_assert_int_eq(fgetc(file), EOF);
    fclose(file);
}
END_TEST

START_TEST(the_names_that_protobuf_cannot_have_are_changed_and_no_others)
{
    run_python("names");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("python");
    TCase *cases = tcase_create("python");

    seed = random_seed();
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, python_reads_what_c_sends);
    tcase_add_test(cases, c_reads_what_python_writes);
    tcase_add_test(cases, the_names_that_protobuf_cannot_have_are_changed_and_no_others);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

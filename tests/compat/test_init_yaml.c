/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the macros of an init.yaml.in stand for. Client and Server are programs of the image; what
 * Client's properties add is in each case, Server's add nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/shell.h"

#define CONNECTION "- target: Server\n  id: {var: ID, include: id.h}"
#define NESTED "    - target: Server\n      id: {var: ID, include: id.h}\n"
#define FIRST "entities:\n- name: a.Client\n"
#define SECOND "- name: a.Server\n  path: Server\n"

static const struct {
    const char *connections; /* EXTRA_CONNECTIONS */
    const char *args;
    const char *env;
    const char *template;
    const char *expanded;
} cases[] = {
    /* nothing to add */
    {"", "", "", FIRST "<capchan INIT_Client_ENTITY_CONNECTIONS>\n" SECOND, FIRST "\n" SECOND},
    {"", "", "", "entities:\n<capchan INIT_EXTERNAL_ENTITIES>\n- name: a.B\n",
     "entities:\n\n- name: a.B\n"},
    /* all of a program's properties, as keys of their own */
    {CONNECTION, "- -l\n- '1'", "NAME: value",
     FIRST "  path: Client\n<capchan INIT_Client_ENTITY_CONNECTIONS>\n" SECOND,
     FIRST
     "  path: Client\n  connections:\n    - target: Server\n      id: {var: ID, include: id.h}\n"
     "  args:\n    - -l\n    - '1'\n  env:\n    NAME: value\n" SECOND},
    /* at the end of what the entity has */
    {CONNECTION, "- -l", "NAME: value",
     FIRST "  connections:\n  - target: Other\n    id: other\n"
           "<capchan INIT_Client_ENTITY_CONNECTIONS+>\n"
           "  args:\n      - -a\n  # why\n  env:\n   A: b\n\n" SECOND,
     FIRST "  connections:\n  - target: Other\n    id: other\n"
           "  - target: Server\n    id: {var: ID, include: id.h}\n\n"
           "  args:\n      - -a\n      - -l\n  # why\n  env:\n   A: b\n   NAME: value\n\n" SECOND},
    /* the environment where its own macro stands */
    {CONNECTION, "", "NAME: value",
     "entities:\n    - task: C\n      name: a.Client\n<capchan INIT_Client_ENTITY_ENV>\n"
     "<capchan INIT_Client_ENTITY_CONNECTIONS>\n",
     "entities:\n    - task: C\n      name: a.Client\n      env:\n        NAME: value\n"
     "      connections:\n        - target: Server\n          id: {var: ID, include: id.h}\n"},
    {"", "- 1", "", FIRST "<capchan INIT_Client_ENTITY_ARGS>\n", FIRST "  args:\n    - 1\n"},
    /* at the end of what stands in brackets */
    {CONNECTION, "- -l\n- x", "NAME: value",
     FIRST
     "  connections: [{target: \"a, b\", id: {var: C, include: c.h}}, {target: d, id: 'e]'}]\n"
     "  args: [ \"-a \\\"[\", it's, 'b''s, c' ] # why\n  env: {}\n"
     "<capchan INIT_Client_ENTITY_CONNECTIONS+>\n" SECOND,
     FIRST "  connections:\n    - {target: \"a, b\", id: {var: C, include: c.h}}\n"
           "    - {target: d, id: 'e]'}\n" NESTED
           "  args:\n    - \"-a \\\"[\"\n    - it's\n    - 'b''s, c'\n    - -l\n    - x\n"
           "  env:\n    NAME: value\n\n" SECOND},
    {"", "", "C: d", FIRST "  env: {A: b, B: \"c, d\"}\n<capchan INIT_Client_ENTITY_ENV+>\n",
     FIRST "  env:\n    A: b\n    B: \"c, d\"\n    C: d\n\n"},
    {"", "", "", FIRST "  env: {A: b}\n<capchan INIT_Client_ENTITY_ENV+>\n",
     FIRST "  env: {A: b}\n\n"},
    /* indentation and blank lines of the property do not matter */
    {"\n    - target: Server\n      id: x\n\n", "", "",
     FIRST "<capchan INIT_Client_ENTITY_CONNECTIONS>\n",
     FIRST "  connections:\n    - target: Server\n      id: x\n"},
    /* the file, as a value and as a key */
    {"", "", "", FIRST "  path: bin/<capchan INIT_Client_PATH> # here\n",
     FIRST "  path: bin/client # here\n"},
    {"", "", "", FIRST "<capchan INIT_Client_PATH>\n" SECOND, FIRST "  path: client\n" SECOND},
    /* two entities of one program, and one of another */
    {"", "", "A: b",
     FIRST "  env:\n    X: y\n<capchan INIT_Client_ENTITY_ENV+>\n- name: a.Client\n  task: Two\n"
           "<capchan INIT_Client_ENTITY_ENV>\n" SECOND "<capchan INIT_Server_ENTITY_CONNECTIONS>\n",
     FIRST "  env:\n    X: y\n    A: b\n\n- name: a.Client\n  task: Two\n  env:\n    A: b\n" SECOND
           "\n"},
    /* what the host does goes, with connections to it, in whatever order they are written */
    {"- target: kl.VfsNet\n  id: net", "", "",
     FIRST "  connections:\n    - {target: kl.VfsRamFs, id: files}\n    - id: time\n"
           "      target: \"Clock\" # NTP\n    - target: a.Server\n      id: s\n"
           "<capchan INIT_Client_ENTITY_CONNECTIONS+>\n" SECOND
           "- task: Clock\n  name: 'kl.Ntpd'\n  path: ntpd\n<capchan INIT_Ntp_ENTITY_CONNECTIONS>\n"
           "  args:\n  - -x\n- name: a.Last\n",
     FIRST "  connections:\n\n\n\n    - target: a.Server\n      id: s\n\n\n\n" SECOND
           "\n\n\n\n\n\n- name: a.Last\n"},
    /* unless the project brings it */
    {"", "", "",
     "entities:\n- name: kl.VfsNet\n  path: Server\n- name: a.Client\n"
     "  connections:\n  - target: kl.VfsNet\n    id: net\n",
     "entities:\n- name: kl.VfsNet\n  path: Server\n- name: a.Client\n"
     "  connections:\n  - target: kl.VfsNet\n    id: net\n"},
    /* classes are compared as a whole */
    {"", "", "", "entities:\n- name: kl.Ntpdx\n- name: my.kl.VfsNet\n- name: klxVfsNet\n",
     "entities:\n- name: kl.Ntpdx\n- name: my.kl.VfsNet\n- name: klxVfsNet\n"},
};

static char *folder;

/* What all commands start with; all of a case is in the environment. */
static const char prologue[] =
    "set -eu\n"
    "values=$folder/values scripts=gen/share/cmake/capchan\n"
    "mkdir -p \"$values\"\n"
    "printf '%s\\n' \"$connections\" > \"$values/Client.CONNECTIONS\"\n"
    "printf '%s\\n' \"$args\" > \"$values/Client.ARGS\"\n"
    "printf '%s\\n' \"$env\" > \"$values/Client.ENV\"\n"
    "echo client > \"$values/Client.PATH\"; echo Server > \"$values/Server.PATH\"\n"
    "printf 'client\\nServer\\n' > \"$folder/names\"\n"
    "printf '%s' \"$template\" > \"$folder/in\"\n"
    "awk=\"awk -v table=gen/share/host_entities -f $scripts/host_entities.awk\"\n"
    "expand() {\n"
    "    $awk -v values=\"$values\" -v template=it -f $scripts/expand_init.awk \"$folder/in\"\n"
    "}\n"
    "drop() { $awk -v files=\"$folder/names\" -f $scripts/drop_host.awk; }\n";

static void setup(void)
{
    folder = folder_new();
    setenv("folder", folder, 1);
}

static void teardown(void)
{
    folder_free(folder);
}

static void use(const char *connections, const char *args, const char *env, const char *template)
{
    setenv("connections", connections, 1);
    setenv("args", args, 1);
    setenv("env", env, 1);
    setenv("template", template, 1);
}

START_TEST(a_template_is_expanded)
{
    use(cases[_i].connections, cases[_i].args, cases[_i].env, cases[_i].template);
    ck_assert_str_eq(shell_run(prologue, "expand | drop 2> /dev/null"), cases[_i].expanded);
}
END_TEST

START_TEST(a_macro_about_no_program_stands_for_nothing_and_who_wrote_it_is_told)
{
    use("", "", "", FIRST "<capchan INIT_Cleint_ENTITY_CONNECTIONS>\n" SECOND);
    ck_assert_str_eq(shell_run(prologue, "expand 2>&1 > $folder/out; cat $folder/out"),
                     "it:3: @INIT_Cleint_ENTITY_CONNECTIONS@ stands for nothing: the image has no "
                     "program of the CMake target 'Cleint'\n" FIRST "\n" SECOND);
}
END_TEST

START_TEST(a_macro_outside_of_entities_is_an_error)
{
    use("", "", "", "<capchan INIT_Client_ENTITY_ENV>\n" FIRST);
    ck_assert_str_eq(
        shell_run(prologue, "expand 2>&1 && echo 'all right' || echo $?"),
        "it:1: @INIT_Client_ENTITY_ENV@ belongs below the `- name:` of an entity\n1\n");
}
END_TEST

START_TEST(what_is_added_to_must_be_closed_in_its_line)
{
    use("", "- -l", "", FIRST "  args: [-a,\n    -b]\n<capchan INIT_Client_ENTITY_ARGS+>\n");
    ck_assert_str_eq(
        shell_run(prologue, "expand 2>&1 && echo 'all right' || echo $?"),
        "it:3: something of Client must be added here; write what is in these brackets "
        "in one line\n1\n");
}
END_TEST

/* Line 3 came of a variable with two lines; what Client adds stands behind line 5. */
START_TEST(each_line_says_which_line_of_the_template_it_is_from)
{
    use(CONNECTION, "", "A: b",
        "1\tentities:\n2\t- name: a.Client\n  path: x\n3\t  connections:\n"
        "4\t  - {target: b, id: c}\n5\t<capchan INIT_Client_ENTITY_CONNECTIONS+>\n6\t# 7\n");
    ck_assert_str_eq(shell_run(prologue, "$awk -v values=\"$values\" -v template=/s/it "
                                         "-v map=\"$folder/map\" -f $scripts/expand_init.awk "
                                         "\"$folder/in\" > \"$folder/out\"\n"
                                         "sed 1q \"$folder/map\"\n"
                                         "sed 1d \"$folder/map\" | paste -d : - $folder/out"),
                     "/s/it\n"
                     "1:entities:\n2:- name: a.Client\n2:  path: x\n3:  connections:\n"
                     "4:  - {target: b, id: c}\n5:  - target: Server\n"
                     "5:    id: {var: ID, include: id.h}\n5:  env:\n5:    A: b\n6:# 7\n");
}
END_TEST

START_TEST(what_the_host_does_is_said)
{
    use("", "", "", FIRST "- name: kl.VfsNet\n");
    ck_assert_str_eq(shell_run(prologue, "expand | drop 2>&1 > /dev/null"),
                     "capchan: the host does the work of kl.VfsNet\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("init_yaml");
    TCase *tcase = tcase_create("init_yaml");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_template_is_expanded, 0, sizeof(cases) / sizeof(cases[0]));
    tcase_add_test(tcase, a_macro_about_no_program_stands_for_nothing_and_who_wrote_it_is_told);
    tcase_add_test(tcase, a_macro_outside_of_entities_is_an_error);
    tcase_add_test(tcase, what_is_added_to_must_be_closed_in_its_line);
    tcase_add_test(tcase, each_line_says_which_line_of_the_template_it_is_from);
    tcase_add_test(tcase, what_the_host_does_is_said);
    suite_add_tcase(suite, tcase);
    return check_main(suite);
}

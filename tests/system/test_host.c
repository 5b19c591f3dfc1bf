/* SPDX-License-Identifier: Apache-2.0 */
/* What init.yaml declares and the host does, and policies that are not enforced, with real
 * entities. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
    setenv("folder", solution->folder, 1);
    setenv("bin", build_folder(), 1);
}

static void teardown(void)
{
    solution_free(solution);
}

START_TEST(a_solution_whose_files_the_host_has_runs_without_entities_for_them)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link kl.VfsNet:VFS1 kl.VfsRamFs:VFS2", "connect",
                    "VFS1", "connect", "VFS2", "connect", "link", "number", "7", NULL);
    solution_yaml(solution, "  - {name: kl.VfsNet, path: VfsNet}\n");
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "capchan: the host does the work of kl.VfsNet\n");
    solution_expect(solution, "Client    | connect VFS1: refused\n");
    solution_expect(solution, "Client    | connect VFS2: refused\n");
    solution_expect(solution, "Client    | number 7: 7\n");
}
END_TEST

START_TEST(what_the_host_does_cannot_end_a_run)
{
    solution_entity(solution, "Client", "", "environment", "PATH", NULL);
    solution_yaml(solution, "  - {name: kl.VfsNet, path: VfsNet}\n");
    solution_start(solution, "--exit-with", "kl.VfsNet", NULL);
    ck_assert_int_eq(solution_wait(solution), 2);
    solution_expect(solution, "init.yaml has no task 'kl.VfsNet'\n");
}
END_TEST

START_TEST(a_policy_beside_init_yaml_is_said_once_not_to_be_enforced)
{
    static const char *const commands[] = {"run", "check"};

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        setenv("command", commands[i], 1);
        const char *said = shell_run(
            "exec 2>&1\n",
            "printf 'entities: [{name: a.A, path: /bin/true}]' > $folder/init.yaml\n"
            "touch $folder/security.psl\n"
            "$bin/bin/capchan $command $folder/init.yaml 2>&1 | grep -c enforced\n"
            "$bin/bin/capchan $command $folder/init.yaml 2>&1 | grep -c "
            "\"^capchan: $folder/security.psl is not enforced: there are no policies "
            "yet\"\n"
            "rm $folder/security.psl\n"
            "$bin/bin/capchan $command $folder/init.yaml 2>&1 | grep -c enforced || true\n");
        ck_assert_str_eq(said, "1\n1\n0\n");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *cases = tcase_create("host");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_solution_whose_files_the_host_has_runs_without_entities_for_them);
    tcase_add_test(cases, what_the_host_does_cannot_end_a_run);
    tcase_add_test(cases, a_policy_beside_init_yaml_is_said_once_not_to_be_enforced);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/layout.h"

#include <check.h>

#include "gen/scratch.h"
#include "idl/model.h"
#include "tests/support/check_main.h"

static const struct {
    const char *name;
    const char *path;
    const char *out_dir;
    const char *front_dir;
} layouts[] = {
    {"echo.IPing", "build/echo", "build", NULL},
    {"echo.IPing", "build/echo/", "build", NULL},
    {"echo.IPing", "build//echo/./.", "build", NULL},
    {"echo.IPing", "echo", ".", NULL},
    {"echo.IPing", "/echo", "/", NULL},
    {"echo.IPing", "build", "build", "build"},
    {"echo.IPing", "build/myecho", "build/myecho", "build/myecho"},
    {"echo.IPing", "myecho", "myecho", "myecho"},
    {"echo.IPing", ".", ".", "."},
    {"echo.IPing", "..", "..", ".."},
    {"echo.IPing", "/", "/", "/"},
    {"kl.core.Types", "build/kl/core", "build", NULL},
    {"kl.core.Types", "build/core", "build/core", "build/core"},
    {"Echo", "build", "build", NULL},
    {"Echo", "build/Echo/", "build/Echo", NULL},
};

START_TEST(the_folders_of_the_package_are_added_unless_they_are_there)
{
    const struct idl_file file = {.name = layouts[_i].name};
    struct scratch scratch;

    scratch_init(&scratch);
    struct layout layout = layout_nk_gen_c(&scratch, layouts[_i].path, &file);
    ck_assert_str_eq(layout.out_dir, layouts[_i].out_dir);
    ck_assert_pstr_eq(layout.front_dir, layouts[_i].front_dir);
    scratch_deinit(&scratch);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("layout");
    TCase *tcase = tcase_create("layout");

    tcase_add_loop_test(tcase, the_folders_of_the_package_are_added_unless_they_are_there, 0,
                        (int)(sizeof(layouts) / sizeof(layouts[0])));
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/announced.h"

#include <malloc.h>

#include "tests/support/check_main.h"

static const struct capchan_method methods[] = {{.name = "First"}, {.name = "Second"}};
static const struct capchan_interface interface = {
    .name = "announced.ITest", .n_methods = 2, .methods = methods};
static const struct capchan_interface copy = {
    .name = "announced.ITest", .n_methods = 2, .methods = methods};

START_TEST(methods_are_found_by_interface_and_number)
{
    capchan_announce_interface(&interface);
    ck_assert_ptr_eq(announced_method("announced.ITest", 1), &methods[1]);
    ck_assert_ptr_null(announced_method("announced.ITest", 2));
    ck_assert_ptr_null(announced_method("announced.IOther", 0));
}
END_TEST

START_TEST(a_table_may_be_announced_by_every_object_of_a_program)
{
    capchan_announce_interface(&interface);
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 100; i++) {
        capchan_announce_interface(&interface);
    }
    ck_assert_uint_eq(mallinfo2().uordblks, before);
    ck_assert_ptr_eq(announced_method("announced.ITest", 0), &methods[0]);
}
END_TEST

START_TEST(a_copy_of_a_table_is_harmless)
{
    capchan_announce_interface(&interface);
    capchan_announce_interface(&copy);
    ck_assert_ptr_eq(announced_method("announced.ITest", 1), &methods[1]);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("announced");
    TCase *tcase = tcase_create("announced");

    tcase_add_test(tcase, methods_are_found_by_interface_and_number);
    tcase_add_test(tcase, a_table_may_be_announced_by_every_object_of_a_program);
    tcase_add_test(tcase, a_copy_of_a_table_is_harmless);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}

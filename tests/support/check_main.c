/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/check_main.h"

#include <stdlib.h>

/* check_main() - run a suite, as verbosely as CK_VERBOSITY says. Return: the exit status. */
int check_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    int run = srunner_ntests_run(runner);
    srunner_free(runner);
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* check_rounds() - how often to do what takes long by its number only: @n times, or a tenth of that
 * under valgrind, which looks at each instruction. Return: that number. */
unsigned check_rounds(unsigned n)
{
    return getenv("CAPCHAN_FEW_ROUNDS") != NULL ? n / 10 : n;
}

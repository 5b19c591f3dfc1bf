/* SPDX-License-Identifier: Apache-2.0 */
/* What every test program ends with: `return check_main(suite());` */
#pragma once

#include <check.h>

int check_main(Suite *suite);
unsigned check_rounds(unsigned n);

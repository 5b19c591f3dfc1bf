/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

int main(void)
{
    return check_all("C");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/once.h>

Retcode KosThreadOnce(KosThreadOnceType *once, void (*routine)(void))
{
    (void)pthread_once(once, routine);
    return rcOk;
}

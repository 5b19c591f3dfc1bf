/* SPDX-License-Identifier: Apache-2.0 */
#include "core/background.h"

#include <pthread.h>
#include <signal.h>

/*
 * background_start() - start a thread that nobody joins, and that no signal of the program's
 * reaches
 * @name:        up to 15 bytes
 * @stack_bytes: 0 for as many as other threads have
 *
 * Return: 0; negative errno.
 */
int background_start(const char *name, size_t stack_bytes, void *(*run)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_attr_init(&attributes);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack_bytes > 0) {
        (void)pthread_attr_setstacksize(&attributes, stack_bytes);
    }
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int r = pthread_create(&thread, &attributes, run, argument);
    if (r == 0) {
        (void)pthread_setname_np(thread, name);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return -r;
}

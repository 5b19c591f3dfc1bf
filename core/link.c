/* SPDX-License-Identifier: Apache-2.0 */
#include "core/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/error.h"

/*
 * link_init() - use @fd for requests
 * @fd:          consumed
 * @bytes_max:   longer messages from the other end count as an attack and end the link
 * @waiters_max: requests at a time
 */
void link_init(struct link *link, int fd, size_t bytes_max, size_t waiters_max)
{
    *link = (struct link){.fd = fd, .bytes_max = bytes_max, .waiters_max = waiters_max};
    pthread_mutex_init(&link->lock, NULL);
    pthread_cond_init(&link->changed, NULL);
}

/* link_deinit() - close the link; nobody uses it any more */
void link_deinit(struct link *link)
{
    link->fd = fd_close(link->fd);
    pthread_cond_destroy(&link->changed);
    pthread_mutex_destroy(&link->lock);
}

static void link_message_deinit(struct link_message *message)
{
    free(message->bytes);
    message->bytes = NULL;
    fd_list_deinit(&message->fds);
}

static void link_die(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->dead = true;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

/* link_shut() - break off all requests, and refuse new ones, with ERROR_NOT_CONNECTED */
void link_shut(struct link *link)
{
    link_die(link);
    (void)shutdown(link->fd, SHUT_RDWR);
}

/*
 * link_begin() - start a request
 * @waiter: filled in; waiter->number goes into the message, behind the magic word
 *
 * Return: 0: to be ended with link_end(); ERROR_NOT_CONNECTED; ERROR_QUOTA: too many requests at a
 * time.
 */
int link_begin(struct link *link, struct link_waiter *waiter)
{
    int r = 0;

    *waiter = (struct link_waiter){0};
    pthread_mutex_lock(&link->lock);
    if (link->dead) {
        r = ERROR_NOT_CONNECTED;
    } else if (link->n_waiters == link->waiters_max) {
        r = ERROR_QUOTA;
    } else {
        link->last_number = link->last_number == UINT32_MAX ? 1 : link->last_number + 1;
        waiter->number = link->last_number;
        waiter->next = link->waiters;
        link->waiters = waiter;
        link->n_waiters++;
    }
    pthread_mutex_unlock(&link->lock);
    return r;
}

/* link_end() - forget a request, whether its reply came or not, and free the reply */
void link_end(struct link *link, struct link_waiter *waiter)
{
    pthread_mutex_lock(&link->lock);
    struct link_waiter **at = &link->waiters;
    while (*at != waiter) {
        at = &(*at)->next;
    }
    *at = waiter->next;
    link->n_waiters--;
    pthread_mutex_unlock(&link->lock);
    link_message_deinit(&waiter->reply);
}

/* link_deliver() - hand a message to the thread that waits for it; with the lock held */
static void link_deliver(struct link *link, struct link_message *message)
{
    uint32_t number;

    memcpy(&number, message->bytes + sizeof(uint32_t), sizeof(number));
    for (struct link_waiter *w = link->waiters; w != NULL; w = w->next) {
        if (w->number == number && !w->done) {
            w->reply = *message;
            w->done = true;
            *message = (struct link_message){0};
            return;
        }
    }
}

/* link_receive() - receive one message for whoever waits for it */
static int link_receive(struct link *link)
{
    struct link_message message = {.bytes = malloc(link->bytes_max)};

    if (message.bytes == NULL) {
        return -ENOMEM;
    }
    int r = fd_receive(link->fd, message.bytes, link->bytes_max, 0, &message.size, &message.fds);
    pthread_mutex_lock(&link->lock);
    link->receiving = false;
    if (r != 0 || message.size < 2 * sizeof(uint32_t) || message.size > link->bytes_max) {
        link->dead = true;
    } else if (!link->dead) {
        link_deliver(link, &message);
    }
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    link_message_deinit(&message);
    return 0;
}

/*
 * link_wait() - wait for the reply to a request; it is in waiter->reply
 *
 * Return: 0; ERROR_NOT_CONNECTED; -ENOMEM.
 */
int link_wait(struct link *link, struct link_waiter *waiter)
{
    int r = 0;

    pthread_mutex_lock(&link->lock);
    while (r == 0 && !waiter->done && !link->dead) {
        if (link->receiving) {
            pthread_cond_wait(&link->changed, &link->lock);
            continue;
        }
        link->receiving = true;
        pthread_mutex_unlock(&link->lock);
        r = link_receive(link);
        pthread_mutex_lock(&link->lock);
        if (r != 0) {
            link->receiving = false;
            pthread_cond_broadcast(&link->changed);
        }
    }
    if (r == 0 && !waiter->done) {
        r = ERROR_NOT_CONNECTED;
    }
    pthread_mutex_unlock(&link->lock);
    return r;
}

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

/* link_message_deinit() - give a message back */
void link_message_deinit(struct link_message *message)
{
    free(message->bytes);
    message->bytes = NULL;
    fd_list_deinit(&message->fds);
}

/* message_number() - of the request that @message answers */
static uint32_t message_number(const struct link_message *message)
{
    uint32_t number;

    memcpy(&number, message->bytes + sizeof(uint32_t), sizeof(number));
    return number;
}

/* link_deinit() - close the link; nobody uses it any more */
void link_deinit(struct link *link)
{
    for (size_t i = 0; i < LINK_KEPT_MAX; i++) {
        link_message_deinit(&link->kept[i]);
    }
    link->fd = fd_close(link->fd);
    pthread_cond_destroy(&link->changed);
    pthread_mutex_destroy(&link->lock);
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

/* link_add() - let @waiter wait for @number; with the lock held */
static int link_add(struct link *link, uint32_t number, struct link_waiter *waiter)
{
    if (link->dead) {
        return ERROR_NOT_CONNECTED;
    }
    if (link->n_waiters >= link->waiters_max) {
        return ERROR_QUOTA;
    }
    *waiter = (struct link_waiter){.number = number, .next = link->waiters};
    link->waiters = waiter;
    link->n_waiters++;
    return 0;
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
    pthread_mutex_lock(&link->lock);
    link->last_number = link->last_number == LINK_KEPT - 1 ? 1 : link->last_number + 1;
    int r = link_add(link, link->last_number, waiter);
    pthread_mutex_unlock(&link->lock);
    return r;
}

/* link_limit() - change how many requests there may be at a time */
void link_limit(struct link *link, size_t waiters_max)
{
    pthread_mutex_lock(&link->lock);
    link->waiters_max = waiters_max;
    pthread_mutex_unlock(&link->lock);
}

/* take_kept() - the message with @number, if it is here already; with the lock held */
static bool take_kept(struct link *link, uint32_t number, struct link_message *ret_message)
{
    struct link_message *kept = &link->kept[number % LINK_KEPT_MAX];

    if (kept->bytes == NULL || message_number(kept) != number) {
        return false;
    }
    *ret_message = *kept;
    *kept = (struct link_message){0};
    return true;
}

/* link_take_kept() - a message that was kept, now the caller's; false if there is none */
bool link_take_kept(struct link *link, uint32_t number, struct link_message *ret_message)
{
    pthread_mutex_lock(&link->lock);
    bool is_here = take_kept(link, number, ret_message);
    pthread_mutex_unlock(&link->lock);
    return is_here;
}

/*
 * link_collect() - start to wait for a message that may be here already
 * @number: has LINK_KEPT; nobody else waits for it
 *
 * Return: as link_begin().
 */
int link_collect(struct link *link, uint32_t number, struct link_waiter *waiter)
{
    pthread_mutex_lock(&link->lock);
    int r = link_add(link, number, waiter);
    if (r == 0) {
        waiter->done = take_kept(link, number, &waiter->reply);
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

/* link_deliver() - hand a message to the thread that waits for it, or keep it if it is of that
 * kind; with the lock held */
static void link_deliver(struct link *link, struct link_message *message)
{
    uint32_t number = message_number(message);

    for (struct link_waiter *w = link->waiters; w != NULL; w = w->next) {
        if (w->number == number && !w->done) {
            w->reply = *message;
            w->done = true;
            *message = (struct link_message){0};
            return;
        }
    }
    if ((number & LINK_KEPT) != 0) {
        struct link_message earlier = link->kept[number % LINK_KEPT_MAX];
        link->kept[number % LINK_KEPT_MAX] = *message;
        *message = earlier;
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

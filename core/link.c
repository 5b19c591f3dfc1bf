/* SPDX-License-Identifier: Apache-2.0 */
#include "core/link.h"

#include <errno.h>
#include <poll.h>
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

/* forget() - a waiter is in the list no more; with the lock held, or nobody else left */
static void forget(struct link *link, struct link_waiter *waiter)
{
    struct link_waiter **at = &link->waiters;

    while (*at != waiter) {
        at = &(*at)->next;
    }
    *at = waiter->next;
    link->n_waiters--;
    if (waiter->is_given_up) {
        link->n_given_up--;
        link_message_deinit(&waiter->reply);
        free(waiter);
    }
}

/* link_deinit() - close the link; nobody uses it any more */
void link_deinit(struct link *link)
{
    while (link->waiters != NULL) {
        forget(link, link->waiters);
    }
    for (size_t i = 0; i < LINK_KEPT_MAX; i++) {
        link_message_deinit(&link->kept[i]);
    }
    link->fd = fd_close(link->fd);
    pthread_mutex_destroy(&link->lock);
}

/* change() - have the other threads look; with the lock held */
static void change(struct link *link)
{
    atomic_fetch_add_explicit(&link->n_changes, 1, memory_order_relaxed);
    if (link->n_followers > 0) {
        futex_wake(&link->n_changes);
    }
}

static void link_die(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->dead = true;
    change(link);
    pthread_mutex_unlock(&link->lock);
}

/* link_shut() - break off all requests, and refuse new ones, with ERROR_NOT_CONNECTED */
void link_shut(struct link *link)
{
    link_die(link);
    (void)shutdown(link->fd, SHUT_RDWR);
}

/* link_add() - let @waiter wait for @number, unless @waiters_max do; with the lock held */
static int link_add(struct link *link, uint32_t number, struct link_waiter *waiter,
                    size_t waiters_max)
{
    if (link->dead) {
        return ERROR_NOT_CONNECTED;
    }
    if (link->n_waiters >= waiters_max) {
        return ERROR_QUOTA;
    }
    *waiter = (struct link_waiter){
        .number = number, .seen = hinted_wait_seen(&link->wait), .next = link->waiters};
    link->waiters = waiter;
    link->n_waiters++;
    return 0;
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
 * Return: 0: to be ended with link_end(); ERROR_NOT_CONNECTED.
 */
int link_collect(struct link *link, uint32_t number, struct link_waiter *waiter)
{
    pthread_mutex_lock(&link->lock);
    int r = link_add(link, number, waiter, SIZE_MAX); /* its request counts elsewhere */
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
    forget(link, waiter);
    pthread_mutex_unlock(&link->lock);
    link_message_deinit(&waiter->reply);
}

/* keep() - a message until somebody asks for it, in the place of an earlier one; with the lock held
 */
static void keep(struct link *link, struct link_message *message)
{
    struct link_message *kept = &link->kept[message_number(message) % LINK_KEPT_MAX];
    struct link_message earlier = *kept;

    *kept = *message;
    *message = earlier;
}

/* link_leave() - stop to wait for a message from link_collect(), which is kept when it comes, or if
 * it just did */
void link_leave(struct link *link, struct link_waiter *waiter)
{
    pthread_mutex_lock(&link->lock);
    forget(link, waiter);
    if (waiter->done) {
        keep(link, &waiter->reply);
    }
    pthread_mutex_unlock(&link->lock);
    link_message_deinit(&waiter->reply);
}

/* link_give_up() - leave a request from link_begin() without its reply, which is for
 * link_take_late() when it comes, or if it just did; @waiter is consumed */
void link_give_up(struct link *link, struct link_waiter *waiter)
{
    pthread_mutex_lock(&link->lock);
    waiter->is_given_up = true;
    link->n_given_up++;
    if (link->dead) {
        forget(link, waiter);
    }
    pthread_mutex_unlock(&link->lock);
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
        keep(link, message);
    }
}

/* take_in() - what link_receive() received, with the lock held. Return: whether there was anything.
 */
static bool take_in(struct link *link, int r, struct link_message *message)
{
    if (r == -EAGAIN) {
        return false;
    }
    if (r != 0 || message->size < 2 * sizeof(uint32_t) || message->size > link->bytes_max) {
        link->dead = true;
    } else if (!link->dead) {
        link_deliver(link, message);
    }
    return true;
}

/*
 * link_receive() - receive one message for whoever waits for it; by the receiving thread, with the
 * lock held, which is not held meanwhile
 * @flags:   MSG_DONTWAIT, or 0
 * @ret_any: whether there was one, or the end
 *
 * Return: 0; -ENOMEM.
 */
static int link_receive(struct link *link, int flags, bool *ret_any)
{
    struct link_message message = {0};

    pthread_mutex_unlock(&link->lock);
    message.bytes = malloc(link->bytes_max);
    if (flags == 0) {
        hinted_wait_sleep(&link->wait);
    }
    int r = message.bytes == NULL ? -ENOMEM
                                  : fd_receive(link->fd, message.bytes, link->bytes_max, flags,
                                               &message.size, &message.fds);
    if (flags == 0) {
        hinted_wait_wake(&link->wait);
    }
    pthread_mutex_lock(&link->lock);
    bool has_memory = message.bytes != NULL;
    *ret_any = has_memory && take_in(link, r, &message);
    link_message_deinit(&message);
    return has_memory ? 0 : -ENOMEM;
}

/* drain() - receive what has come late, unless somebody receives anyway; with the lock held, which
 * is not held meanwhile */
static void drain(struct link *link)
{
    bool has_any = true;

    if (link->receiving || link->dead) {
        return;
    }
    link->receiving = true;
    for (size_t i = 0; i < link->waiters_max && has_any && !link->dead; i++) {
        if (link_receive(link, MSG_DONTWAIT, &has_any) != 0) {
            break;
        }
    }
    link->receiving = false;
    change(link);
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
    int r = link_add(link, link->last_number, waiter, link->waiters_max);
    pthread_mutex_unlock(&link->lock);
    return r;
}

/* link_receive_kept() - link_take_kept(), also of what has not been received yet */
bool link_receive_kept(struct link *link, uint32_t number, struct link_message *ret_message)
{
    pthread_mutex_lock(&link->lock);
    drain(link);
    bool is_here = take_kept(link, number, ret_message);
    pthread_mutex_unlock(&link->lock);
    return is_here;
}

/* link_take_late() - the reply to a request that was given up, now the caller's: the request counts
 * no more. Return: false: none has come. */
bool link_take_late(struct link *link, struct link_message *ret_reply)
{
    struct link_waiter *waiter;

    pthread_mutex_lock(&link->lock);
    if (link->n_given_up > 0) {
        drain(link);
    }
    for (waiter = link->waiters; waiter != NULL && !(waiter->is_given_up && waiter->done);) {
        waiter = waiter->next;
    }
    if (waiter != NULL) {
        *ret_reply = waiter->reply;
        waiter->reply = (struct link_message){0};
        forget(link, waiter);
    }
    pthread_mutex_unlock(&link->lock);
    return waiter != NULL;
}

/* follow() - sleep until there is something new; with the lock held, which is not held meanwhile */
static void follow(struct link *link, const struct until *until)
{
    struct futex_expectation expected[2] = {
        {.word = &link->n_changes,
         .value = atomic_load_explicit(&link->n_changes, memory_order_relaxed)}};

    link->n_followers++;
    pthread_mutex_unlock(&link->lock);
    until_sleep(until, expected, 1);
    pthread_mutex_lock(&link->lock);
    link->n_followers--;
}

/* await() - that there is something to receive, or rather @until; with the lock held, which is not
 * held meanwhile */
static void await(struct link *link, struct link_waiter *waiter, const struct until *until)
{
    pthread_mutex_unlock(&link->lock);
    if (!waiter->has_looked) {
        waiter->has_looked = true;
        hinted_wait_look(&link->wait, waiter->seen);
    }
    if (until != NULL) {
        hinted_wait_sleep(&link->wait);
        (void)until_poll(until, link->fd, POLLIN);
        hinted_wait_wake(&link->wait);
    }
    pthread_mutex_lock(&link->lock);
}

/* lead() - receive one message, for anybody; with the lock held, which is not held meanwhile */
static int lead(struct link *link, struct link_waiter *waiter, const struct until *until)
{
    bool has_any;

    link->receiving = true;
    await(link, waiter, until);
    int r = link_receive(link, until != NULL ? MSG_DONTWAIT : 0, &has_any);
    link->receiving = false;
    change(link);
    return r;
}

/*
 * link_wait_until() - wait for the reply to a request; it is in waiter->reply
 *
 * Return: 0; ERROR_NOT_CONNECTED; -ENOMEM; ERROR_TIMEOUT or ERROR_INTERRUPTED: @until says so, and
 * the request goes on.
 */
int link_wait_until(struct link *link, struct link_waiter *waiter, struct until *until)
{
    int r = 0;

    pthread_mutex_lock(&link->lock);
    while (r == 0 && !waiter->done && !link->dead) {
        r = until != NULL ? until_look(until) : 0;
        if (r == 0 && link->receiving) {
            follow(link, until);
        } else if (r == 0) {
            r = lead(link, waiter, until);
        }
    }
    if (r == 0 && !waiter->done) {
        r = ERROR_NOT_CONNECTED;
    }
    pthread_mutex_unlock(&link->lock);
    return r;
}

/* link_wait() - for as long as it takes */
int link_wait(struct link *link, struct link_waiter *waiter)
{
    return link_wait_until(link, waiter, NULL);
}

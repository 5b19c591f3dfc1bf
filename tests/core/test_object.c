/* SPDX-License-Identifier: Apache-2.0 */
#include "core/object.h"

#include <pthread.h>
#include <sched.h>

#include "core/error.h"
#include "tests/support/check_main.h"

#define HANDLE ((Handle)0x00010005)
#define SUCCESSOR ((Handle)0x00020005) /* at the same index */
#define N_BRINGERS 4
#define NEIGHBOUR ((Handle)0x0001ffff)

/* Says when it was freed, and stays readable for those who should not look any more. */
struct thing {
    struct object object;
    atomic_uint n_freed;
};

static void thing_shut(struct object *object)
{
    (void)object;
}

static void thing_free(struct object *object)
{
    atomic_fetch_add(&((struct thing *)object)->n_freed, 1);
}

static const struct object_class client_like = {
    .kind = OBJECT_CLIENT, .shut = thing_shut, .free = thing_free};

static void thing_init(struct thing *thing)
{
    object_init(&thing->object, &client_like);
    atomic_init(&thing->n_freed, 0);
}

static void add(Handle handle, struct thing *thing)
{
    thing_init(thing);
    ck_assert_int_eq(object_table_add(handle, &thing->object), 0);
}

START_TEST(a_handle_finds_its_object_if_that_is_of_the_kind_asked_for)
{
    struct thing thing;

    add(HANDLE, &thing);
    ck_assert_ptr_eq(object_table_find(HANDLE, OBJECT_CLIENT), &thing.object);
    ck_assert_ptr_null(object_table_find(HANDLE, OBJECT_LISTENER));
    object_unref(&thing.object);
    ck_assert(!object_is_stale(&thing.object));
    object_unref(object_table_remove(HANDLE));
    ck_assert_uint_eq(atomic_load(&thing.n_freed), 1);
}
END_TEST

START_TEST(other_numbers_find_nothing)
{
    static const Handle others[] = {0, INVALID_HANDLE, SUCCESSOR, NEIGHBOUR, HANDLE + 1, 0x5};
    struct thing thing;

    add(HANDLE, &thing);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ck_assert_ptr_null(object_table_find(others[i], OBJECT_CLIENT));
        ck_assert_ptr_null(object_table_remove(others[i]));
    }
    object_unref(object_table_remove(HANDLE));
}
END_TEST

START_TEST(an_object_lives_as_long_as_somebody_uses_it)
{
    struct thing thing;

    add(HANDLE, &thing);
    struct object *first = object_table_find(HANDLE, OBJECT_CLIENT);
    struct object *second = object_table_find(HANDLE, OBJECT_CLIENT);
    object_unref(first);
    struct object *removed = object_table_remove(HANDLE);
    ck_assert(!object_is_unused(removed));
    object_unref(removed);
    ck_assert(object_is_unused(second));
    ck_assert(object_is_stale(&thing.object));
    ck_assert_ptr_null(object_table_find(HANDLE, OBJECT_CLIENT));
    ck_assert_uint_eq(atomic_load(&thing.n_freed), 0);
    object_unref(second);
    ck_assert_uint_eq(atomic_load(&thing.n_freed), 1);
}
END_TEST

START_TEST(a_successor_takes_the_place_of_an_object_in_use)
{
    struct thing before;
    struct thing after;

    add(HANDLE, &before);
    struct object *used = object_table_find(HANDLE, OBJECT_CLIENT);
    add(SUCCESSOR, &after);
    struct object *next = object_table_find(SUCCESSOR, OBJECT_CLIENT);
    ck_assert_ptr_eq(next, &after.object);
    ck_assert_uint_eq(atomic_load(&before.n_freed), 0);
    object_unref(used);
    ck_assert_uint_eq(atomic_load(&before.n_freed), 1);
    object_unref(next);
    ck_assert_uint_eq(atomic_load(&after.n_freed), 0);
    object_unref(object_table_remove(SUCCESSOR));
    ck_assert_uint_eq(atomic_load(&after.n_freed), 1);
}
END_TEST

/* Threads that all want to be the one who brings a handle. */
struct bringer {
    pthread_t thread;
    struct thing thing;
    int result;
};

static pthread_barrier_t start;

static void *bring(void *argument)
{
    struct bringer *bringer = argument;

    pthread_barrier_wait(&start);
    bringer->result = object_table_add_once(HANDLE, &bringer->thing.object);
    return NULL;
}

START_TEST(of_many_who_bring_a_handle_at_a_time_one_does)
{
    static struct bringer bringers[N_BRINGERS];

    pthread_barrier_init(&start, NULL, N_BRINGERS);
    for (int round = 0; round < 300; round++) {
        int n_brought = 0;
        for (int i = 0; i < N_BRINGERS; i++) {
            thing_init(&bringers[i].thing);
            pthread_create(&bringers[i].thread, NULL, bring, &bringers[i]);
        }
        for (int i = 0; i < N_BRINGERS; i++) {
            pthread_join(bringers[i].thread, NULL);
            bool has_brought = bringers[i].result == 0;
            n_brought += has_brought;
            ck_assert(has_brought || bringers[i].result == ERROR_BAD_HANDLE);
            ck_assert_uint_eq(atomic_load(&bringers[i].thing.n_freed), !has_brought);
        }
        ck_assert_int_eq(n_brought, 1);
        object_unref(object_table_remove(HANDLE));
    }
    pthread_barrier_destroy(&start);
}
END_TEST

START_TEST(an_object_that_never_had_a_handle_is_counted_all_the_same)
{
    struct thing thing;

    thing_init(&thing);
    ck_assert(!object_is_stale(&thing.object));
    object_unref(&thing.object);
    ck_assert_uint_eq(atomic_load(&thing.n_freed), 1);
}
END_TEST

#define GENERATIONS 5000
#define FINDERS 3

static struct thing generations[GENERATIONS];
static _Atomic Handle newest;

/* Finds what is newest, until there is nothing any more; true in *ret_failed if it was freed. */
static void *find_newest(void *ret_failed)
{
    Handle handle;

    while ((handle = atomic_load(&newest)) != 0) {
        struct object *object = object_table_find(handle, OBJECT_CLIENT);
        if (object != NULL) {
            atomic_uint *n_freed = &((struct thing *)object)->n_freed;
            if (atomic_load(n_freed) != 0 || object->handle != handle) {
                *(bool *)ret_failed = true;
            }
            object_unref(object);
        }
        (void)sched_yield(); /* for where threads take turns */
    }
    return NULL;
}

START_TEST(who_finds_an_object_has_it_while_others_remove_it)
{
    bool failed[FINDERS] = {false};
    pthread_t finders[FINDERS];

    atomic_store(&newest, HANDLE);
    for (size_t i = 0; i < FINDERS; i++) {
        ck_assert_int_eq(pthread_create(&finders[i], NULL, find_newest, &failed[i]), 0);
    }
    for (Handle i = 0; i < GENERATIONS; i++) {
        Handle handle = HANDLE + (i << 16);
        add(handle, &generations[i]);
        atomic_store(&newest, handle);
        if (i % 2 == 0) {
            object_unref(object_table_remove(handle));
        }
    }
    atomic_store(&newest, 0);
    for (size_t i = 0; i < FINDERS; i++) {
        ck_assert_int_eq(pthread_join(finders[i], NULL), 0);
        ck_assert(!failed[i]);
    }
    object_unref(object_table_remove(HANDLE + ((GENERATIONS - 1) << 16)));
    for (size_t i = 0; i < GENERATIONS; i++) {
        ck_assert_uint_eq(atomic_load(&generations[i].n_freed), 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("object");
    TCase *tests = tcase_create("object");

    tcase_add_test(tests, a_handle_finds_its_object_if_that_is_of_the_kind_asked_for);
    tcase_add_test(tests, other_numbers_find_nothing);
    tcase_add_test(tests, an_object_lives_as_long_as_somebody_uses_it);
    tcase_add_test(tests, a_successor_takes_the_place_of_an_object_in_use);
    tcase_add_test(tests, of_many_who_bring_a_handle_at_a_time_one_does);
    tcase_add_test(tests, an_object_that_never_had_a_handle_is_counted_all_the_same);
    tcase_add_test(tests, who_finds_an_object_has_it_while_others_remove_it);
    suite_add_tcase(suite, tests);
    return check_main(suite);
}

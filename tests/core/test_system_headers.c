/* SPDX-License-Identifier: Apache-2.0 */
/* What is small: the clock, the machine's settings, strings in arenas, bare headers, messages. */
#include <component/logrr/clog/clog.h>
#include <coresrv/entity/entity_api.h>
#include <coresrv/hal/hal_api.h>
#include <coresrv/time/time_api.h>
#include <hal/page.h>
#include <kos/trace.h>
#include <kos_net.h>
#include <nk/transport.h>
#include <services/rtl/nk_cstr.h>

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/check_main.h"

START_TEST(the_time_is_that_of_the_host)
{
    RtlTimeSpec now = {0, -1};
    time_t before = time(NULL);

    ck_assert_int_eq(KnGetSystemTime(&now), rcOk);
    ck_assert_int_ge(now.sec, before);
    ck_assert_int_le(now.sec, before + 600);
    ck_assert_int_ge(now.nsec, 0);
    ck_assert_int_lt(now.nsec, 1000000000);
    ck_assert_int_eq(KnGetSystemTime(NULL), rcInvalidArgument);
}
END_TEST

START_TEST(a_setting_of_the_machine_is_a_variable_of_the_environment)
{
    char value[6] = "";

    setenv("CAPCHAN_TEST_BOARD", "RPI4B", 1);
    unsetenv("CAPCHAN_TEST_NOTHING");
    ck_assert_int_eq(KnHalGetEnv("CAPCHAN_TEST_BOARD", value, 5), rcBufferTooSmall);
    ck_assert_str_eq(value, "");
    ck_assert_int_eq(KnHalGetEnv("CAPCHAN_TEST_BOARD", value, 6), rcOk);
    ck_assert_str_eq(value, "RPI4B");
    ck_assert_int_eq(KnHalGetEnv("CAPCHAN_TEST_NOTHING", value, 6), rcResourceNotFound);
    ck_assert_int_eq(KnHalGetEnv(NULL, value, 6), rcInvalidArgument);
    ck_assert_int_eq(KnHalGetEnv("CAPCHAN_TEST_BOARD", NULL, 6), rcInvalidArgument);
}
END_TEST

START_TEST(a_page_divides_that_of_the_host)
{
    ck_assert_int_eq(sysconf(_SC_PAGESIZE) % (long)PAGE_SIZE, 0);
}
END_TEST

START_TEST(a_string_in_an_arena_is_found_if_it_is_one)
{
    char buffer[32];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    const nk_char_t *text = NULL;
    nk_ptr_t chunk;

    nk_arena_store(char, &arena, &chunk, "hello", 6);
    ck_assert_int_eq(RtlArenaGetCStr(&arena, &chunk, &text), rcOk);
    ck_assert_str_eq(text, "hello");
    nk_arena_store(char, &arena, &chunk, "hello", 5);
    ck_assert_int_eq(RtlArenaGetCStr(&arena, &chunk, &text), rcInvalidArgument);
    chunk = (nk_ptr_t){0, 0};
    ck_assert_int_eq(RtlArenaGetCStr(&arena, &chunk, &text), rcInvalidArgument);
    chunk = (nk_ptr_t){0, sizeof(buffer) + 1};
    ck_assert_int_eq(RtlArenaGetCStr(&arena, &chunk, &text), rcInvalidArgument);
}
END_TEST

START_TEST(a_bare_header_is_the_same_as_one_of_an_object)
{
    struct object {
        struct nk_message base_;
        nk_uint32_t value;
    } object, other;

    memset(&object, 0xa5, sizeof(object));
    memset(&other, 0, sizeof(other));
    nk_message_set_size(&object.base_, sizeof(object));
    nk_message_make_req(&object.base_);
    nk_message_set_iid(&object.base_, 3);
    nk_message_set_mid(&object.base_, 4);
    nk_message_set_ncaps(&object.base_, 5);
    nk_req_reset(&other);
    nk_msg_set_method_id(&other, 3, 4);
    nk_msg_set_ncaps(&other, 5);
    ck_assert_mem_eq(&object.base_, &other.base_, sizeof(other.base_));
}
END_TEST

START_TEST(no_process_starts_others)
{
    static const EntityInfo info = {.eiid = "a.B", .max_endpoints = 0, .endpoints = NULL};
    Entity *entity = EntityInitEx(&info, "task", "path");

    ck_assert_ptr_null(entity);
    ck_assert_ptr_null(EntityInit(&info));
    ck_assert_int_eq(EntitySetArgs(entity, NULL), rcUnimplemented);
    ck_assert_int_eq(EntityConnect(entity, entity), rcUnimplemented);
    ck_assert_int_eq(EntityConnectToService(entity, entity, "channel"), rcUnimplemented);
    ck_assert_int_eq(EntityRun(entity), rcUnimplemented);
}
END_TEST

/* Standard error, for as long as a test writes to it, and what was written. */
static FILE *file;
static char written[512];

static void open_standard_error(void)
{
    file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fflush(stderr);
    ck_assert_int_ge(dup2(fileno(file), STDERR_FILENO), 0);
}

static const char *close_standard_error(void)
{
    fflush(stderr);
    rewind(file);
    written[fread(written, 1, sizeof(written) - 1, file)] = '\0';
    fclose(file);
    return written;
}

START_TEST(the_network_is_that_of_the_host)
{
    bool has_network = wait_for_network();

    ck_assert(wait_for_iface(DEFAULT_INTERFACE) == has_network);
    ck_assert(configure_net_iface(DEFAULT_INTERFACE, DEFAULT_ADDR, DEFAULT_MASK, DEFAULT_GATEWAY,
                                  DEFAULT_MTU) == has_network);
    open_standard_error();
    bool is_listed = list_network_ifaces();
    const char *list = close_standard_error();
    ck_assert(is_listed);
    ck_assert_msg(!has_network || strstr(list, ": ") != NULL, "%s", list);
}
END_TEST

START_TEST(a_trace_is_a_line_with_its_level_and_who_says_it)
{
    open_standard_error();
    errno = EPIPE;
    DEBUG("House", "%d of %d", 1, 2);
    INFO("House", "no arguments");
    WARN("House", "a line\n");
    ERR("House", "%s", "");
    ERROR("House", "%s", "x");
    ck_assert_int_eq(errno, EPIPE);
    ck_assert_str_eq(close_standard_error(), "[DEBUG] House: 1 of 2\n[INFO] House: no arguments\n"
                                             "[WARN] House: a line\n[ERROR] House: \n"
                                             "[ERROR] House: x\n");
}
END_TEST

START_TEST(a_log_says_whose_it_is_and_a_long_name_is_cut_off)
{
    char tag[65];
    char expected[128];
    int nobody_uses_this __unused = 0;

    memset(tag, 't', sizeof(tag) - 1);
    tag[64] = '\0';
    open_standard_error();
    CLOG(INFO, "before");
    ck_assert_int_eq(ClogInit("server"), rcOk);
    CLOG(WARN, "%d", 7);
    ck_assert_int_eq(ClogInit(tag), rcOk);
    CLOG(ERROR, "long");
    ck_assert_int_eq(ClogInit(NULL), rcInvalidArgument);
    snprintf(expected, sizeof(expected), "[INFO] before\n[WARN] server: 7\n[ERROR] %.63s: long\n",
             tag);
    ck_assert_str_eq(close_standard_error(), expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("system_headers");
    TCase *cases = tcase_create("system_headers");

    tcase_add_test(cases, the_time_is_that_of_the_host);
    tcase_add_test(cases, a_setting_of_the_machine_is_a_variable_of_the_environment);
    tcase_add_test(cases, a_page_divides_that_of_the_host);
    tcase_add_test(cases, a_string_in_an_arena_is_found_if_it_is_one);
    tcase_add_test(cases, a_bare_header_is_the_same_as_one_of_an_object);
    tcase_add_test(cases, no_process_starts_others);
    tcase_add_test(cases, the_network_is_that_of_the_host);
    tcase_add_test(cases, a_trace_is_a_line_with_its_level_and_who_says_it);
    tcase_add_test(cases, a_log_says_whose_it_is_and_a_long_name_is_cut_off);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

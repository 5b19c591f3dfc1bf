/* SPDX-License-Identifier: Apache-2.0 */
#include <rtl/align.h>
#include <rtl/assert.h>
#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/minmax.h>
#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>
#include <rtl/stdbool.h>
#include <rtl/stdio.h>
#include <rtl/string.h>

#include <stdint.h>

#include "tests/support/check_main.h"

/* The published names in their published order; the numbers go down from 0 one by one. */
static const struct {
    Retcode rc;
    const char *name;
} published[] = {
    {rcOk, "rcOk"},
    {rcInvalidArgument, "rcInvalidArgument"},
    {rcNotConnected, "rcNotConnected"},
    {rcOutOfMemory, "rcOutOfMemory"},
    {rcBufferTooSmall, "rcBufferTooSmall"},
    {rcInternalError, "rcInternalError"},
    {rcTransferError, "rcTransferError"},
    {rcReceiveError, "rcReceiveError"},
    {rcSourceFault, "rcSourceFault"},
    {rcTargetFault, "rcTargetFault"},
    {rcIpcInterrupt, "rcIpcInterrupt"},
    {rcRestart, "rcRestart"},
    {rcFail, "rcFail"},
    {rcNoCapability, "rcNoCapability"},
    {rcNotReady, "rcNotReady"},
    {rcUnimplemented, "rcUnimplemented"},
    {rcBufferTooLarge, "rcBufferTooLarge"},
    {rcBusy, "rcBusy"},
    {rcResourceNotFound, "rcResourceNotFound"},
    {rcTimeout, "rcTimeout"},
    {rcSecurityDisallow, "rcSecurityDisallow"},
    {rcFutexWouldBlock, "rcFutexWouldBlock"},
    {rcAbort, "rcAbort"},
    {rcInvalidThreadState, "rcInvalidThreadState"},
    {rcAlreadyExists, "rcAlreadyExists"},
    {rcInvalidOperation, "rcInvalidOperation"},
    {rcHandleRevoked, "rcHandleRevoked"},
    {rcQuotaExceeded, "rcQuotaExceeded"},
    {rcDeviceNotFound, "rcDeviceNotFound"},
};

START_TEST(every_published_result_has_its_number_and_its_name)
{
    ck_assert_int_eq(published[_i].rc, -_i);
    ck_assert_str_eq(rtl_retcode_name(published[_i].rc), published[_i].name);
    ck_assert_int_eq(RC_GET_CODE(published[_i].rc), _i);
}
END_TEST

START_TEST(a_number_that_is_no_result_has_no_name)
{
    ck_assert_str_eq(rtl_retcode_name(1), "unknown");
    ck_assert_str_eq(rtl_retcode_name(-(Retcode)rtl_countof(published)), "unknown");
    ck_assert_str_eq(rtl_retcode_name(INT32_MIN), "unknown");
}
END_TEST

START_TEST(a_result_prints_as_its_name_and_number)
{
    char text[64];

    rtl_snprintf(text, sizeof(text), "connect: " RETCODE_HR_FMT, RETCODE_HR_PARAMS(rcTimeout));
    ck_assert_str_eq(text, "connect: rcTimeout (-19)");
}
END_TEST

START_TEST(results_are_constants)
{
    static const Retcode stored = rcTimeout;
    int found = 0;

    switch (stored) {
    case rcOk:
        break;
    case rcTimeout:
        found = 1;
        break;
    default:
        break;
    }
    ck_assert_int_eq(found, 1);
    ck_assert_uint_eq(sizeof(Retcode), 4);
}
END_TEST

START_TEST(integers_have_the_size_in_their_name)
{
    ck_assert_uint_eq(sizeof(rtl_uint8_t), 1);
    ck_assert_uint_eq(sizeof(rtl_int16_t), 2);
    ck_assert_uint_eq(sizeof(rtl_uint32_t), 4);
    ck_assert_uint_eq(sizeof(rtl_int64_t), 8);
    ck_assert_uint_eq(sizeof(rtl_size_t), sizeof(size_t));
    ck_assert_uint_eq(sizeof(rtl_uintptr_t), sizeof(void *));
    ck_assert_uint_eq(RTL_UINT32_C(4294967295), UINT32_MAX);
    ck_assert_uint_eq(RTL_UINT64_C(18446744073709551615), UINT64_MAX);
    ck_assert_ptr_eq(RTL_NULL, NULL);
}
END_TEST

START_TEST(minimum_and_maximum_evaluate_their_arguments_once)
{
    int low = 1;
    int high = 5;

    ck_assert_int_eq(rtl_min(low++, high++), 1);
    ck_assert_int_eq(rtl_max(low++, high++), 6);
    ck_assert_int_eq(low, 3);
    ck_assert_int_eq(high, 7);
    ck_assert_int_eq(rtl_max(-1, -2), -1);
}
END_TEST

START_TEST(alignment_rounds_to_multiples)
{
    ck_assert_uint_eq(rtl_align_up(0U, 8U), 0);
    ck_assert_uint_eq(rtl_align_up(1U, 8U), 8);
    ck_assert_uint_eq(rtl_align_up(8U, 8U), 8);
    ck_assert_uint_eq(rtl_align_down(15U, 8U), 8);
    ck_assert(rtl_is_aligned(16U, 8U));
    ck_assert(!rtl_is_aligned(12U, 8U));
}
END_TEST

START_TEST(text_and_memory_work_as_in_the_c_library)
{
    rtl_bool is_equal = rtl_false;
    char text[8];

    rtl_memset(text, 'x', sizeof(text));
    rtl_strncpy(text, "abc", sizeof(text));
    ck_assert_uint_eq(rtl_strlen(text), 3);
    ck_assert_int_eq(rtl_strcmp(text, "abc"), 0);
    rtl_memcpy(text, "abd", 3);
    is_equal = rtl_memcmp(text, "abd", 4) == 0 ? rtl_true : rtl_false;
    ck_assert(is_equal);
}
END_TEST

START_TEST(unused_things_and_true_assertions_are_silent)
{
    int nobody_reads_me __rtl_unused = 1;

    rtl_assert(1 + 1 == 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rtl");
    TCase *retcode = tcase_create("retcode");
    TCase *rest = tcase_create("rest");

    tcase_add_loop_test(retcode, every_published_result_has_its_number_and_its_name, 0,
                        (int)rtl_countof(published));
    tcase_add_test(retcode, a_number_that_is_no_result_has_no_name);
    tcase_add_test(retcode, a_result_prints_as_its_name_and_number);
    tcase_add_test(retcode, results_are_constants);
    suite_add_tcase(suite, retcode);
    tcase_add_test(rest, integers_have_the_size_in_their_name);
    tcase_add_test(rest, minimum_and_maximum_evaluate_their_arguments_once);
    tcase_add_test(rest, alignment_rounds_to_multiples);
    tcase_add_test(rest, text_and_memory_work_as_in_the_c_library);
    tcase_add_test(rest, unused_things_and_true_assertions_are_silent);
    suite_add_tcase(suite, rest);
    return check_main(suite);
}

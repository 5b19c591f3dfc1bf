/* SPDX-License-Identifier: Apache-2.0 */
/* Of a process without a broker; with one, see tests/system/test_static_channels.c. */
#include <coresrv/sl/sl-static.h>

#include "tests/support/check_main.h"

START_TEST(channels_need_somewhere_to_be_put)
{
    SLStaticServerChannel channel;
    SLStaticServerChannel *channels;
    rtl_size_t n;

    ck_assert_int_eq(SLStaticGetServerChannels(&channel, 1, NULL), rcInvalidArgument);
    ck_assert_int_eq(SLStaticGetServerChannels(NULL, 1, &n), rcInvalidArgument);
    ck_assert_int_eq(SLStaticAllocateAndGetServerChannels(NULL, &n), rcInvalidArgument);
    ck_assert_int_eq(SLStaticAllocateAndGetServerChannels(&channels, NULL), rcInvalidArgument);
}
END_TEST

START_TEST(without_a_broker_there_are_none)
{
    SLStaticServerChannel channel;
    SLStaticServerChannel *channels = &channel;
    rtl_size_t n = 1;

    ck_assert_int_eq(SLStaticGetServerChannels(&channel, 1, &n), rcNotReady);
    ck_assert_int_eq(SLStaticGetServerChannels(NULL, 0, &n), rcNotReady);
    ck_assert_int_eq(SLStaticAllocateAndGetServerChannels(&channels, &n), rcNotReady);
    ck_assert_ptr_null(channels);
    ck_assert_uint_eq(n, 0);
    SLStaticFreeServerChannels(channels);
    ck_assert_uint_eq(SLStaticResolveHandle("any"), INVALID_HANDLE);
    ck_assert_uint_eq(SLStaticResolveRiid(INVALID_HANDLE, "any"), INVALID_RIID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sl_static");
    TCase *cases = tcase_create("sl_static");

    tcase_add_test(cases, channels_need_somewhere_to_be_put);
    tcase_add_test(cases, without_a_broker_there_are_none);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}

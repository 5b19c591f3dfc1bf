/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question to the broker about handles, through generated code.
 */
#pragma once

#include <capchan/Handles.idl.h>
#include <rtl/retcode.h>

#include "core/session_call.h"

struct question {
    struct session_transport transport;
    struct capchan_Handles_proxy proxy;
};

struct capchan_Handles *question_ask(struct question *question);
Retcode question_answer(const struct question *question, nk_err_t status,
                        const struct nk_message *res, Retcode code);

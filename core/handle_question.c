/* SPDX-License-Identifier: Apache-2.0 */
#include "core/handle_question.h"

/* question_ask() - what to call, as long as @question is there */
struct capchan_Handles *question_ask(struct question *question)
{
    session_transport_init(&question->transport);
    capchan_Handles_proxy_init(&question->proxy, &question->transport.base,
                               capchan_Handles_Endpoint);
    return &question->proxy.base;
}

/* question_answer() - what came of it; @code: of the error response, if it is one */
Retcode question_answer(const struct question *question, nk_err_t status,
                        const struct nk_message *res, Retcode code)
{
    return session_call_result(&question->transport, status, res, code);
}

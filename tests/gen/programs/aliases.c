/* SPDX-License-Identifier: Apache-2.0 */
#include "aliases.h"

int main(void)
{
    static const struct Write_ops ops = {.Write = write_text};
    static const IToken_ops token_ops = {.Issue = NULL, .Write = write_token};
    static const struct Initialization_ops init_ops = {.Initialization = initialize};
    static struct Write object = {&ops};
    static IToken token = {&token_ops};
    static Initialization init = {.ops = &init_ops};
    Tower_entity_req req;
    Tower_entity_res res;
    Logger_entity_res log_res;
    NkKosTransport transport;

    nk_req_reset(&req);
    nk_req_reset(&res);
    nk_req_reset(&log_res);
    NkKosTransport_Init(&transport, INVALID_HANDLE, NK_NULL, 0);
    return edit(&req, &res, &log_res) + assemble(&object, &token, &init) + call(&transport) +
           close_handle(NULL, INVALID_HANDLE) + (int)write(1, "", 0);
}

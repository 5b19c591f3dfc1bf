/* SPDX-License-Identifier: Apache-2.0 */
#include "answers.h"

#include <coresrv/nk/transport-kos.h>

#include <rtl/stdio.h>

nk_err_t answer_ring(struct doorbell_IBell *self, const doorbell_IBell_Ring_req *req,
                     const struct nk_arena *req_arena, doorbell_IBell_Ring_res *res,
                     struct nk_arena *res_arena)
{
    static nk_uint32_t rung;
    nk_size_t size = 0;
    const nk_char_t *visitor = nk_arena_get(nk_char_t, req_arena, &req->visitor, &size);
    char answer[doorbell_Sizes_NameLength + 1];

    (void)self;
    if (visitor == NULL) {
        return NK_EBADMSG;
    }
    rung += req->times;
    rtl_snprintf(answer, sizeof(answer), "come in, %s", visitor);
    res->rung = rung;
    return NkKosCopyStringToArena(res_arena, &res->answer, answer);
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <doorbell/IBell.idl.h>

nk_err_t answer_ring(struct doorbell_IBell *self, const doorbell_IBell_Ring_req *req,
                     const struct nk_arena *req_arena, doorbell_IBell_Ring_res *res,
                     struct nk_arena *res_arena);

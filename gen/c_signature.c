/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/c_signature.h"

#include <stddef.h>

#include "gen/emit.h"

/* c_signature_emit() - in one line or several */
void c_signature_emit(struct emit *emit, const struct c_signature *signature)
{
    const char *parameters[6];
    size_t n = 0;

    parameters[n++] = signature->self;
    if (signature->iid != NULL) {
        parameters[n++] = signature->iid;
    }
    parameters[n++] = signature->req;
    parameters[n++] = "const struct nk_arena *req_arena";
    parameters[n++] = signature->res;
    parameters[n++] = "struct nk_arena *res_arena";
    emit_list(emit, signature->head, parameters, n, signature->tail);
}

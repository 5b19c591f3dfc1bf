/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc: IDL, CDL and EDL files to C and protobuf.
 */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "gen/compile.h"
#include "gen/options.h"
#include "gen/shipped.h"
#include "idl/context.h"

const char *argp_program_version = "idlc 0.1.0";

/* new_context() - what a run starts with; NULL without memory */
static struct idl_context *new_context(void)
{
    char shipped[PATH_MAX];
    struct idl_context *context = idl_context_new();

    if (context != NULL && shipped_dir(shipped, sizeof(shipped)) == 0 &&
        idl_context_set_shipped_dir(context, shipped) != 0) {
        context = idl_context_free(context);
    }
    return context;
}

int main(int argc, char *argv[])
{
    struct idl_context *context = new_context();
    struct options options;

    if (context == NULL) {
        fprintf(stderr, "idlc: %s\n", strerror(ENOMEM));
        return STATUS_INPUT;
    }
    options_parse(&options, context, argc, argv);
    enum status status = compile(&options);
    idl_context_free(context);
    return status;
}

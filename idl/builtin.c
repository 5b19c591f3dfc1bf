/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/builtin.h"

#include <string.h>

static const struct idl_builtin builtins[] = {
    {"UInt8", IDL_FORM_SCALAR, IDL_UINT8, 1, false},
    {"UInt16", IDL_FORM_SCALAR, IDL_UINT16, 2, false},
    {"UInt32", IDL_FORM_SCALAR, IDL_UINT32, 4, false},
    {"UInt64", IDL_FORM_SCALAR, IDL_UINT64, 8, false},
    {"UIntSize", IDL_FORM_SCALAR, IDL_UINT_SIZE, 8, false},
    {"UIntPtr", IDL_FORM_SCALAR, IDL_UINT_PTR, 8, false},
    {"SInt8", IDL_FORM_SCALAR, IDL_SINT8, 1, true},
    {"SInt16", IDL_FORM_SCALAR, IDL_SINT16, 2, true},
    {"SInt32", IDL_FORM_SCALAR, IDL_SINT32, 4, true},
    {"SInt64", IDL_FORM_SCALAR, IDL_SINT64, 8, true},
    {"string", IDL_FORM_BOUNDED, IDL_STRING, 0, false},
    {"bytes", IDL_FORM_BOUNDED, IDL_BYTES, 0, false},
    {"sequence", IDL_FORM_CONTAINER, IDL_SEQUENCE, 0, false},
    {"array", IDL_FORM_CONTAINER, IDL_ARRAY, 0, false},
    {"Handle", IDL_FORM_HANDLE, IDL_HANDLE, 16, false},
    {"handle", IDL_FORM_TYPED_HANDLE, IDL_HANDLE, 16, false},
};

#define N_BUILTINS (sizeof(builtins) / sizeof(builtins[0]))

const struct idl_builtin *idl_builtin_find(const char *name, size_t size)
{
    for (size_t i = 0; i < N_BUILTINS; i++) {
        if (strlen(builtins[i].name) == size && memcmp(builtins[i].name, name, size) == 0) {
            return &builtins[i];
        }
    }
    return NULL;
}

const struct idl_builtin *idl_builtin_of_kind(enum idl_type_kind kind)
{
    for (size_t i = 0; i < N_BUILTINS; i++) {
        if (builtins[i].kind == kind) {
            return &builtins[i];
        }
    }
    return NULL;
}

const struct idl_builtin *idl_builtin_at(size_t i)
{
    return i < N_BUILTINS ? &builtins[i] : NULL;
}

idl_wide idl_builtin_min(const struct idl_builtin *scalar)
{
    return scalar->is_signed ? -((idl_wide)1 << (scalar->bytes * 8 - 1)) : 0;
}

idl_wide idl_builtin_max(const struct idl_builtin *scalar)
{
    return ((idl_wide)1 << (scalar->bytes * 8 - (scalar->is_signed ? 1 : 0))) - 1;
}

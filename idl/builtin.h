/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types that IDL has of itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "idl/expression.h"
#include "idl/model.h"

enum idl_builtin_form {
    IDL_FORM_SCALAR,       /* UInt8 */
    IDL_FORM_BOUNDED,      /* string<bound> */
    IDL_FORM_CONTAINER,    /* sequence<element, bound> */
    IDL_FORM_HANDLE,       /* Handle */
    IDL_FORM_TYPED_HANDLE, /* handle<interface> */
};

struct idl_builtin {
    const char *name;
    enum idl_builtin_form form;
    enum idl_type_kind kind;
    unsigned bytes; /* in memory, of SCALAR and of handles */
    bool is_signed; /* of SCALAR */
};

/* By name, which need not end with a NUL; by kind, NULL for NAMED; by number, NULL behind the last.
 */
const struct idl_builtin *idl_builtin_find(const char *name, size_t size);
const struct idl_builtin *idl_builtin_of_kind(enum idl_type_kind kind);
const struct idl_builtin *idl_builtin_at(size_t i);

/* The range of a scalar. */
idl_wide idl_builtin_min(const struct idl_builtin *scalar);
idl_wide idl_builtin_max(const struct idl_builtin *scalar);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every bound of the interface languages. The numbers appear in diagnostics; tests/idl pushes each
 * over its edge.
 */
#pragma once

#define IDL_FILE_BYTES_MAX (1024 * 1024)
#define IDL_FILES_MAX 4096          /* loaded in one run, imported ones included */
#define IDL_IMPORT_DEPTH_MAX 64     /* files that wait for what they import */
#define IDL_DIAGNOSTICS_MAX 20      /* errors; then a run stops, and says so. As many warnings. */
#define IDL_NAME_BYTES_MAX 255      /* of an identifier */
#define IDL_QUALIFIED_BYTES_MAX 255 /* of a name with dots */
#define IDL_BOUND_MAX 16777216      /* of string, bytes, sequence and array */
#define IDL_IMPORTS_MAX 256         /* of a file */
#define IDL_METHODS_MAX 65535       /* of an interface */
#define IDL_PARAMETERS_MAX 1024     /* of a method, all directions */
#define IDL_ENDPOINTS_MAX 65534     /* of a component, those of its instances included */
#define IDL_INSTANCES_MAX 65534     /* of a component, nested ones included */
#define IDL_COMPONENT_DEPTH_MAX 16  /* components in components */
#define IDL_TYPE_DEPTH_MAX 32       /* sequences, arrays and names in one another */
#define IDL_TYPE_VALUES_MAX                                                                        \
    65536 /* fields of a type or method, those of nested structs counted                           \
           */
#define IDL_TYPE_BYTES_MAX                                                                         \
    2147483647 /* that a value can take: C sizes and chunk offsets stay positive ints */
#define IDL_FILE_VALUES_MAX 1048576     /* the same of all structs and methods of a file together */
#define IDL_MESSAGE_BYTES_LARGE 1048576 /* beyond it, there is a warning */
#define IDL_EXPRESSION_DEPTH_MAX 32     /* parentheses and unary operators in one another */

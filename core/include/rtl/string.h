/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/string.h - <string.h> under its rtl names */
#ifndef RTL_STRING_H_
#define RTL_STRING_H_

#include <rtl/stddef.h>
#include <string.h>

#define rtl_memcmp memcmp
#define rtl_memcpy memcpy
#define rtl_memmove memmove
#define rtl_memset memset
#define rtl_strcat strcat
#define rtl_strchr strchr
#define rtl_strcmp strcmp
#define rtl_strcpy strcpy
#define rtl_strlen strlen
#define rtl_strncat strncat
#define rtl_strncmp strncmp
#define rtl_strncpy strncpy
#define rtl_strnlen strnlen
#define rtl_strrchr strrchr
#define rtl_strstr strstr

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Names of channels, as programs declare them. */
#ifndef NAMES_H_
#define NAMES_H_

/* #define MACRO_CHANNEL "in a comment" */
#define MACRO_CHANNEL "macro_channel" // the name
static const char *const POINTER_CHANNEL = "pointer_channel";
static const char ARRAY_CHANNEL[] = "array_" "channel";
#define NUMBER 5
#define EMPTY_CHANNEL ""

#endif

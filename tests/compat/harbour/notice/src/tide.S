/* SPDX-License-Identifier: Apache-2.0 */
    .data
    .globl tide
tide:
    .long 42
    .section .note.GNU-stack,"",%progbits

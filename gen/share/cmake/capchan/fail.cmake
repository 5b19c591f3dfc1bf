# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)

# _capchan_fail(PIECE...) - stop, with one line of what, where, and how to mend it; pieces may have semicolons. A space
# at the beginning keeps CMake from breaking the line.
function(_capchan_fail)
    set(text "")
    math(EXPR last "${ARGC} - 1")
    foreach(index RANGE ${last})
        string(APPEND text "${ARGV${index}}")
    endforeach()
    message(FATAL_ERROR " capchan: ${text}")
endfunction()

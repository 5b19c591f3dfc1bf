# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/fail.cmake")

# _capchan_no_package(PACKAGE REASON) - not there, and what to do
macro(_capchan_no_package package reason)
    set(${package}_FOUND FALSE)
    set(${package}_NOT_FOUND_MESSAGE "${reason}")
    if(${package}_FIND_REQUIRED)
        _capchan_fail("find_package(${package}): ${reason}; or put a Find${package}.cmake of your own into a FOLDER, "
            "and say -D CMAKE_MODULE_PATH=FOLDER")
    elseif(NOT ${package}_FIND_QUIETLY)
        message(STATUS "capchan: find_package(${package}): ${reason}")
    endif()
endmacro()

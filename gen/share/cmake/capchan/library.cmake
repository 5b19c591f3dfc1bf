# SPDX-License-Identifier: Apache-2.0
# What all modules share: where capchan is, and its library as a target.
include_guard(GLOBAL)
cmake_policy(VERSION 3.20)
include("${CMAKE_CURRENT_LIST_DIR}/fail.cmake")

set(_capchan_modules "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")
get_filename_component(_capchan_prefix "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)
set(_capchan_prefix "${_capchan_prefix}" CACHE INTERNAL "")

find_path(CAPCHAN_PROTOBUF_C_INCLUDE protobuf-c/protobuf-c.h)
find_library(CAPCHAN_PROTOBUF_C_LIBRARY protobuf-c)
find_library(CAPCHAN_PROTOBUF_C_ARCHIVE libprotobuf-c.a)
mark_as_advanced(CAPCHAN_PROTOBUF_C_INCLUDE CAPCHAN_PROTOBUF_C_LIBRARY CAPCHAN_PROTOBUF_C_ARCHIVE)
if(NOT CAPCHAN_PROTOBUF_C_INCLUDE OR NOT CAPCHAN_PROTOBUF_C_LIBRARY)
    _capchan_fail("protobuf-c is missing, which generated code needs; install libprotobuf-c-dev")
endif()

add_library(capchan::capchan SHARED IMPORTED GLOBAL)
set_target_properties(capchan::capchan PROPERTIES
    IMPORTED_LOCATION "${_capchan_prefix}/lib/libcapchan.so.0"
    INTERFACE_INCLUDE_DIRECTORIES "${_capchan_prefix}/include;${CAPCHAN_PROTOBUF_C_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "${CAPCHAN_PROTOBUF_C_LIBRARY};-pthread")

# for programs that are linked with -static
add_library(capchan::static STATIC IMPORTED GLOBAL)
set_target_properties(capchan::static PROPERTIES
    IMPORTED_LOCATION "${_capchan_prefix}/lib/libcapchan.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_capchan_prefix}/include;${CAPCHAN_PROTOBUF_C_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "${CAPCHAN_PROTOBUF_C_ARCHIVE};-pthread")

# SPDX-License-Identifier: Apache-2.0
# include(platform): initialize_platform(), project_header_default()
include("${CMAKE_CURRENT_LIST_DIR}/capchan/solution.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/capchan/header_default.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/capchan/missing.cmake")

# initialize_platform([FORCE_STATIC]) - programs of a host use its shared libraries all the same
macro(initialize_platform)
endmacro()

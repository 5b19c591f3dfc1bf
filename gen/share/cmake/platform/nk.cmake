# SPDX-License-Identifier: Apache-2.0
# include(platform/nk): what generates headers from IDL, CDL and EDL; project_header_default()
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/solution.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/header_default.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/nk.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/missing.cmake")

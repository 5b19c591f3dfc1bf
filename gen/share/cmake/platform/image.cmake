# SPDX-License-Identifier: Apache-2.0
# include(platform/image): what makes a solution of programs; project_header_default()
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/solution.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/header_default.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/image.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/missing.cmake")

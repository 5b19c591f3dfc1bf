# SPDX-License-Identifier: Apache-2.0
# include(platform/options): projects include it, and then name nothing of it
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/solution.cmake")

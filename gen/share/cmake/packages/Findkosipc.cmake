# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_no_package(kosipc "there is no C++ runtime yet; C++ programs can use what LANG C makes")

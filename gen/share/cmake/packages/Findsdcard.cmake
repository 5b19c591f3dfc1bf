# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_host_package(sdcard LIBRARIES sdcard_CLIENT_LIB ENTITIES sdcard_ENTITY)

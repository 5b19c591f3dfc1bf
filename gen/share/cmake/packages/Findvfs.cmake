# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_host_package(vfs LIBRARIES vfs_CLIENT_LIB vfs_LOCAL_LIB ENTITIES vfs_ENTITY)

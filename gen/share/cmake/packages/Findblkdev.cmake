# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_host_package(blkdev LIBRARIES blkdev_CLIENT_LIB ENTITIES blkdev_ENTITY)

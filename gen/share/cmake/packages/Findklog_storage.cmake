# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_host_package(klog_storage
    LIBRARIES klog_storage_SERVER_LIB klog_storage_CLIENT_LIB
    ENTITIES klog_storage_ENTITY)

# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_host_package(klog LIBRARIES klog_SYSTEM_AUDIT_LIB ENTITIES klog_ENTITY)

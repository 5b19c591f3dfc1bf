# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_host_package(precompiled_vfs LIBRARIES precompiled_vfs_CLIENT_LIB
    ENTITIES precompiled_vfsVfsSdCardFs precompiled_vfsVfsNet precompiled_vfsVfsRamFs)
